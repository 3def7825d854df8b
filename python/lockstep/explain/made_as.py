"""What gave a value that is read: the expression behind a variable, an element or a parameter.

May import `match`, `side`, `numbers` and `model`.
"""

from lockstep.explain.numbers import same_numbers
from lockstep.explain.side import Side
from lockstep.model.execution import Kind


def made_as(side: Side, site: int) -> int:
    """Return the expression that gave the variable, or the element of one, that a site reads.

    Of a parameter it is what the call gave. The site itself where it reads none, or where several
    expressions gave what it reads.
    """
    nodes = side.execution.nodes

    def read_by(found: list[int]) -> list[int]:
        return [i for node in found for i in nodes[node].inputs[:1]]

    made = list(side.execution.by_site[site])
    if side.sites[site].kind is Kind.ARGUMENT:
        made = read_by(made)
    if {side.execution.site(one).name for one in made} == {"index"}:
        made = read_by(made)
    if {side.execution.site(one).kind for one in made} == {Kind.READ}:
        made = read_by(read_by(made))
    found = {nodes[one].site for one in made}
    one = found.pop() if len(found) == 1 else site
    return one if _gave_the_same(side, one, site) else site


def _gave_the_same(side: Side, expression: int, site: int) -> bool:
    """Whether an expression gave what a site gave, turn by turn."""
    if side.sites[expression].kind is not Kind.EXPRESSION or expression not in side.streams:
        return False
    own, read = side.streams[expression], side.streams[site]
    is_same = own.is_known and read.is_known and len(own.values) == len(read.values)
    return is_same and same_numbers(own.flat, read.flat)
