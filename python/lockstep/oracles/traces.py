"""Executions as arrays and plain lists, for a file; and back, every number checked.

May import `model` and `columns`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np

from lockstep.model.changed import Changed
from lockstep.model.execution import (
    Execution,
    Frame,
    Kind,
    Node,
    Site,
    Source,
    Span,
    Statement,
    StatementKind,
)
from lockstep.model.values import Map, Row, StructArray, is_sparse
from lockstep.oracles.columns import ColumnPacker, ColumnUnpacker, column_of, planes

NODES = ("site", "frame", "value", "decision", "inputs")
"""Columns of the nodes: of the decision how many nodes it is back, 0 for none; of the inputs how
many there are. Loops then repeat themselves, and compress well."""

READ = "read"
"""The column of the nodes that were read: how many nodes each is back."""

_NUMBER = np.dtype("<i4")

NODE_BYTES = 3
"""About what a value of a trace takes in the file beside its numbers, compressed."""

SLIGHT_BYTES = 64
"""Arrays below this size are counted as nothing but a node."""

_NUMBER_BYTES = 8
_INDEX_BYTES = 8


class TracePacker:
    """Packs executions, and other values, so that what they share is kept once.

    Attributes
    ----------
    values : list
        Trees of the values that nodes and outputs refer to by number.
    sources : list
        The sources, as plain lists.
    """

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.sources: list[Any] = []
        self._arrays = ColumnPacker()
        self._known: dict[str, int] = {}
        self._known_sources: dict[str, int] = {}
        self._columns: dict[str, list[int]] = {name: [] for name in (*NODES, READ)}

    def value(self, value: Any) -> int:
        """Keep a value, and return its number.

        Raises
        ------
        TypeError
            If it is of a class that cannot be kept.
        """
        tree = self._arrays.tree(value)
        key = json.dumps(tree)
        if key not in self._known:
            self._known[key] = len(self.values)
            self.values.append(tree)
        return self._known[key]

    def execution(self, execution: Execution, file_name: Callable[[Path], str]) -> dict[str, Any]:
        """Keep an execution, and return the plain dict that `TraceReader.execution` reads.

        Parameters
        ----------
        execution : Execution
            Of the Octave side: without objects and changes.
        file_name : callable
            Names a file of a source wherever it may be.
        """
        begins = [len(self._columns["site"]), len(self._columns[READ])]
        numbers: dict[int, int] = {}
        for place, node in enumerate(execution.nodes):
            number = numbers.get(id(node.value))
            if number is None:
                number = numbers[id(node.value)] = self.value(node.value)
            back = place - node.decision if node.decision >= 0 else 0
            row = (node.site, node.frame, number, back, len(node.inputs))
            for name, one in zip(NODES, row, strict=True):
                self._columns[name].append(one)
            self._columns[READ] += [place - one for one in node.inputs]
        return {
            "source": self._source(execution.source, file_name),
            "nodes": [begins[0], len(execution.nodes), begins[1]],
            "frames": [astuple(one) for one in execution.frames],
            "outputs": [self.value(one) for one in execution.outputs],
            "output_nodes": list(execution.output_nodes),
            "error": execution.error,
            "error_statement": execution.error_statement,
            "cut": execution.cut,
        }

    def _source(self, source: Source, file_name: Callable[[Path], str]) -> int:
        plain = {
            "statements": [astuple(one) for one in source.statements],
            "sites": [_plain_site(one) for one in source.sites],
            "files": {name: file_name(path) for name, path in source.files.items()},
        }
        key = json.dumps(plain)
        if key not in self._known_sources:
            self._known_sources[key] = len(self.sources)
            self.sources.append(plain)
        return self._known_sources[key]

    def packed(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the arrays to be written; `values` and `sources` are to be kept beside them."""
        columns = {name: np.array(one, _NUMBER) for name, one in self._columns.items()}
        return {**self._arrays.packed(), **{name: planes(one) for name, one in columns.items()}}


