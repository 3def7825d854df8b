"""Chromium with the page of a hostile project in it.

Where there is no Playwright or no Chromium the tests are skipped, and say so; `tox -e page` sets
LOCKSTEP_BROWSER, and there they fail instead.
"""

import contextlib
import os
import shutil

import pytest

from lockstep.cli import main

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")

HOSTILE = "<script>document.title = 'taken'</script><b>\"'&\u202e"

M = """
function [y, label] = smooth(x, n)
% </code></script><img src=x onerror="document.title = 'taken'">
total = 0;
for k = 1:n
    total = total + k;
end
y = x / total;
y = y - mean(y(:));
v = std(y(:, 1));
a = n * 2;
b = a ^ 2;
c = 8 * n;
u1 = [1; x(1:3, 1)];
T1 = x(1:4, 1:4);
u2 = [1; T1 * u1];
T2 = x(5:6, 1:5);
u3 = T2 * u2;
d3 = u3 - 1;
d2 = (T2(:, 2:end)' * d3) * 0.5;
label = '<b>"quoted"</b>';
end
"""

PY = """
def smooth(x, n):
    # </code></script><img src=x onerror="document.title = 'taken'">
    total = 0.0
    for k in range(1, int(n) + 1):
        total = total + k
    y = x / total
    y = y - y.mean()
    y[17, 3] = y[17, 3] + 1e-6
    v = y[:, 0].std(ddof=1)
    a = n * 2
    b = a ** 2
    c = 8 * n
    u1 = np.hstack([1.0, x[:3, 0]])
    T1 = x[:4, :4]
    u2 = np.hstack([1.0, T1 @ u1])
    T2 = x[4:6, :5]
    u3 = T2 @ u2
    d3 = u3 - 1
    d2 = (T2[:, 1:].T @ d3) * 0.5
    return y, '<b>"quoted"</b>'
"""


def missing(what):
    """Skip, or fail where a browser was promised."""
    if os.environ.get("LOCKSTEP_BROWSER"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is missing: tox -e page has it")


@pytest.fixture
def hostile():
    """Return the name of the case that tries to be more than a name."""
    return HOSTILE


@pytest.fixture(scope="package")
def browser():
    """Start Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("Playwright")
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def file(browser, foreign_in, tmp_path_factory):
    """Write the page of a run in which one pair of two disagrees."""
    project = foreign_in(tmp_path_factory.mktemp("hostile") / "project")
    project.settings()
    project.m("smooth", M)
    project.py("smooth", PY)
    project.cases(
        "smooth",
        f"name = {HOSTILE!r}\n"
        "cases = {name: (np.random.default_rng(1).normal(size=(90, 70)), 4.0)}\n"
        "from lockstep import Chain, Network\n"
        "views = [Chain('b', 'n', beside='c'),\n"
        "         Network(('u1', 'u2', 'u3'), ('T1', 'T2'), ('d2', 'd3'))]",
    )
    project.pair("right", "x + 1", "x + 1", cases="{f'case {i}': (float(i),) for i in range(5)}")
    with contextlib.chdir(project.root):
        assert main(["run", "--html", "page.html", "--in-process"]) == 1
    return project.root / "page.html"


class Seen:
    """A page that is open, and what it did that it must not do."""

    def __init__(self, page):
        self.page = page
        self.wrong = []
        page.on("console", lambda one: self.wrong.append(one.text))
        page.on("pageerror", lambda one: self.wrong.append(str(one)))
        page.on("dialog", lambda one: self.wrong.append(one.message))
        page.on("request", self._requested)

    def _requested(self, request):
        if not request.url.startswith("file:"):
            self.wrong.append(request.url)

    def count(self, selector):
        """Count the elements that are visible."""
        return sum(one.is_visible() for one in self.page.locator(selector).all())

    def text(self, selector):
        """Return the text of the first element."""
        return self.page.locator(selector).first.inner_text()


@pytest.fixture
def opened(browser, file):
    """Open the page at a width, in a scheme of colours; it must do nothing wrong."""
    contexts = []

    def make(width=1600, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        seen = Seen(context.new_page())
        seen.page.goto(file.as_uri())
        contexts.append((context, seen))
        return seen

    yield make
    for context, seen in contexts:
        context.close()
        assert seen.wrong == []
