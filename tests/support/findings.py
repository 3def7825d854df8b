"""A finding made by hand, of a port that lacks ddof=1, for the tests of reports."""

from dataclasses import replace

from lockstep.model.execution import Span
from lockstep.model.report import Fault, Finding, Mend, Place, Reason

PORT = "def f(x):\n    return x.std()\n"
OCTAVE = "function y = f(x)\ny = std (x);\nend\n"
MENDED = PORT.replace("std()", "std(ddof=1)")
DIFF = (
    "--- a/f.py\n+++ b/f.py\n@@ -1,2 +1,2 @@\n def f(x):\n-    return x.std()\n"
    "+    return x.std(ddof=1)\n"
)


def a_finding(folder, **changes):
    """Return a finding whose files are written to `folder`."""
    files = {"f.py": PORT, "f.m": OCTAVE}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    finding = Finding(
        Fault.VALUE,
        Place(folder / "f.py", "f", Span(2, 11, 2, 18), 2, "return x.std()", "x.std()"),
        Place(folder / "f.m", "f", Span(2, 4, 2, 11), 2, "y = std (x)", "std (x)"),
        port_value=1.5,
        octave_value=2.0,
        inputs=(("x", 1.0),),
        proved=True,
        explained=1,
        failing=1,
        reason=Reason("ddof", "sqrt(2/1) times", "Octave divides by n - 1.", "NumPy by n."),
        mend=Mend(folder / "f.py", DIFF, 2, 2, PORT, MENDED, 8, 8),
    )
    return replace(finding, **changes)
