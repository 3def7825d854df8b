"""What is said of code that nobody here wrote: Octave's scripts against Python's libraries.

`foreign.toml` pairs functions of Octave's own scripts, and of Debian's octave-signal,
octave-statistics, octave-image, octave-linear-algebra and octave-general, with the function of the
same purpose in NumPy, SciPy, statsmodels or scikit-image, as they are installed. Where the outputs
agree, nothing may be accused. Then `EACH` mutants of every function, of as many kinds as can be,
are made in a copy of its module: every one that changes an output has to be detected, and its
statement named. One that changes no output of the cases is passed over, whether it could of others
or not. A statement that is deleted counts as named where it is missed (see `places_of_loss`).
From the project's folder:

    tox -e foreign                                      installs what is needed, and runs it
    python tests/benchmarks/foreign.py [NAME ...] [--each N] [--json FILE]
                                       [--jobs N] [--within SECONDS]

With several processes each counts on its own which kinds of mutants were made already.
The exit status is 1 where less than 40 functions agree, something right is accused, a mutant is not
detected, or less than 90% of the statements are named.
"""

import argparse
import json
import resource
import shutil
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path

import numpy as np
from detection_worker import MEMORY, count_computed_time
from foreign_sources import Entry, entries
from foreign_workshop import Outcome, Workshop
from side_by_side import add_options, done, not_done

EACH = 4
"""Mutants of each function."""

LEAST_PAIRS, LEAST_NAMED = 40, 0.9
"""Functions that are to agree, and part of the statements that are to be named."""


@cache
def prepared() -> Counter[str]:
    """Set the limits of a process, once; return how often it has judged each kind of mutant."""
    count_computed_time()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    return Counter()


def measure(each: int, entry: Entry) -> Outcome:
    """Compare the function of an entry, and break it."""
    wanted = prepared()
    root = Path(tempfile.mkdtemp(prefix="foreign_"))
    path = list(sys.path)
    try:
        shop = Workshop(entry, root)
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return shop.outcome(each, wanted)
        finally:
            shop.close()
    except LookupError as error:
        return Outcome(entry.name, f"left out: {error}")
    finally:
        sys.path[:] = path
        shutil.rmtree(root, ignore_errors=True)


def line(one: Outcome) -> str:
    """Describe an outcome in a line, and each miss in one more."""
    if one.trouble:
        return f"{one.name:<24} {one.trouble}"
    detected = sum(judged.detected for judged in one.mutants)
    named = sum(judged.statement for judged in one.mutants)
    said = f"{one.name:<24} agrees; mutants {len(one.mutants)}, detected {detected}, named {named}"
    if one.accused or one.untraced:
        said += f"   {one.untraced}" if one.untraced else f"   ACCUSED {one.accused}"
    for judged in one.mutants:
        if not (judged.detected and judged.statement):
            mutant = judged.mutant
            said += f"\n    {mutant.operator}, line {mutant.line}: {mutant.statement}"
            said += f"\n        {mutant.mutated}\n        {judged.said or 'NOT DETECTED'}"
    return said


def summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Count what was found."""
    agreeing = [one for one in outcomes if not one.trouble]
    judged = [judged for one in agreeing for judged in one.mutants]
    detected = [one for one in judged if one.detected]
    named = sum(one.statement for one in detected)
    proved = sum(one.statement and one.proved for one in detected)
    yield f"{len(agreeing)} of {len(outcomes)} functions agree"
    untraced = sum(bool(one.untraced) for one in agreeing)
    accused = sum(bool(one.accused) for one in agreeing)
    yield f"of them not traced: {untraced}; accused though they agree: {accused}"
    kinds = len({one.mutant.operator for one in judged})
    yield f"{len(judged)} mutants of {kinds} kinds change an output; detected: {len(detected)}"
    share = 100 * named / max(1, len(detected))
    yield f"the statement is named: {named} of {len(detected)} ({share:.1f}%), {proved} proved"


def is_enough(outcomes: Sequence[Outcome]) -> bool:
    """Whether all that is asked for holds."""
    agreeing = [one for one in outcomes if not one.trouble]
    judged = [judged for one in agreeing for judged in one.mutants]
    named = sum(one.statement for one in judged)
    return (
        len(agreeing) >= LEAST_PAIRS
        and not any(one.accused for one in agreeing)
        and all(one.detected for one in judged)
        and named >= LEAST_NAMED * len(judged)
    )


def main(arguments: Sequence[str]) -> int:
    """Print a line for each function, and a summary; return the exit status."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="functions; all if none")
    parser.add_argument("--each", type=int, default=EACH, metavar="N", help="mutants of each")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write every result there")
    add_options(parser)
    options = parser.parse_args(arguments)
    chosen = [one for one in entries() if not options.names or one.name in options.names]
    outcomes = []
    for one in done(partial(measure, options.each), chosen, options.jobs, options.within):
        print(line(one), flush=True)
        outcomes.append(one)
    print("", not_done(len(outcomes), len(chosen), "functions"), *summary(outcomes), sep="\n")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in outcomes], indent=1))
    return int(not is_enough(outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
