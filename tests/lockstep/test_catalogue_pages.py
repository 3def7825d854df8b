"""The catalogue's README holds a page for each entry, as its tables have it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "catalogue"))
import pages


def test_the_readme_is_what_the_entries_say():
    reports = pages.written()
    assert reports.keys() == pages.entries().keys()
    assert pages.README.read_text(encoding="utf-8") == pages.whole(reports)
