"""The page: what is in the file, and that whatever a project holds stays text."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from findings import a_finding

from lockstep.cli import main
from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.distance import distance
from lockstep.compare.floor import MARGIN
from lockstep.compare.leaves import leaves
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.explain.tracing import Comparison, Relation, Row, Step, compared
from lockstep.explaining import Explained
from lockstep.model.execution import Kind
from lockstep.page.code import sections
from lockstep.page.collected import Collected
from lockstep.page.pictures import MOST_CELLS, picture
from lockstep.page.render import page_html, script_json, visible
from lockstep.page.side_by_side import levels
from lockstep.page.table import case_data, found_data, pair_data

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u202e\udc80"


class Page(HTMLParser):
    """A page, read as a browser reads it."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.texts, self.scripts, self._open = [], [], [], []
        self.feed(html)
        self.text = "".join(self.texts)

    def handle_starttag(self, tag, attributes):  # noqa: D102
        self.elements.append((tag, dict(attributes)))
        self._open.append(tag)

    def handle_endtag(self, tag):  # noqa: D102
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):  # noqa: D102
        (self.scripts if self._open[-1:] == ["script"] else self.texts).append(data)

    def all(self, tag, **wanted):
        """Return the attributes of the elements of a tag that have some."""
        return [
            own
            for name, own in self.elements
            if name == tag and all(own.get(key) == value for key, value in wanted.items())
        ]

    def has_class(self, tag, name):
        """Return the attributes of the elements of a tag and a class."""
        return [own for own in self.all(tag) if name in own.get("class", "").split()]


def result_of(octave=1.0, python=2.0, verdict="different", name="f", case="one", allowed=None):
    """Make the results of a pair with one case with one output."""
    (leaf,) = leaves(np.atleast_2d(octave), np.squeeze(python))
    apart = None if leaf.mismatch else distance(leaf.octave, leaf.python)
    made = LeafResult("y", leaf, Verdict(verdict), apart, allowed)
    return PairResult(name, [CaseResult(name, case, Verdict(verdict), [made], "", 0.25, 0.5)])


def row_of(octave, python, spread=None):
    """Make a step of two values, as a trace compares them."""
    sides = [Step(1, "x", "x", value, Kind.BINDING, 0) for value in (octave, python)]
    found: Comparison = compared(octave, python)
    return Row(*sides, found.relation, found.ulps, found.mismatch, (0, 0), spread)


# The table


def test_a_failing_pair_and_its_failing_case_come_first():
    good = pair_data(result_of(1.0, 1.0, "identical", "a"))
    bad = result_of()
    bad.cases.insert(0, result_of(1.0, 1.0, "identical", case="fine").cases[0])
    page = Page(page_html("t", [good, pair_data(bad)]))
    assert [body["data-name"] for body in page.all("tbody")] == ["f", "a"]
    assert [row["data-name"] for row in page.has_class("tr", "case")] == ["one", "fine", "one"]
    assert page.has_class("a", "") == []
    assert {"href": "#pair-0"} in page.all("a")


@pytest.mark.parametrize(
    ("octave", "python", "floor", "said"),
    [
        pytest.param(1.0, 1.0, None, "none", id="identical"),
        pytest.param(1.0, 1 + 2**-52, None, "1 ulp in y", id="no floor was measured"),
        pytest.param(1.0, 1.5, 1.0, "0.5 floors in y", id="small"),
        pytest.param(1.0, 2.0, 1e-3, "1,000 floors in y", id="larger"),
        pytest.param(1.0, 2.0, 1e-8, "1.0e+08 floors in y", id="large"),
        pytest.param(1.0, 2.0, 0.0, "beyond all rounding in y", id="no floor"),
        pytest.param(np.ones((2, 2)), 1.0, None, "y: shape 2x2 in Octave, () in Python", id="size"),
    ],
)
def test_a_difference_is_told_in_floors(octave, python, floor, said):
    allowed = None if floor is None else np.full((1, 1), MARGIN * floor)
    data = case_data(result_of(octave, python, allowed=allowed).cases[0])
    assert data["largest"] == said
    json.dumps(data, allow_nan=False)


