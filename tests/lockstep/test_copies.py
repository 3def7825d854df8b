"""Statements of Octave that are copies, and a port that does for all what one of them does."""

import numpy as np
import pytest
from executions import matching_octave, tracing_octave

from lockstep.explain.copies import groups_of_copies
from lockstep.project.cases import Case

THREE = """
function y = f (a, b, c)
  p = sqrt (a) * 2 - mean (a);
  q = sqrt (b) * 2 - mean (b);
  r = sqrt (c) * 2 - mean (c);
  y = p + 3 * q - r;
end
"""

PORT = """
import numpy as np
def _scaled(v):
    twice = np.sqrt(v) * 2
    return twice - np.mean(v)
def f(a, b, c):
    p, q, r = (_scaled(one) for one in (a, b, c))
    return p + 3 * q - r
"""

A, B, C = np.array([0.3, 1.7, 2.9]), np.array([4.1, 5.3, 6.2]), np.array([7.7, 0.9, 1.4])


@pytest.fixture
def matched(tmp_path, octave):
    """Match a port with Octave's code."""
    with matching_octave(tmp_path, octave) as matched:
        yield lambda m, port: matched(m, port, Case(A, B, C))


def partner(matching, text):
    """Return what of Octave stands for an expression of the port, and its copies."""
    site = next(one for one in matching.port.sites if one.text == text)
    found = [matching.octave.sites[one] for one in matching.partners.get(site.number, ())]
    return [(one.text, [matching.octave.sites[copy].text for copy in one.copies]) for one in found]


def test_a_helper_that_is_called_for_each_stands_for_all_copies(matched):
    found = partner(matched(THREE, PORT), "np.sqrt(v)")
    assert found == [("sqrt (a)", ["sqrt (a)", "sqrt (b)", "sqrt (c)"])]


def test_a_wrong_value_of_the_helper_is_known_to_be_wrong_where_what_it_reads_is_right(matched):
    found = matched(THREE, PORT.replace("np.mean(v)", "np.median(v)"))
    site = next(one for one in found.port.sites if one.text == "np.median(v)")
    assert found.is_first_wrong(site.number)
    assert partner(found, "np.sqrt(v) * 2")


@pytest.mark.parametrize(
    ("m", "port"),
    [
        (THREE, PORT.replace("(_scaled(one) for one in (a, b, c))",
                             "_scaled(a) + 1, _scaled(a), _scaled(a) / 2")),
        (THREE.replace("sqrt (b) * 2", "2 * sqrt (b)").replace("sqrt (c) * 2", "sqrt (c) * 4"),
         PORT),
    ],
    ids=["the port does it for one alone", "the statements have not one form"],
)  # fmt: skip
def test_copies_are_taken_for_one_only_where_the_port_does_so(matched, m, port):
    assert not any(site.copies for site in matched(m, port).octave.sites)


@pytest.mark.parametrize(
    ("second", "is_copy"),
    [
        ("q = sqrt (b) * 2 - mean (b);", True),
        ("q = sqrt(b)*2 - mean(b);", True),
        ("q = sqrt (b) * 3 - mean (b);", False),
        ("q = cbrt (b) * 2 - mean (b);", False),
        ("q = b;", False),
    ],
)
def test_the_form_of_a_statement_is_all_but_its_variables(tmp_path, octave, second, is_copy):
    lines = ["function y = f (a, b)", "p = sqrt (a) * 2 - mean (a);", second, "y = p + q;", "end"]
    with tracing_octave(tmp_path, octave) as traced:
        _, _, theirs = traced("\n".join(lines) + "\n", "def f(a, b):\n    return a\n", Case(A, B))
    texts = [
        {theirs.source.sites[one].text for one in copies}
        for group in groups_of_copies(theirs)
        for copies in group[:1]
    ]
    assert ({"p", "q"} in texts) is is_copy
