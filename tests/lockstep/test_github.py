"""What GitHub reads: an annotation a pair, and the summary in Markdown."""

from dataclasses import replace

import numpy as np
import pytest
from findings import a_finding

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.distance import distance
from lockstep.compare.leaves import leaves
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.explaining import Explained
from lockstep.reports.github import annotations
from lockstep.reports.markdown import markdown_text


def pair(name="f", verdict="different", case="one", problem=""):
    """Make the results of a pair with one case."""
    (leaf,) = leaves(np.array([[1.0]]), 2.0)
    result = LeafResult("y", leaf, Verdict(verdict), distance(leaf.octave, leaf.python))
    return PairResult(name, [CaseResult(name, case, Verdict(verdict), [result], problem)])


def markdown(*results, complete=True, **found):
    """Return the summary of some pairs."""
    return markdown_text(results, found, {}, 1.5, complete)


def test_an_annotation_stands_at_the_line_of_the_port(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = {"f": Explained(a_finding(tmp_path), 1, 1)}
    (line,) = annotations([pair(), pair("g", "identical")], found)
    assert line.startswith(
        "::error file=f.py,line=2,endLine=2,title=lockstep%3A f%2C 1 of 1 cases disagree::"
        "f.py, line 2: this expression gives another value than Octave's%0A"
    )
    assert "\n" not in line


def test_without_a_place_the_report_is_annotated():
    (line,) = annotations([pair()], {})
    assert line.startswith("::error title=lockstep%3A f%2C 1 of 1 cases disagree::f, case 'one'")


def test_a_pair_that_cannot_be_run_says_why():
    (line,) = annotations([PairResult("f", [], "no\rcases: 100%")], {})
    assert line == "::error title=lockstep%3A f%2C no case could be run::no%0Dcases: 100%25"


def test_a_name_cannot_end_the_annotation():
    (line,) = annotations([pair("f,x::y\nz")], {})
    assert line.startswith("::error title=lockstep%3A f%2Cx%3A%3Ay%0Az%2C 1 of 1 cases")


def test_the_summary_has_the_failing_pairs_first(tmp_path):
    text = markdown(pair("a", "identical"), pair(), f=Explained(a_finding(tmp_path), 1, 1))
    assert text.startswith("## 1 of 2 pairs disagree\n")
    assert text.index("| f | 1 | **different** |") < text.index("| a | 1 | identical |")
    assert "```diff\n--- a/f.py" in text
    assert "NumPy by n." in text


@pytest.mark.parametrize(
    ("results", "complete", "headline"),
    [
        ([], True, "Nothing was compared"),
        ([pair(verdict="rounding")], True, "All agree: 1 pair, 1 case"),
        ([pair(verdict="rounding")], False, "All agree: 1 pair, 1 case; the run was stopped"),
    ],
)
def test_the_headline_is_the_answer(results, complete, headline):
    assert markdown(*results, complete=complete).splitlines()[0] == f"## {headline}"


def test_what_is_recorded_is_said(tmp_path):
    one = pair()
    recorded = PairResult("f", [replace(one.cases[0], oracle="recorded")])
    found = {"f": Explained(a_finding(tmp_path), 1, 1)}
    assert "f%2C 1 of 1 recorded cases disagree" in next(annotations([recorded], found))
    text = markdown(recorded, **found)
    assert text.startswith("## 1 of 1 pair disagree, recorded\n")
    assert "| pair | cases | verdict | recorded | Python |" in text


def test_names_stay_text():
    text = markdown(pair("<script>|*x*", case="```\n<b>"))
    assert "| &lt;script&gt;\\|\\*x\\* |" in text
    assert "\n````\n" in text
