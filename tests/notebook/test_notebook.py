"""The notebook of the exercise runs from top to bottom, and shows what it says."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import lockstep

HERE = Path(__file__).parent
SECONDS = 60
"""How long a cell may take on a busy machine."""


@pytest.fixture(scope="module")
def outputs():
    """Run the notebook; return what each cell of code gave, by the last line of the cell."""
    notebook = nbformat.read(HERE / "exercise.ipynb", as_version=4)
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(HERE)}})
    path = [str(Path(lockstep.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    client.execute(env={**os.environ, "PYTHONPATH": os.pathsep.join(path)})
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {cell.source.splitlines()[-1]: cell.outputs for cell in cells}


def shown(outputs, kind):
    """Return what outputs show as text or as HTML."""
    data = [one.get("data", {"text/plain": one.get("text", "")}) for one in outputs]
    return "".join(one.get(kind, "") for one in data)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("ran", "All agree: 2 pairs, 42 cases", id="run"),
        pytest.param(
            'lockstep.check("sigmoid", np.array([-1.0, 0.0, 1.0]))', "sigmoid: ", id="check"
        ),
        pytest.param('lockstep.trace("deltaRule", "linear, by handles")', "agrees", id="trace"),
    ],
)
def test_a_report_is_shown_as_the_page(outputs, line, said):
    html = shown(outputs[line], "text/html")
    assert html.startswith('<iframe title="lockstep" sandbox="allow-scripts"')
    assert said in html


def test_a_report_can_be_asked_and_printed(outputs):
    text = shown(outputs["ran.agrees"], "text/plain")
    assert "sigmoidGradient             21  rounding" in text
    assert [one.output_type for one in outputs["ran.agrees"]] == ["stream", "execute_result"]
    assert text.endswith("True")


def test_the_file_holds_no_results():
    cells = nbformat.read(HERE / "exercise.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