def test_what_hangs_on_rounding_is_no_large_difference():
    result = result_of(1.0, 2.0, "rounding", allowed=np.zeros((1, 1))).cases[0]
    leaf = replace(result.leaves[0], excused=1)
    data = case_data(replace(result, leaves=[leaf]))
    assert data["largest"] == "1 element of y depends on rounding"
    assert data["rank"] == pytest.approx(MARGIN)


def test_the_scale_is_logarithmic():
    places = []
    for allowed in (1e2, 1e1, 1.0):
        result = result_of(1.0, 2.0, allowed=np.full((1, 1), allowed))
        places.append(case_data(result.cases[0])["scale"])
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=2e-4)
    assert places == sorted(places)


def test_a_pair_that_could_not_be_run_says_why():
    page = Page(page_html("t", [pair_data(PairResult("f", [], "f.py cannot be read"))]))
    assert "f.py cannot be read" in page.text


def test_coverage_is_shown_where_it_is_known():
    pairs = [pair_data(result_of(), reached=0.5), pair_data(result_of(name="g"))]
    text = Page(page_html("t", pairs)).text
    assert "50%" in text
    assert "not measured" in text


def test_a_finding_is_shown_with_why_and_mend(tmp_path):
    data = pair_data(result_of(), Explained(a_finding(tmp_path), 1, 1, case="one"))
    page = Page(page_html("t", [data]))
    for text in (
        "This expression gives another value than Octave's",
        "x.std()",
        "NumPy by n. Octave divides by n - 1.",
        "with Octave's value here every output of the case agrees",
        "2 of 2 cases agree with this change, and 8 of 8 others like them",
        "+    return x.std(ddof=1)",
    ):
        assert text in page.text


# Pictures


def test_a_small_array_is_exact():
    found = picture(row_of(np.array([[0.1, 2.0]]), np.array([0.1, 2.5])))
    assert (found["octave"], found["port"]) == ([0.1, 2.0], [0.1, 2.5])
    assert (found["differing"], found["beyond"], found["thinned"]) == (1, 1, False)
    assert found["worst"][0]["octave_index"] == "(2)"
    assert found["worst"][0]["python_index"] == "[1]"


def test_what_is_identical_is_kept_once():
    found = picture(row_of(np.eye(3), np.eye(3)))
    assert found["port"] is None
    assert found["apart"] is None


@pytest.mark.parametrize("shape", [(5000, 25), (25, 5000), (300, 300), (1, 9999), (9999, 1)])
def test_a_large_array_is_thinned_and_no_difference_is_lost(shape):
    octave = np.random.default_rng(1).normal(size=shape)
    python = octave.copy()
    place = shape[0] // 3, shape[1] // 3
    python[place] += 1.0
    found = picture(row_of(octave, python))
    assert found["thinned"]
    assert len(found["octave"]) == found["rows"] * found["columns"] <= MOST_CELLS
    assert sum(one > 0 for one in found["apart"]) == 1
    assert found["worst"][0]["octave"] == octave[place]


def test_the_distance_is_in_floors():
    octave, python = np.array([[1.0, 1.0]]), np.array([[1.0, 1.0 + 1e-9]])
    narrow = picture(row_of(octave, python))["apart"][1]
    wide = picture(row_of(octave, python, spread=np.full(2, 1e-10)))["apart"][1]
    assert narrow > 1000 * wide
    assert wide == pytest.approx(10, rel=1e-3)


@pytest.mark.parametrize(
    ("octave", "python"),
    [
        pytest.param("text", "text", id="text"),
        pytest.param(np.zeros((0, 0)), None, id="empty"),
        pytest.param(np.ones((2, 2)), np.ones(3), id="sizes"),
        pytest.param({"a": np.ones((1, 1))}, {"a": 1.0}, id="struct"),
    ],
)
def test_what_is_no_array_of_numbers_has_no_picture(octave, python):
    assert picture(row_of(octave, python)) is None


