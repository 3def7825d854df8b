"""Which statement of Octave a statement of the port likely stands for.

That its values are Octave's says it surely; of a statement that is wrong, or never finished, what
it reads says it. May import `match` and `model`.
"""

from collections import Counter

from lockstep.explain.match import Matching
from lockstep.model.execution import Kind, Statement

OWN, READ = 4, 1
"""What a value that a statement made says of its twin, and what one says that it reads."""


def twins(matching: Matching) -> dict[int, Statement]:
    """Say of the statements of the port which of Octave they likely stand for.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.

    Returns
    -------
    dict
        The statement of Octave, by the number of that of the port. Those are left out of which no
        value says anything.
    """
    votes: dict[int, Counter[int]] = {}
    for site, partners in matching.partners.items():
        place = matching.port.sites[site]
        if not matching.port.streams[site].is_telling:
            continue
        weight = READ if place.kind in (Kind.READ, Kind.ARGUMENT) else OWN
        own = votes.setdefault(place.statement, Counter())
        for statement in {matching.octave.sites[one].statement for one in partners}:
            own[statement] += weight
    statements = matching.octave.execution.source.statements
    return {
        number: statements[found.most_common(1)[0][0]] for number, found in votes.items() if found
    }
