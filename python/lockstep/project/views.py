"""What the page may show of a pair beside its programs, where a cases file declares it.

``views = [Chain("values.E", "w(5)", beside="values.dE_dw5")]``. Names are Octave's, as they stand
in the .m file. Imports nothing of the package.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chain:
    """The chain rule: the way from a value back to another, with the derivative at each step.

    Nothing is declared but the two ends: the way, the factors and their product follow from what
    Octave was seen to compute.

    Parameters
    ----------
    of : str
        The variable or field that is derived.
    by : str
        The variable, field or element by which it is.
    beside : str
        The variable or field that the program itself computes for it.
    """

    of: str
    by: str
    beside: str = ""


@dataclass(frozen=True)
class Network:
    """A network of layers: its units, coloured by what they give or by their error.

    An error of a hidden unit is shown as the weighted sum of those of the next layer.

    Parameters
    ----------
    units : tuple of str
        Of each layer the variable that holds what its units give, an example a row (or one
        example), the bias unit first in all but the last; or one cell that holds them all.
    weights : tuple of str
        The matrices between the layers, a row for each unit of the next; or one cell.
    deltas : tuple of str
        Of each layer but the first the errors of its units, without the bias unit's; or one cell,
        whose first element is left out.
    """

    units: tuple[str, ...]
    weights: tuple[str, ...]
    deltas: tuple[str, ...]


View = Chain | Network