@pytest.mark.parametrize(
    "value",
    [np.array([[np.nan, np.inf, -np.inf]]), np.array([[1 + 2j]]), np.array([[True, False]])],
)
def test_every_number_can_be_drawn(value):
    json.dumps(picture(row_of(value, value.copy())), allow_nan=False)


# Both programs


def test_statements_stand_level_with_their_counterparts():
    found = list(levels({(2, 3): 1, (4, 4): 1}, 5, 4))
    assert found == [(None, 1), (1, 2), (2, 3), (3, None), (4, 4), (5, None)]


def test_of_crossing_pairs_those_seen_most_often_stand_level():
    found = list(levels({(1, 3): 50, (2, 1): 1, (3, 2): 1}, 3, 3))
    assert (1, 3) in found
    assert sorted(one for one, _ in found if one) == [1, 2, 3]
    assert sorted(one for _, one in found if one) == [1, 2, 3]


def test_what_is_named_is_marked_where_its_bytes_are():
    line = "é = x.std()  # ü"
    program = {
        "octave": {"file": "f.m", "lines": [], "touched": []},
        "port": {"file": "f.py", "lines": ["", line], "touched": [2]},
        "levels": [(None, 1), (None, 2)],
    }
    place = {"file": "f.py", "span": [2, 5, 2, 12]}
    rows = [row for section in sections(program, {"port": place}) for row in section["rows"]]
    assert rows[1]["port"]["parts"] == [("é = ", False), ("x.std()", True), ("  # ü", False)]


def test_idle_lines_fold():
    side = {"file": "f", "lines": ["x"] * 10, "touched": [1, 10]}
    program = {"octave": side, "port": side, "levels": [(i, i) for i in range(1, 11)]}
    assert [one["folded"] for one in sections(program, None)] == [False, True, False]


# What comes from a project


def test_data_cannot_end_their_element():
    text = script_json({HOSTILE: [HOSTILE]})
    assert "<" not in text
    assert "&" not in text
    ((name, (value,)),) = json.loads(text).items()
    assert name == value == HOSTILE.replace("\u202e", "\\u202e").replace("\udc80", "\\udc80")


@pytest.mark.parametrize("character", "\u202e\u2066\u200f\x00\x1b\udc80\u2028\ufeff")
def test_what_turns_or_hides_text_is_written_as_its_code(character):
    assert visible(f"a{character}b") == f"a\\u{ord(character):04x}b"


@pytest.mark.parametrize("text", ["é ü ß", "日本", "عربى", "a\tb\nc", "😀"])
def test_letters_stay_as_they_are(text):
    assert visible(text) == text


def test_hostile_names_stay_text(tmp_path):
    finding = a_finding(tmp_path, note=HOSTILE, port_value=HOSTILE)
    pair = pair_data(result_of(name=HOSTILE, case=HOSTILE), Explained(finding, 1, 1, HOSTILE))
    html = page_html(HOSTILE, [pair], about=[HOSTILE])
    page = Page(html)
    assert not page.all("img")
    assert len(page.all("script")) == 1
    assert page.text.count("<script>alert(1)</script>") > 5
    assert "\u202e" not in html
    html.encode()


def test_the_page_asks_for_nothing():
    html = page_html("t", [pair_data(result_of())])
    page = Page(html)
    names = {name for _, own in page.elements for name in own}
    assert not names & {"src", "srcset", "action", "data", "style"}
    assert not page.all("link")
    assert not [name for name in names if name.startswith("on")]
    assert "url(" not in html
    assert "@import" not in html
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    rules = policy["content"].split("; ")
    assert rules[:2] == ["default-src 'none'", "style-src 'unsafe-inline'"]
    assert rules[2].startswith("script-src 'sha256-")
    addresses = set(re.findall(r"https?://[^\s\"']+", html))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_traces_that_are_too_many_are_left_out_and_it_is_said(monkeypatch):
    monkeypatch.setattr("lockstep.page.render.MOST_BYTES", 1500)
    pairs = [pair_data(result_of(name=name)) for name in "abc"]
    empty = {"programs": [], "steps": [], "chains": [], "networks": [], "notes": ["x" * 600]}
    traces = [{"pair": name, "case": "one", "agrees": False, **empty} for name in "abc"]
    page = Page(page_html("t", pairs, traces))
    assert page.text.count("its trace is left out") == 1
    assert "lockstep trace c --html FILE" in page.text


