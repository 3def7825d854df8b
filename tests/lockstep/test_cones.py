"""Which values of the port an error or a wrong output may come from, the nearest first."""

import numpy as np
import pytest
from executions import port_of

from lockstep.explain.cones import cones
from lockstep.project.cases import Case
from lockstep.sides.port_execution import ObservedPort

PORT = """
    def f(x, n):
        checked(x)
        sizes = [n, n + 1]
        if n > 1:
            x = x * sizes[n]
        y = x - 1
        z = n * 7
        return y, z

    def checked(x):
        kind = x.dtype.kind
        if kind not in "fi":
            raise TypeError("x must be of numbers")
"""

X = np.array([0.5, 1.5])


def texts(execution, outputs):
    """Return the texts of the sites in each cone that are in none before it."""
    found, seen = [], set()
    for cone in cones(execution, outputs):
        assert cone >= seen
        found.append({execution.site(node).text for node in cone - seen})
        seen = cone
    return found


@pytest.fixture
def ran(tmp_path, only_new_objects):
    """Run the port with probes; return what it did."""
    port, pair = port_of(tmp_path, PORT)
    with ObservedPort(port, pair) as observed:
        yield lambda *args: observed.run(Case(*args))[0]


def test_of_an_error_what_its_statement_read_comes_first(ran):
    read, near, beyond = texts(ran(X, 2), [])
    assert {"[n, n + 1]", "n + 1", "x"} <= read
    assert "n > 1" in near
    assert 'kind not in "fi"' in beyond


def test_of_an_error_on_purpose_what_was_asked_comes_first(ran):
    read = texts(ran(X > 1, 2), [])[0]
    assert {"x.dtype.kind", 'kind not in "fi"'} <= read


def test_of_a_wrong_output_what_decides_elsewhere_comes_last(ran):
    execution = ran(X, 1)
    near, beyond = texts(execution, execution.output_nodes[:1])
    assert {"x - 1", "n > 1"} <= near
    assert 'kind not in "fi"' in beyond
    assert "n * 7" not in near | beyond
