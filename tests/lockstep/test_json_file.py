"""What a program reads: strict JSON, whatever the numbers are."""

import json

import numpy as np
import pytest

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.leaves import distance, leaves
from lockstep.compare.verdict import MARGIN, LeafResult, Verdict
from lockstep.reports.json_file import write_json


def written(tmp_path, results, **options):
    """Write results and read them back; constants that JSON does not have are refused."""
    path = tmp_path / "results.json"
    write_json(path, results, {"octave": "7.3.0"}, 1.5, **options)
    return json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)


def one_leaf(octave, python, verdict="different", allowed=None):
    """Make the results of one pair with one case with one output."""
    (leaf,) = leaves(octave, python)
    measured = None if leaf.mismatch else distance(leaf.octave, leaf.python)
    result = LeafResult("y", leaf, Verdict(verdict), measured, allowed)
    return [PairResult("f", [CaseResult("f", "a", result.verdict, [result], "", 0.25, 0.5)])]


def test_the_whole_document(tmp_path):
    allowed = np.array([[0.125, 0.125]])
    results = one_leaf(np.array([[1.0, 2.0]]), np.array([1.0, 2.5]), allowed=allowed)
    assert written(tmp_path, results) == {
        "schema": 1,
        "oracle": "live",
        "complete": True,
        "verdict": "different",
        "seconds": 1.5,
        "machine": {"octave": "7.3.0"},
        "pairs": [
            {
                "pair": "f",
                "verdict": "different",
                "problem": "",
                "octave_seconds": 0.25,
                "python_seconds": 0.5,
                "cases": [
                    {
                        "case": "a",
                        "verdict": "different",
                        "problem": "",
                        "untestable": "",
                        "oracle": "live",
                        "left_out": "",
                        "octave_seconds": 0.25,
                        "python_seconds": 0.5,
                        "outputs": [
                            {
                                "name": "y",
                                "verdict": "different",
                                "compared": True,
                                "mismatch": "",
                                "class_note": "",
                                "convention": "",
                                "excused": 0,
                                "shape": [1, 2],
                                "differing": 1,
                                "largest_ulps": 2.0**50,
                                "times_floor": 4 * MARGIN,  # 0.5 of 0.125, which is so many floors
                                "worst": {
                                    "octave_index": "(2)",
                                    "python_index": "[1]",
                                    "octave": 2.0,
                                    "python": 2.5,
                                    "absolute": 0.5,
                                    "relative": 0.2,
                                    "ulps": 2.0**50,
                                    "allowed": 0.125,
                                },
                            }
                        ],
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("octave", "python", "as_octave", "as_python", "ulps"),
    [
        pytest.param(np.nan, 1.0, "NaN", 1.0, "Infinity", id="NaN"),
        pytest.param(np.inf, -np.inf, "Infinity", "-Infinity", "Infinity", id="Inf"),
        pytest.param(1j, complex(0, np.nan), [0.0, 1.0], [0.0, "NaN"], "Infinity", id="complex"),
        pytest.param(np.int8(1), np.int8(2), 1, 2, "NaN", id="integer"),
        pytest.param(np.uint64(2**64 - 1), np.uint64(0), 2**64 - 1, 0, "NaN", id="large integer"),
        pytest.param(True, False, True, False, "NaN", id="logical"),
        pytest.param(np.float32(0.5), np.float32(1), 0.5, 1.0, 2.0**23, id="single"),
    ],
)
def test_every_number_has_a_form(tmp_path, octave, python, as_octave, as_python, ulps):
    document = written(tmp_path, one_leaf(np.array([[octave]]), python))
    worst = document["pairs"][0]["cases"][0]["outputs"][0]["worst"]
    assert (worst["octave"], worst["python"], worst["ulps"]) == (as_octave, as_python, ulps)
    assert type(worst["octave"]) is type(as_octave)


def test_text_keeps_its_letters(tmp_path):
    document = written(tmp_path, one_leaf("né", "nè"))
    worst = document["pairs"][0]["cases"][0]["outputs"][0]["worst"]
    assert (worst["octave"], worst["python"]) == ("é", "è")


def test_what_cannot_be_measured_says_why(tmp_path):
    document = written(tmp_path, one_leaf(np.zeros((2, 2)), 1.0))
    (output,) = document["pairs"][0]["cases"][0]["outputs"]
    assert output["mismatch"] == "shape 2x2 in Octave, () in Python"
    assert "worst" not in output


@pytest.mark.parametrize("complete", [True, False])
def test_an_interrupted_run_says_so(tmp_path, complete):
    assert written(tmp_path, [], complete=complete)["complete"] is complete


@pytest.mark.parametrize("results", [[], [PairResult("f", [], "f has no cases")]])
def test_nothing_compared_is_no_success(tmp_path, results):
    assert written(tmp_path, results)["verdict"] == "error"
