"""What a program reads: strict JSON, as the package's schema has it, whatever the numbers are."""

import copy
import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from findings import a_finding

from lockstep.compare.case_result import CaseResult, PairResult
from lockstep.compare.distance import distance
from lockstep.compare.floor import MARGIN
from lockstep.compare.leaves import leaves
from lockstep.compare.verdict import LeafResult, Verdict
from lockstep.explaining import Explained
from lockstep.model.report import Fault
from lockstep.model.values import Handle, Map, Opaque, StructArray
from lockstep.reports.json_file import schema, write_json


def closed(part):
    """Return a schema in which properties that it does not name are errors."""
    if isinstance(part, list):
        return [closed(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: closed(one) for name, one in part.items()}
    if found.get("type") == "object":
        found.setdefault("additionalProperties", False)
    return found


STRICT = jsonschema.Draft202012Validator(closed(schema()))


def written(tmp_path, results, **options):
    """Write results and read them back; constants that JSON does not have are refused."""
    path = tmp_path / "results.json"
    write_json(path, results, {"octave": "7.3.0"}, 1.5, **options)
    document = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    STRICT.validate(document)
    return document


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
                "agrees": False,
                "problem": "",
                "octave_seconds": 0.25,
                "python_seconds": 0.5,
                "explanation": None,
                "cases": [
                    {
                        "case": "a",
                        "verdict": "different",
                        "agrees": False,
                        "problem": "",
                        "untestable": "",
                        "oracle": "live",
                        "left_out": "",
                        "decided_at": "",
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


def test_what_of_a_long_case_was_not_measured_is_said(tmp_path):
    (pair,) = one_leaf(np.array([[1.0]]), np.array(2.0))
    case = replace(pair.cases[0], unmeasured="judged by 2 runs")
    (found,) = written(tmp_path, [replace(pair, cases=[case])])["pairs"][0]["cases"]
    assert found["unmeasured"] == "judged by 2 runs"


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_schema_refuses_what_lacks_a_part(tmp_path):
    document = written(tmp_path, one_leaf(np.array([[1.0]]), 2.0))
    for path in (
        [],
        ["pairs", 0],
        ["pairs", 0, "cases", 0],
        ["pairs", 0, "cases", 0, "outputs", 0],
    ):
        broken = part = copy.deepcopy(document)
        for step in path:
            part = part[step]
        del part["verdict"]
        assert not jsonschema.Draft202012Validator(schema()).is_valid(broken)


def found_in(tmp_path, finding, **options):
    """Write a pair with a finding and return its explanation."""
    explained = {"f": Explained(finding, 1, 2, case="a", **options)}
    results = one_leaf(np.array([[1.0]]), 2.0)
    (pair,) = written(tmp_path, results, explanations=explained)["pairs"]
    return pair["explanation"]


def test_a_finding_is_written_with_why_and_mend(tmp_path):
    explanation = found_in(tmp_path, a_finding(tmp_path), note="also this")
    finding = explanation.pop("finding")
    assert explanation == {
        "case": "a", "failing": 1, "cases": 2, "note": "also this", "further": [], "together": None
    }  # fmt: skip
    assert (finding["fault"], finding["proved"]) == ("value", True)
    assert finding["headline"] == "this expression gives another value than Octave's"
    assert finding["port"]["line"] == 2
    assert finding["port"]["expression"] == "x.std()"
    assert finding["port"]["span"] == [2, 11, 2, 18]
    assert finding["port"]["file"].endswith("f.py")
    assert finding["octave"]["expression"] == "std (x)"
    assert finding["port_value"] == {
        "class": "double", "shape": [], "elements": [1.5], "left_out": 0
    }  # fmt: skip
    assert finding["inputs"][0]["name"] == "x"
    assert finding["why"]["key"] == "ddof"
    assert finding["why"]["page"] == "tests/catalogue/README.md#ddof"
    assert "+    return x.std(ddof=1)" in finding["mend"]["diff"]
    assert (finding["mend"]["agreeing"], finding["mend"]["others"]) == (2, 8)


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_in_the_schema(tmp_path, fault):
    assert found_in(tmp_path, a_finding(tmp_path, fault=fault))["finding"]["fault"] == fault


def test_what_has_no_place_is_null(tmp_path):
    finding = a_finding(tmp_path, port=None, octave=None, reason=None, mend=None)
    found = found_in(tmp_path, finding)["finding"]
    assert [found[name] for name in ("port", "octave", "why", "mend")] == [None] * 4
    assert found_in(tmp_path, None, note="no place was found")["finding"] is None


class Nasty:
    """A class of a port's that cannot be written."""

    def __str__(self):  # noqa: D105
        raise ValueError("no")


@pytest.mark.parametrize(
    ("value", "data"),
    [
        pytest.param(1.5, {"class": "double", "shape": [], "elements": [1.5]}, id="number"),
        pytest.param(None, {"class": "double", "shape": [0], "elements": []}, id="none"),
        pytest.param(
            np.array([[1, 2], [3, 4]], np.int8),
            {"class": "int8", "shape": [2, 2], "elements": [1, 3, 2, 4]},
            id="column by column",
        ),
        pytest.param(
            np.array([np.nan, np.inf]), {"elements": ["NaN", "Infinity"]}, id="not finite"
        ),
        pytest.param(1 + 2j, {"class": "double", "elements": [[1.0, 2.0]]}, id="complex"),
        pytest.param(np.zeros(1000), {"shape": [1000], "left_out": 936}, id="large"),
        pytest.param("text", {"class": "char", "text": "text"}, id="text"),
        pytest.param("x" * 3000, {"text": "x" * 2000 + " ..."}, id="long text"),
        pytest.param([1.0, "a"], {"class": "cell", "shape": [2]}, id="list"),
        pytest.param({"k": True}, {"class": "struct", "left_out": 0}, id="struct"),
        pytest.param(Map({1.0: 2.0}), {"class": "containers.Map"}, id="map"),
        pytest.param(
            StructArray((1, 2), ({}, {})), {"class": "struct", "shape": [1, 2]}, id="array"
        ),
        pytest.param(Handle("@sin"), {"class": "function_handle", "text": "@sin"}, id="handle"),
        pytest.param(Opaque("inline", "f(x)"), {"class": "inline", "text": "f(x)"}, id="object"),
        pytest.param(Nasty(), {"text": "cannot be shown: ValueError"}, id="no text"),
        pytest.param([[[[[[1.0]]]]]], {"class": "cell"}, id="nested"),
    ],
)
def test_every_value_has_a_form(tmp_path, value, data):
    found = found_in(tmp_path, a_finding(tmp_path, port_value=value))["finding"]["port_value"]
    assert {name: found[name] for name in data} == data
