"""Which statement of Octave a statement of the port likely stands for.

That its values are Octave's says it surely; of a statement that is wrong, or never finished, what
it reads says it. May import `match`, `octave_files` and `model`.
"""

from collections import Counter

from lockstep.explain.match import Matching
from lockstep.explain.octave_files import text_of
from lockstep.model.execution import Kind

OWN, READ = 4, 1
"""What a value that a statement made says of its twin, and what one says that it reads."""


def twins(matching: Matching) -> dict[int, tuple[str, str]]:
    """Say of the statements of the port which of Octave they likely stand for.

    Parameters
    ----------
    matching : Matching
        Both executions of one case.

    Returns
    -------
    dict
        The text of Octave's statement, and that of its file, by the number of the port's. Those
        are left out of which no value says anything.
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
    source = matching.octave.execution.source
    texts = {file: text_of(file) for file in set(source.files.values())}
    likely = {
        number: source.statements[found.most_common(1)[0][0]]
        for number, found in votes.items()
        if found
    }
    return {number: (one.text, texts[source.files[one.function]]) for number, one in likely.items()}
