"""A network of layers as plain data: what its units give, their errors, and the weights between.

May import `model`, `project`, `tracing`, `origins` and `plain`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lockstep.model.execution import Execution, Kind
from lockstep.page.origins import counterparts
from lockstep.project.views import Network
from lockstep.reports.plain import number_data
from lockstep.tracing import Traced

MOST_UNITS = 26
"""Units of a layer that are shown."""

MOST_EXAMPLES = 20
"""Examples that are kept, the first."""

Matrix = np.ndarray[Any, Any]


class _MissingError(Exception):
    """A variable has no value that can be shown; the message names it."""


def network_data(view: Network, traced: Traced) -> dict[str, Any]:
    """Return what is shown of a network, as both sides had it at the end.

    Parameters
    ----------
    view : Network
        The names of its variables.
    traced : Traced
        The case.
    """
    found: dict[str, Any] = {"note": "", "sides": {}}
    try:
        octave = _side(view, traced.octave, _last(traced.octave, view))
    except _MissingError as error:
        return {**found, "note": str(error)}
    found["sides"]["octave"] = octave
    twins = counterparts(traced.matching, traced.rows)
    nodes = {name: twins.get(node, -1) for name, node in _last(traced.octave, view).items()}
    try:
        port = _side(view, traced.port, nodes)
    except _MissingError as error:
        found["note"] = f"in the port {error}"
    else:
        if [layer["count"] for layer in port["layers"]] == [
            layer["count"] for layer in octave["layers"]
        ]:
            found["sides"]["port"] = port
    return found


def _last(execution: Execution, view: Network) -> dict[str, int]:
    """Return the node that gave each variable its value last."""
    wanted = {*view.units, *view.weights, *view.deltas}
    return {
        execution.site(place).name: place
        for place, node in enumerate(execution.nodes)
        if node.frame == 0
        and execution.site(place).kind in (Kind.BINDING, Kind.ARGUMENT)
        and execution.site(place).name in wanted
    }


def _side(view: Network, execution: Execution, nodes: dict[str, int]) -> dict[str, Any]:
    units = _matrices(view.units, execution, nodes)
    weights = _matrices(view.weights, execution, nodes)
    deltas = _matrices(view.deltas, execution, nodes)
    if len(view.deltas) == 1:
        deltas = deltas[-(len(units) - 1) :]
    if not len(units) - 1 == len(weights) == len(deltas):
        raise _MissingError(
            f"{len(units)} layers need {len(units) - 1} matrices of weights and of errors, "
            f"not {len(weights)} and {len(deltas)}"
        )
    many = max(1, units[0].size // weights[0].shape[1])
    shaped = [_by_example(one, many) for one in units]
    errors = _with_biases([_by_example(one, many) for one in deltas])
    leading = _with_biases([one.T for one in weights])
    places = [_places(one.shape[1]) for one in shaped]
    layers = []
    for i, one in enumerate(shaped):
        is_hidden = 0 < i < len(shaped) - 1
        layers.append(
            {
                "count": one.shape[1],
                "has_bias": i < len(shaped) - 1,
                "places": places[i],
                "units": _drawn(one, places[i]),
                "deltas": _drawn(errors[i - 1], places[i]) if i else None,
                "sums": _drawn(_sums(errors, weights, i), places[i]) if is_hidden else None,
            }
        )
    return {
        "layers": layers,
        "weights": [
            _drawn(one.T[places[i + 1]], places[i], MOST_UNITS) for i, one in enumerate(leading)
        ],
        "examples": min(many, MOST_EXAMPLES),
        "all_examples": many,
    }


def _places(count: int) -> list[int]:
    """Choose the units of a layer that are shown: the bias, and others evenly."""
    return [int(one) for one in np.linspace(0, count - 1, min(count, MOST_UNITS))]


def _with_biases(layers: Sequence[Matrix]) -> list[Matrix]:
    """Add to the values of each layer but the last what its bias unit has: none."""
    return [*map(_with_bias, layers[:-1]), layers[-1]]


def _with_bias(values: Matrix) -> Matrix:
    return np.hstack([np.full((values.shape[0], 1), np.nan), values])


def _matrices(names: Sequence[str], execution: Execution, nodes: dict[str, int]) -> list[Matrix]:
    """Return the values of variables, or those in one cell; what is empty is left out."""
    values = [_value(name, execution, nodes) for name in names]
    if len(names) == 1 and (isinstance(values[0], (list, tuple)) or _is_cell(values[0])):
        cell = values[0]
        values = list(cell.ravel(order="F")) if isinstance(cell, np.ndarray) else list(cell)
        values = [one for one in values if one is not None and np.size(one)]
    for name, value in zip(names, values, strict=False):
        if not (isinstance(value, np.ndarray) and value.dtype.kind in "biuf"):
            raise _MissingError(f"{name} is no matrix of real numbers")
    return [np.atleast_2d(np.asarray(one, dtype=float)) for one in values]


def _is_cell(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == object


def _value(name: str, execution: Execution, nodes: dict[str, int]) -> Any:
    node = nodes.get(name, -1)
    if node < 0:
        raise _MissingError(f"{name} was given no value in this case")
    return execution.nodes[node].value


def _by_example(values: Matrix, many: int) -> Matrix:
    """Lay values out with an example a row."""
    if values.shape[0] == many:
        return values
    return values.T if values.shape[1] == many else values.reshape((many, -1), order="F")


def _sums(errors: Sequence[Matrix], weights: Sequence[Matrix], layer: int) -> Matrix:
    """Return the weighted sums of the next layer's errors, of each unit of a hidden layer."""
    after = errors[layer] if layer == len(errors) - 1 else errors[layer][:, 1:]
    return _with_bias(after @ weights[layer][:, 1:])


def _drawn(values: Matrix, places: Sequence[int], most: int = MOST_EXAMPLES) -> list[list[Any]]:
    return [[number_data(float(f"{one:.7g}")) for one in row] for row in values[:most, places]]
