"""Values and findings as plain data, for what is written as JSON: the results file and the page.

Numbers that JSON has no form for (NaN, Inf) become the texts "NaN", "Infinity", "-Infinity", a
complex number the list of its two parts. May import `model` and `explaining`.
"""

import math
import os
from collections.abc import Mapping
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np

from lockstep.explaining import Explained
from lockstep.model.changed import whole
from lockstep.model.execution import NotKept
from lockstep.model.report import Finding, Mend, Place
from lockstep.model.values import Handle, Map, Opaque, StructArray, is_sparse, octave_class
from lockstep.reports.finding_text import what_is_wrong

MOST_ELEMENTS = 64
"""Elements of an array, items of a cell and fields of a struct that are written out, usually."""

MOST_CHARACTERS = 2000
"""Where a text is cut."""

MOST_LEVELS = 4
"""Cells and structs in each other that are looked into."""


def number_data(value: Any) -> Any:
    """Return a number, truth value or text as JSON can hold it."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, np.inexact):  # of more digits than Python's own have
        plain = complex(plain) if isinstance(plain, np.complexfloating) else float(plain)
    if isinstance(plain, complex):
        return [number_data(plain.real), number_data(plain.imag)]
    if isinstance(plain, float) and not math.isfinite(plain):
        return "NaN" if math.isnan(plain) else ("Infinity" if plain > 0 else "-Infinity")
    return plain if isinstance(plain, (bool, int, float, str, NoneType)) else str(plain)


def value_data(value: Any, levels: int = MOST_LEVELS, most: int = MOST_ELEMENTS) -> dict[str, Any]:
    """Return a value of either side with its class and size, the first elements of a large one.

    Parameters
    ----------
    value : Any
        Of a class in `lockstep.model.values`, or whatever a port may give.
    levels : int
        Cells and structs in each other that are looked into.
    most : int
        Elements, items or fields that are written out.
    """
    value = whole(value)
    if isinstance(value, NotKept):
        return {"class": "", "shape": list(value.shape), "text": f"not kept: {value.why}"}
    found: dict[str, Any] = {"class": octave_class(value)}
    if isinstance(value, str):
        return {**found, "text": _cut(value)}
    if isinstance(value, Map):
        value = {str(key): item for key, item in value.items.items()}
    if isinstance(value, Mapping):
        return {**found, **_fields(value, levels, most)}
    if isinstance(value, StructArray):
        return {**found, "shape": list(value.shape), **_items(value.items, levels, most)}
    if isinstance(value, (list, tuple)):
        return {**found, "shape": [len(value)], **_items(value, levels, most)}
    if isinstance(value, (Handle, Opaque)):
        return {**found, "text": _cut(value.text)}
    if is_sparse(value):
        return {**found, "shape": list(value.shape), "text": f"sparse, {value.nnz} nonzero"}
    return {**found, **_array(value, levels, most)}


def _array(value: Any, levels: int, most: int) -> dict[str, Any]:
    array = np.asarray([] if value is None else value)
    if array.dtype == object and array.ndim:
        return {"shape": list(array.shape), **_items(array.ravel(order="F"), levels, most)}
    if array.dtype.kind not in "biufcU":
        return {"class": type(value).__name__, "text": _cut(_described(value))}
    first = array.ravel(order="F")[:most]
    return {
        "shape": list(array.shape),
        "elements": [number_data(one) for one in first],
        "left_out": int(array.size - first.size),
    }


def _described(value: Any) -> str:
    try:
        return str(value)
    except Exception as error:  # a class of the port's whose __str__ raises
        return f"cannot be shown: {type(error).__name__}"


def _items(value: Any, levels: int, most: int) -> dict[str, Any]:
    shown = value[:most] if levels else value[:0]
    items = [value_data(item, levels - 1, most) for item in shown]
    return {"items": items, "left_out": len(value) - len(items)}


def _fields(value: Mapping[Any, Any], levels: int, most: int) -> dict[str, Any]:
    shown = list(value.items())[: most if levels else 0]
    fields = {str(name): value_data(item, levels - 1, most) for name, item in shown}
    return {"fields": fields, "left_out": len(value) - len(fields)}


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + " ..."


def file_text(file: Path) -> str:
    """Write the path of a file, from the current folder where that is above it."""
    try:
        return file.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (OSError, ValueError):
        return os.fspath(file)


def explanation_data(found: Explained) -> dict[str, Any]:
    """Return what was found of a pair."""
    return {
        "case": found.case,
        "failing": found.failing,
        "cases": found.cases,
        "note": found.note,
        "finding": None if found.finding is None else finding_data(found.finding),
        "further": [finding_data(one) for one in found.further],
        "together": None if found.together is None else _mend(found.together),
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return a finding, with the values of both sides, why, and the mend that was tried."""
    reason = finding.reason
    return {
        "fault": finding.fault,
        "headline": what_is_wrong(finding),
        "port": _place(finding.port),
        "octave": _place(finding.octave),
        "port_value": value_data(finding.port_value),
        "octave_value": value_data(finding.octave_value),
        "inputs": [{"name": name, "value": value_data(value)} for name, value in finding.inputs],
        "proved": finding.proved,
        "derived": finding.is_derived,
        "explained": finding.explained,
        "failing": finding.failing,
        "turn": finding.turn,
        "turns": finding.turns,
        "note": finding.note,
        "scope": finding.scope,
        "why": None
        if reason is None
        else {
            "key": reason.key,
            "text": reason.text,
            "octave_rule": reason.octave_rule,
            "python_rule": reason.python_rule,
            "page": reason.page,
        },
        "mend": None if finding.mend is None else _mend(finding.mend),
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    span = place.span
    return {
        "file": file_text(place.file),
        "function": place.function,
        "line": span.line,
        "statement": place.statement,
        "expression": place.expression,
        "span": [span.line, span.column, span.last_line, span.last_column],
    }


def _mend(mend: Mend) -> dict[str, Any]:
    return {
        "file": file_text(mend.file),
        "diff": mend.diff,
        "agreeing": mend.agreeing,
        "cases": mend.cases,
        "others_agreeing": mend.others_agreeing,
        "others": mend.others,
    }
