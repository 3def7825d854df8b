"""What is found, in words: the report, where the port is wrong, and the input as a line to paste.

May import `search`, `explaining` and `reports`.
"""

from collections.abc import Iterator, Mapping

from lockstep.explaining import explain
from lockstep.fuzz.findings import Told
from lockstep.fuzz.places import Form, Path, places
from lockstep.fuzz.search import Found, Search
from lockstep.model.errors import described
from lockstep.project.arguments import NoArgumentError
from lockstep.project.cases import Case
from lockstep.project.literals import Literals
from lockstep.reports.mend_text import explanation_text
from lockstep.reports.text import failure_text
from lockstep.runner import Runner

AGREEING = 3
"""Cases that agree, and whose way through the port is no suspect."""

WRITTEN = 10_000
"""Elements of an array that a line may hold."""


def told(
    runner: Runner, search: Search, found: Found, cases: Mapping[str, Case], name: str
) -> Told:
    """Put a finding into words; its case gets a name that is free."""
    pair = search.trial.pair
    result = search.trial.judged(name, found.case, *search.trial.outcomes([found.case])[0])
    lines = [failure_text(result)]
    if found.key.is_alone:
        lines.append("  one side alone refuses this input: decide which is meant")
    try:
        tried = {name: found.case, **dict(_alike(found, cases))}
        results = [result, *(runner.run_case(pair, one, tried[one]) for one in list(tried)[1:])]
        where = explanation_text(explain(runner, pair, tried, results), pair.name, name)
        lines += [where] if where else []
    except Exception as error:
        lines.append(f"  not explained: {described(error)}")
    line = case_line(name, found.case, found.like, cases)
    return Told(name, str(found.key), "\n".join(lines), line)


def _alike(found: Found, cases: Mapping[str, Case]) -> Iterator[tuple[str, Case]]:
    """Yield the case after which an input was made, and a few others."""
    names = [found.like, *(name for name in cases if name != found.like)]
    for name in names[:AGREEING]:
        if cases[name].raises is None:
            yield name, cases[name]


def case_line(name: str, case: Case, like: str, cases: Mapping[str, Case]) -> str:
    """Write a case as a line to paste: among the others, or after them where it uses one of them.

    Parameters
    ----------
    name, case : str, Case
        The case.
    like : str
        The case of which it has what has no text: functions.
    cases : mapping
        All cases.
    """
    literals = Literals(WRITTEN)
    try:
        return f'"{name}": {_call(case, [literals.text(one) for one in case.args])},'
    except NoArgumentError:
        pass
    texts = []
    for i, argument in enumerate(case.args):
        try:
            texts.append(literals.text(argument))
        except NoArgumentError:
            if not _is_as_it_was((i,), case, cases[like]):
                return ""
            texts.append(f"cases[{like!r}].args[{i}]")
    return f'cases["{name}"] = {_call(case, texts)}  # where cases[{like!r}] is a Case'


def _is_as_it_was(path: Path, case: Case, like: Case) -> bool:
    """Whether nothing in an argument was changed: all that stands there is fixed."""
    own = [place for place, _ in places(case.args) if place.path[: len(path)] == path]
    return all(place.form is Form.FIXED for place in own) and len(case.args) == len(like.args)


def _call(case: Case, texts: list[str]) -> str:
    options = []
    if case.nargout is not None:
        options.append(f"nargout={case.nargout}")
    if case.seed is not None:
        options.append(f"seed={Literals(WRITTEN).text(case.seed)}")
    if case.ignore:
        options.append(f"ignore={case.ignore!r}")
    if case.allow:
        options.append(f"allow={case.allow!r}")
    if options:
        return f"Case({', '.join([*texts, *options])})"
    return f"({', '.join(texts)}{',' * (len(texts) == 1)})"
