"""Make the pictures of the README and its pages.

Run python tests/page/screenshots.py from the project's folder.

Needs what `tox -e page` has. Each picture is a part of a page that a command there writes.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
CATALOGUE = HERE.parent / "catalogue"
THEIRS = ["--octave", "m", "--port", "wrong", "--cases", "cases"]

PICTURES = {
    "page.png": (CATALOGUE, ["sharpeTable", "--case", "monthly", *THEIRS], "article", 1400),
    "network.png": (
        HERE.parents[1],
        ["backpropagation", "--case", "three layers, lambda 3"],
        ".network",
        1000,
    ),
    "chain.png": (
        HERE.parents[1],
        ["stepByStepExample", "--case", "no arguments"],
        ".chain >> nth=1",
        1480,
    ),
}
"""Of each picture: where to trace what, which part of the page it is, and how wide the window."""


def picture(browser: Browser, name: str, folder: Path) -> None:
    """Trace a case, and keep a part of its page as a picture."""
    root, arguments, part, width = PICTURES[name]
    file = folder / "page.html"
    command = [sys.executable, "-m", "lockstep", "trace", *arguments, "--html", str(file)]
    subprocess.run(command, cwd=root, check=False, stdout=subprocess.DEVNULL)
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="light")
    page.goto(file.as_uri())
    page.locator(part).first.screenshot(path=HERE / name)
    page.close()


def main() -> None:
    """Make all pictures."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        for name in PICTURES:
            picture(browser, name, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
