"""Does the trace accuse a right port? The counterpart of `detection`, which breaks it.

Traces every case of every pair, unforced and forced, on the port as it is, and counts the traces
that name a statement as wrong. From the project's folder:

    python tests/benchmarks/false_alarms.py [NAME ...]

The exit status is 1 if there is one.
"""

import sys
import time
from collections.abc import Iterator, Sequence

from detection import LEFT_OUT
from detection_worker import SLOW

from lockstep.explain.finding import first_finding
from lockstep.project.pairs import Pair, find_project
from lockstep.reports.trace_text import finding_text
from lockstep.runner import Runner


def main(names: Sequence[str]) -> int:
    """Print a line for each pair, and every false alarm."""
    total = alarms = 0
    project = find_project()
    with Runner(project) as runner:
        for pair in project.pairs():
            if (names and pair.name not in names) or pair.m_file is None or pair.name in LEFT_OUT:
                continue
            start = time.monotonic()
            found = list(traced(runner, pair))
            said = [text for text in found if text]
            print(f"{pair.name:<28} {len(found):>5} traces {len(said):>3} false alarms", end="")
            print(f" {time.monotonic() - start:7.1f} s", *said, sep="\n", flush=True)
            total, alarms = total + len(found), alarms + len(said)
    print(f"{alarms} false alarms in {total} traces")
    return int(alarms > 0)


def traced(runner: Runner, pair: Pair) -> Iterator[str]:
    """Yield for every trace of a pair what it accuses; an empty text where it is nothing."""
    for name, case in runner.cases(pair).cases.items():
        for forced in (False, True) if (pair.name, name) not in SLOW else ():
            found = first_finding(runner.trace(pair, name, case, forced=forced))
            way = ", forced" if forced else ""
            yield f"{pair.name}, case {name!r}{way}: {finding_text(found)}" if found else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
