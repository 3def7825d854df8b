"""Does the trace call a right port different? The counterpart of `detection`, which breaks it.

Traces every case of every pair on the port as it is. No case that agrees is accused of anything;
counted are the rows of the trace that show two values as different all the same. From the
project's folder:

    python tests/benchmarks/false_alarms.py [NAME ...]

The exit status is 1 if there is one.
"""

import sys
import time
from collections.abc import Iterator, Sequence

from detection import LEFT_OUT
from detection_worker import SLOW

from lockstep.explain.tracing import Relation
from lockstep.project.pairs import Pair, ProjectError, find_project
from lockstep.runner import Runner
from lockstep.tracing import traced


def main(names: Sequence[str]) -> int:
    """Print a line for each pair, and every row that is shown as different."""
    total = alarms = 0
    project = find_project()
    with Runner(project) as runner:
        for pair in project.pairs():
            if (names and pair.name not in names) or pair.m_file is None or pair.name in LEFT_OUT:
                continue
            start = time.monotonic()
            found = list(rows(runner, pair))
            said = [text for text in found if text]
            print(f"{pair.name:<28} {len(found):>7} rows {len(said):>3} different", end="")
            print(f" {time.monotonic() - start:7.1f} s", *said, sep="\n", flush=True)
            total, alarms = total + len(found), alarms + len(said)
    print(f"{alarms} of {total} rows are shown as different")
    return int(alarms > 0)


def rows(runner: Runner, pair: Pair) -> Iterator[str]:
    """Yield for every row of every trace what is shown as different; empty where nothing is."""
    cases = runner.cases(pair).cases
    for name in cases:
        if (pair.name, name) in SLOW:
            continue
        try:
            found = traced(runner, pair, cases, name, 0, False)
        except ProjectError as error:
            yield f"{pair.name}, case {name!r}: {error}"
            continue
        for row in found.rows:
            both = row.octave is not None and row.port is not None
            said = ""
            if both and row.relation is Relation.DIFFERENT:
                said = f"{pair.name}, case {name!r}: line {row.octave.line}, {row.octave.text}"
            yield said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
