"""How the sizes of arguments hang together, found from some cases.

A size, or a whole number that may be one, is free, or made of others: the same, one more or less,
a product of such, or the sum of two products (unrolled parameters). Imports nothing of the package.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement

Factor = tuple[Hashable, int]
"""A size, and what is added to it."""

OFFSETS = (0, 1, -1)
ENOUGH = 3
"""Different observations that a product needs: with fewer it may be chance."""

TELLING = 2
"""A number that never changes tells of another only from here on: 0 and 1 are everywhere."""


@dataclass(frozen=True)
class Formula:
    """A sum of products of other sizes, and a constant."""

    products: tuple[tuple[Factor, ...], ...] = ()
    constant: int = 0

    def value(self, sizes: Mapping[Hashable, int]) -> int:
        """Return what it gives."""
        total = self.constant
        for product in self.products:
            term = 1
            for key, offset in product:
                term *= max(0, sizes[key] + offset)
            total += term
        return total

    @property
    def keys(self) -> frozenset[Hashable]:
        """The sizes that it is made of."""
        return frozenset(key for product in self.products for key, _ in product)


@dataclass
class Relations:
    """What was found.

    Attributes
    ----------
    free : list
        Sizes that can be chosen.
    formulas : dict
        How the others follow, in an order in which each can be computed.
    """

    free: list[Hashable] = field(default_factory=list)
    formulas: dict[Hashable, Formula] = field(default_factory=dict)

    def completed(self, chosen: Mapping[Hashable, int]) -> dict[Hashable, int]:
        """Return all sizes, where the free ones are chosen."""
        sizes = dict(chosen)
        for key, formula in self.formulas.items():
            sizes[key] = formula.value(sizes)
        return sizes


def relations(observed: Mapping[Hashable, Sequence[int]]) -> Relations:
    """Find relations that hold in all cases.

    Parameters
    ----------
    observed : mapping
        By size, in order, what it was in each of the cases.
    """
    found = Relations()
    free: dict[Hashable, tuple[int, ...]] = {}
    for key, values in observed.items():
        seen = tuple(values)
        formula = _formula(seen, free)
        if formula is None:
            free[key] = seen
            found.free.append(key)
        else:
            found.formulas[key] = formula
    return found


def _formula(seen: tuple[int, ...], free: Mapping[Hashable, tuple[int, ...]]) -> Formula | None:
    changes = len(set(seen)) > 1
    if not changes and seen[0] < TELLING:
        return Formula(constant=seen[0])
    same = [key for key, values in free.items() if values == seen]
    if same:
        return Formula((((same[-1], 0),),))
    if not changes:
        return None
    factors = {
        (key, offset): tuple(max(0, one + offset) for one in values)
        for key, values in free.items()
        for offset in OFFSETS
    }
    for factor, values in factors.items():
        if values == seen:
            return Formula(((factor,),))
    if len(set(seen)) < ENOUGH:
        return None
    return _of_products(seen, factors)


def _of_products(
    seen: tuple[int, ...], factors: Mapping[Factor, tuple[int, ...]]
) -> Formula | None:
    products = dict(_products(factors))
    for values, product in products.items():
        if values == seen:
            return Formula((product,))
    for values, product in products.items():
        rest = tuple(a - b for a, b in zip(seen, values, strict=True))
        if rest in products:
            return Formula((product, products[rest]))
    return None


def _products(
    factors: Mapping[Factor, tuple[int, ...]],
) -> Iterator[tuple[tuple[int, ...], tuple[Factor, ...]]]:
    """Yield products of two factors by what they gave, those without offsets last, to stand."""
    pairs = sorted(
        combinations_with_replacement(factors, 2),
        key=lambda pair: -abs(pair[0][1]) - abs(pair[1][1]),
    )
    for pair in pairs:
        values = [factors[factor] for factor in pair]
        yield tuple(a * b for a, b in zip(*values, strict=True)), pair
