"""How many times the rounding floor do right pairs differ? The measure behind `MARGIN`.

Runs every pair of the project and prints, for each, the largest difference in rounding floors
over all cases and outputs, and the case. `lockstep.compare.floor.MARGIN` must be well above the
largest of these. From the project's folder: python tests/benchmarks/rounding_floor.py
"""

from lockstep.compare.floor import MARGIN
from lockstep.project.pairs import find_project
from lockstep.runner import Runner


def main() -> None:
    """Print the table."""
    project = find_project()
    print(f"{'pair':<28} {'times floor':>11}  case, output")
    with Runner(project, measure_all=True) as runner:
        for pair in project.pairs():
            found = [
                (leaf.times_floor, case.case, leaf.name)
                for result in runner.run_pair(pair)
                for case in result.cases
                for leaf in case.leaves
            ]
            times, case, name = max(found, default=(0.0, "none", "none"))
            print(f"{pair.name:<28} {times:11.2f}  {case}, {name}", flush=True)
    print(f"allowed: {MARGIN:g}")


if __name__ == "__main__":
    main()
