"""The catalogue's README holds a page for each entry, as its tables have it."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "catalogue"))
import pages

from lockstep.explain.changes import keys
from lockstep.explain.reasons import relations
from lockstep.model.report import PAGES, Reason


def test_the_readme_is_what_the_entries_say():
    reports = pages.written()
    assert reports.keys() == pages.entries().keys()
    assert pages.README.read_text(encoding="utf-8") == pages.whole(reports)


def test_every_reason_has_a_page_of_its_own():
    headings = re.findall(r"^#+ (.*)$", pages.README.read_text(encoding="utf-8"), re.M)
    anchors = [pages.anchor(heading) for heading in headings]
    for key in keys() | relations().keys():
        assert anchors.count(key) == 1
        assert Reason(key, "").page == f"{PAGES}#{key}"
    assert (pages.README.parents[2] / PAGES).samefile(pages.README)


def test_every_reason_of_an_entry_is_one_that_is_found():
    assert pages.reasons(pages.entries()) <= keys()
