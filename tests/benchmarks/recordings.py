"""Do recordings say what a live Octave says? Verdicts and named statements, of every port.

Records the Octave side of a folder of ports, then compares each port with the live Octave and with
the recording, case by case, explains what disagrees, and counts where the two ways differ. The
recordings are made of the first folder of ports and serve all. From the project's folder:

    python tests/benchmarks/recordings.py                      the catalogue, wrong ports and right
    python tests/benchmarks/recordings.py --octave m --cases cases --port wrong --port right

The exit status is 1 where a verdict or a named place differs.
"""

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from lockstep.explaining import explained
from lockstep.oracles.recorder import Limits
from lockstep.project.pairs import Pair, Project, find_project
from lockstep.recording import CaseRecorder, new_recorder
from lockstep.runner import Runner
from lockstep.terminal.progress import Progress

CATALOGUE = Path(__file__).parents[1] / "catalogue"


@dataclass(frozen=True)
class Said:
    """What is said of one port.

    Attributes
    ----------
    verdicts : tuple of str
        Of its cases.
    place : str
        Where it is said to be wrong, in both sources; empty where nothing is named.
    mend : str
        The change that is proposed.
    """

    verdicts: tuple[str, ...]
    place: str
    mend: str


def said(runner: Runner, pair: Pair) -> Said:
    """Compare a port, and explain it."""
    (result, *_) = runner.run_pair(pair)
    verdicts = tuple(case.verdict.value for case in result.cases) or (result.problem,)
    finding = explained(runner, pair).finding if not result.agrees and not result.problem else None
    if finding is None:
        return Said(verdicts, "", "")
    sides = (finding.port, finding.octave)
    place = " | ".join(f"{one.file.name}:{one.span}" for one in sides if one is not None)
    return Said(verdicts, f"{finding.fault} {place}", finding.mend.diff if finding.mend else "")


def record(project: Project, names: list[str], progress: Progress) -> None:
    """Record pairs."""
    with Runner(project) as runner:
        cases = CaseRecorder(runner, Limits())
        for name in names:
            progress.show(f"recording {name}")
            pair = project.pair(name)
            recorder = new_recorder(runner, pair, Limits(), lambda one: False)
            found = runner.cases(pair).cases
            for case, one in found.items():
                cases.record(recorder, pair, case, one)
            cases.record_others(recorder, pair, found)
            recorder.write(project.recordings_folder)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="pairs (default: all)")
    parser.add_argument("--octave", default=str(CATALOGUE / "m"))
    parser.add_argument("--cases", default=str(CATALOGUE / "cases"))
    parser.add_argument("--port", action="append", help="folders of ports")
    options = parser.parse_args()
    ports = options.port or [str(CATALOGUE / "wrong"), str(CATALOGUE / "right")]
    progress, counts, differing = Progress(sys.stderr), Counter(), []
    with tempfile.TemporaryDirectory() as folder:
        projects = [
            find_project(octave=[options.octave], port=port, cases=options.cases, recordings=folder)
            for port in ports
        ]
        first = projects[0]
        names = options.names or [p.name for p in first.pairs() if not first.missing(p)]
        record(first, names, progress)
        for port, live in zip(ports, projects, strict=True):
            recorded = replace(live, oracle="recorded")
            with Runner(live) as one, Runner(recorded) as other:
                for name in names:
                    progress.show(f"{port}: {name}")
                    pair = live.pair(name)
                    first_said, then_said = said(one, pair), said(other, pair)
                    counts["ports"] += 1
                    counts["cases"] += len(first_said.verdicts)
                    counts["places"] += bool(first_said.place)
                    counts["mends"] += bool(first_said.mend)
                    if first_said != then_said:
                        differing.append(f"{port}: {name}\n  {first_said}\n  {then_said}")
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    progress.clear()
    for text in differing:
        print(text)
    print(
        f"{counts['ports']} ports, {counts['cases']} cases, {counts['places']} places named, "
        f"{counts['mends']} mends: {len(differing)} ports of which the recording says another thing"
    )
    print(f"{len(names)} recordings, {size / 2**20:.1f} MB")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