class TraceReader:
    """Reads what a `TracePacker` packed.

    Parameters
    ----------
    arrays : mapping
        What `TracePacker.packed` gave.
    values, sources : sequence
        Its attributes.

    Raises
    ------
    ValueError, LookupError, TypeError, AttributeError
        If they do not fit together, here or when something is read.
    """

    def __init__(
        self, arrays: Mapping[str, np.ndarray[Any, Any]], values: list[Any], sources: list[Any]
    ) -> None:
        self._arrays = ColumnUnpacker(arrays)
        self._trees = values
        self._sources = sources
        self._values: dict[int, Any] = {}
        self._columns = {name: column_of(arrays[name], _NUMBER.str) for name in (*NODES, READ)}
        if len({self._columns[name].size for name in NODES}) != 1:
            raise ValueError("its nodes have columns of several lengths")

    def value(self, number: Any) -> Any:
        """Return the value of a number; the same object each time."""
        if type(number) is not int or not 0 <= number < len(self._trees):
            raise ValueError(f"there is no value {number}")
        if number not in self._values:
            self._values[number] = self._arrays.value(self._trees[number])
        return self._values[number]

    def execution(self, plain: Mapping[str, Any], file_of: Callable[[str], Path]) -> Execution:
        """Return the execution that a plain dict tells of.

        Parameters
        ----------
        plain : mapping
            What `TracePacker.execution` returned.
        file_of : callable
            Finds the file of a name.
        """
        source = self._source(plain["source"], file_of)
        begin, count, read = plain["nodes"]
        rows = [_part(self._columns[name], begin, count, name) for name in NODES]
        frames = [Frame(str(name), int(node), int(frame)) for name, node, frame in plain["frames"]]
        if not all(-1 <= one.caller < count for one in frames):
            raise ValueError("a call was made by no node")
        if not all(-1 <= one.parent < number for number, one in enumerate(frames)):
            raise ValueError("a call was made in no frame before it")
        site, frame, value, back, inputs = rows
        here = np.arange(count)
        _check_range(site, 0, len(source.sites), "sites")
        _check_range(frame, 0, len(frames), "frames")
        _check_range(inputs, 0, count + 1, "inputs")
        read_back = _part(self._columns[READ], read, int(inputs.sum()), READ)
        decision = np.where(back == 0, -1, here - back)
        taken = np.repeat(here, inputs) - read_back
        _check_range(decision, -1, count, "decisions")
        _check_range(taken, 0, count, "inputs")
        if np.any(back < 0) or np.any(read_back <= 0):
            raise ValueError("a node reads what came after it")
        columns = (site, frame, value, decision, np.cumsum(inputs), inputs)
        reads = taken.tolist()
        nodes = [
            Node(s, f, self.value(v), tuple(reads[end - n : end]), d)
            for s, f, v, d, end, n in zip(*(one.tolist() for one in columns), strict=True)
        ]
        output_nodes = np.array(plain["output_nodes"], np.int64)
        _check_range(output_nodes, -1, count, "outputs")
        raised = int(plain["error_statement"])
        if not -1 <= raised < len(source.statements):
            raise ValueError("the statement that raised is none of the source's")
        return Execution(
            source,
            nodes,
            frames,
            [self.value(one) for one in plain["outputs"]],
            output_nodes.tolist(),
            str(plain["error"]),
            raised,
            str(plain["cut"]),
        )

    def _source(self, number: Any, file_of: Callable[[str], Path]) -> Source:
        if type(number) is not int or not 0 <= number < len(self._sources):
            raise ValueError(f"there is no source {number}")
        plain = self._sources[number]
        statements = [_statement(i, one) for i, one in enumerate(plain["statements"])]
        sites = [_site(i, one) for i, one in enumerate(plain["sites"])]
        for one in statements:
            if not -1 <= one.parent < one.number:
                raise ValueError(f"statement {one.number} is inside {one.parent}")
        for site in sites:
            if not 0 <= site.statement < len(statements):
                raise ValueError(f"site {site.number} is in no statement")
            if not all(0 <= part < len(sites) and part != site.number for part in site.parts):
                raise ValueError(f"site {site.number} has parts that are none")
        files = {str(name): file_of(str(file)) for name, file in plain["files"].items()}
        if (
            not {one.function for one in statements} | {one.function for one in sites}
            <= files.keys()
        ):
            raise ValueError("a function of the source is in no file")
        return Source(statements, sites, files)


def _statement(number: int, plain: Sequence[Any]) -> Statement:
    own, function, kind, span, text, defines, uses, parent, branch = plain
    _check_number(own, number)
    return Statement(
        number,
        str(function),
        StatementKind(kind),
        _span(span),
        str(text),
        tuple(map(str, defines)),
        tuple(map(str, uses)),
        int(parent),
        bool(branch),
    )


def _plain_site(site: Site) -> tuple[Any, ...]:
    *plain, copies = astuple(site)
    assert not copies, "copies are made where executions are matched"
    return tuple(plain)


def _site(number: int, plain: Sequence[Any]) -> Site:
    own, kind, function, statement, span, text, name, parts, whole = plain
    _check_number(own, number)
    return Site(
        number,
        Kind(kind),
        str(function),
        int(statement),
        _span(span),
        str(text),
        str(name),
        tuple(map(int, parts)),
        bool(whole),
    )


def _check_number(own: Any, number: int) -> None:
    if own != number:
        raise ValueError(f"number {number} of a source says that it is {own}")


def _span(numbers: Sequence[Any]) -> Span:
    line, column, last_line, last_column = map(int, numbers)
    return Span(line, column, last_line, last_column)


def _part(column: np.ndarray[Any, Any], begin: Any, count: Any, name: str) -> np.ndarray[Any, Any]:
    if type(begin) is not int or type(count) is not int or begin < 0 or count < 0:
        raise ValueError(f"the nodes begin at {begin} and are {count}")
    if begin + count > column.size:
        raise ValueError(f"the column {name} ends before {begin + count}")
    return column[begin : begin + count]


def _check_range(numbers: np.ndarray[Any, Any], low: int, end: int, what: str) -> None:
    if numbers.size and (numbers.min() < low or numbers.max() >= end):
        raise ValueError(f"its {what} are not within {low} and {end}")


def size_of_trace(trace: Execution) -> int:
    """Estimate what a trace takes in the file."""
    values = {id(node.value): node.value for node in trace.nodes}
    sizes = (size_in_bytes(value) for value in values.values())
    return NODE_BYTES * len(trace.nodes) + sum(size for size in sizes if size >= SLIGHT_BYTES)


def size_in_bytes(value: Any) -> int:
    """Return what a value, or a list of them, takes in memory: numbers and texts."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Changed):
        return size_in_bytes([value.places, value.part])
    if isinstance(value, np.ndarray) and value.dtype == object:
        return sum(map(size_in_bytes, value.ravel()))
    if isinstance(value, (np.ndarray, np.generic)):
        return int(value.nbytes)
    if is_sparse(value):
        return int(value.nnz) * (int(value.dtype.itemsize) + _INDEX_BYTES)
    if isinstance(value, Row):
        return size_in_bytes(value.vector)
    if isinstance(value, (StructArray, Map)):
        return size_in_bytes(value.items)
    if isinstance(value, Mapping):
        return sum(map(size_in_bytes, value.values()))
    if isinstance(value, (list, tuple)):
        return sum(map(size_in_bytes, value))
    return _NUMBER_BYTES
