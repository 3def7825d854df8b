"""The code of a port with the probes of a few sites: it does what the port does."""

from pathlib import Path

import pytest

from lockstep.sides.sparse_probes import sites_in, with_few_probes
from lockstep.sides.windows import passing
from lockstep.sources.python_expressions import STEP, Tables
from lockstep.sources.python_source import read_text

TEXT = '''
def f(n):
    """Sum up."""
    total, seen = 0, []
    for k in range(n):
        if k == 3:
            continue
        seen.append(k * 2)
        while total < k:
            total += half(k + 1)
    try:
        total = total + seen[n]
    except IndexError:
        total = total - 1
    return total, seen


def half(x):
    return x / 2
'''


@pytest.fixture
def run():
    """Run f(6) with the probes of some expressions; return its result, and what they saw."""

    def run(*texts):
        tables, file = Tables(), Path("f.py")
        tree = read_text(TEXT, file, "", tables)
        sites = {one.number for one in tables.source.sites if one.text in texts}
        assert sites <= sites_in(tree)
        seen, turns, names = [], [], {}
        probes, _ = passing(sites, lambda site, value: seen.append(site) or value, 0)
        probes[STEP] = lambda: turns.append(1)
        exec(with_few_probes(tree, sites, str(file)), names)
        names.update(probes)
        return names["f"](6), [tables.source.sites[site].text for site in seen], len(turns)

    return run


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        pytest.param((), [], id="none"),
        pytest.param(("k * 2",), ["k * 2"] * 5, id="an expression"),
        pytest.param(("k == 3", "x / 2"), ["k == 3"], id="two"),
    ],
)
def test_only_these_sites_are_seen_and_the_result_is_the_same(run, texts, seen):
    names = {}
    exec(TEXT, names)
    result, found, turns = run(*texts)
    assert result == names["f"](6)
    assert set(found) == set(texts)
    assert found[: len(seen)] == seen
    assert turns > 6  # of both loops