def test_a_pytest_run_is_collected_in_any_order(tmp_path):
    collected = Collected()
    found = found_data(Explained(a_finding(tmp_path), 1, 2))
    parts = [
        {"pair": "f", "case": case_data(result_of(case="two").cases[0]), "explanation": found},
        {"pair": "g", "case": case_data(result_of(1.0, 1.0, "identical").cases[0])},
        {"pair": "f", "case": case_data(result_of(1.0, 1.0, "identical").cases[0])},
    ]
    for part in parts:
        collected.add(json.loads(json.dumps(part)))
    page = Page(collected.html())
    assert [body["data-name"] for body in page.all("tbody")] == ["f", "g"]
    assert "1 of 2 pairs disagree" in page.text


# A trace

M = """
function [total, v] = f(x)
% F  Sums.
total = 0;
for k = 1:numel(x)
    total = total + x(k) * k;
end
v = std(x);
end
"""

PY = """
def f(x):
    total = 0.0
    for k in range(x.size):
        total = total + x[k] * (k + 1)
    return total, x.std()
"""


@pytest.fixture
def pages(foreign, shared_runner, monkeypatch, restored_sigterm):
    """Write the page of a command, in this process, and return it with the data of its trace."""
    foreign.settings()
    foreign.m("f", M)
    foreign.py("f", PY)
    foreign.cases("f", "cases = {'<b>daily</b>': (np.arange(4.0) ** 2,)}")
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.chdir(foreign.root)

    def made(*arguments):
        assert main([*arguments, "--html", "page.html", "--in-process"]) == 1
        page = Page((foreign.root / "page.html").read_text(encoding="utf-8"))
        return page, json.loads(page.scripts[0])

    return made


@pytest.mark.parametrize("command", [["trace", "f"], ["run"]])
def test_both_commands_write_the_trace(pages, command):
    page, data = pages(*command)
    assert "<b>daily</b>" in page.text
    assert len(page.all("mark")) == 2
    assert [one["data-octave"] for one in page.all("div") if "data-octave" in one]
    assert data["steps"][data["first"]]["relation"] == "different"


def test_a_trace_holds_the_values_of_both_sides_step_by_step(pages):
    _, data = pages("trace", "f")
    graphs = data["graphs"]
    totals = [
        [graphs[side]["values"][graphs[side]["nodes"][str(node)][1]] for side, node in sides]
        for step in data["steps"]
        if min(step["nodes"]) >= 0
        for sides in [list(zip(("octave", "port"), step["nodes"], strict=True))]
        if graphs["octave"]["sites"][graphs["octave"]["nodes"][str(step["nodes"][0])][0]]["name"]
        == "total"
    ]
    assert totals == [[str(one)] * 2 for one in (0, 0, 2, 14, 50)]


def test_a_value_leads_to_what_it_was_made_of(pages):
    _, data = pages("trace", "f")
    port = data["graphs"]["port"]
    texts = {number: port["sites"][node[0]]["text"] for number, node in port["nodes"].items()}
    start = next(number for number, text in texts.items() if text == "x.std()")
    reached, waiting = set(), [start]
    while waiting:
        number = waiting.pop()
        reached.add(texts[number])
        waiting += [str(one) for one in port["nodes"][number][2]]
    assert "x" in reached
    assert port["nodes"][start][4] == "differs"


def test_relations_are_those_that_the_script_knows():
    known = {"same", "different", "alone", "not_compared"}
    assert known <= {one.name.lower() for one in Relation}
