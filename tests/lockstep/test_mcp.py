"""What a coding assistant is served, asked by the client of the package `mcp`."""

import asyncio
import os
import sys
from functools import partial

import mcp
import pytest

from lockstep.mcp_command import MOST_CHARACTERS, Served, _short, server
from lockstep.project.pairs import ProjectError
from lockstep.supervisor import Supervisor


@pytest.fixture
def project(foreign):
    foreign.settings()
    foreign.pair("right", "x + 1", "x + 1")
    foreign.m("wrong", "function y = wrong(x)\ny = x + 1;\nend\n")
    foreign.py("wrong", "def wrong(x):\n    y = 3 * x\n    return y\n")
    foreign.cases("wrong", "cases = {'half': (0.5,), 'two': (2.0,)}")
    return foreign


def asked(target, *questions):
    """Ask a server, and return its answers."""

    async def ask():
        async with mcp.Client(target) as client:
            answers = [await client.call_tool(name, arguments) for name, arguments in questions]
            return [answer.content[0].text for answer in answers]

    return asyncio.run(ask())


def test_the_command_serves_a_project(project):
    """The whole of it once: a process, the protocol, an engine."""
    parameters = mcp.StdioServerParameters(
        command=sys.executable,
        args=["-m", "lockstep", "mcp"],
        cwd=project.root,
        env=dict(os.environ),
    )
    (answer,) = asked(mcp.stdio_client(parameters), ("run", {"pair": "wrong"}))
    assert "wrong.py, line 4: this expression gives another value than Octave's" in answer


@pytest.fixture
def served(project, shared_runner, monkeypatch):
    """Serve the project in this process."""
    monkeypatch.setattr("lockstep.engine.Runner", shared_runner)
    monkeypatch.setattr("lockstep.mcp_command.Supervisor", partial(Supervisor, in_process=True))
    return Served(project.project)


def test_a_trace_is_of_the_case_that_disagrees(served):
    answer = served.trace("wrong", only="y")
    assert answer.startswith("wrong, case 'two'")
    assert "y = 3 * x" in answer


def test_a_mend_is_a_patch_and_nothing_is_written(served, project):
    before = (project.root / "port" / "wrong.py").read_text()
    assert "+    y = x + 1" in served.mend("wrong")
    assert (project.root / "port" / "wrong.py").read_text() == before


@pytest.mark.parametrize(
    ("pair", "case", "said"),
    [
        ("right", "", "identical"),
        ("wrong", "half", "identical"),
        ("wrong", "nothing", "lockstep: no case of wrong fits 'nothing'"),
    ],
)
def test_a_run_may_be_of_one_case(served, pair, case, said):
    assert said in served.run(pair, case)


def test_every_tool_says_what_it_does(project):
    async def listed():
        async with mcp.Client(server(Served(project.project))) as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in asyncio.run(listed())}
    assert sorted(tools) == ["fuzz", "mend", "pairs", "run", "trace"]
    assert all(tool.description for tool in tools.values())
    assert tools["run"].input_schema["required"] == ["pair"]


def test_the_pairs_of_a_file_are_listed(project):
    everything, one, none = asked(
        server(Served(project.project)),
        ("pairs", {}),
        ("pairs", {"file": "port/wrong.py"}),
        ("pairs", {"file": "port/nothing.py"}),
    )
    assert everything.splitlines() == [
        "right: matlab/right.m and port/right.py",
        "wrong: matlab/wrong.m and port/wrong.py",
    ]
    assert one == "wrong: matlab/wrong.m and port/wrong.py"
    assert none == "no pair in port/nothing.py"


@pytest.mark.parametrize("file", ["../secret.py", "/etc/passwd", "port/../../secret.py"])
def test_files_outside_the_project_are_refused(project, file):
    with pytest.raises(ProjectError, match="outside the project's folder"):
        Served(project.project).pairs(file)


def test_what_cannot_be_done_is_an_answer(project):
    assert "did you mean right?" in Served(project.project).run("rigth")


def test_answers_are_short():
    text = _short("a" * 100_000 + "the end")
    assert len(text) < MOST_CHARACTERS + 100
    assert text.endswith("the end")
    assert "characters left out" in text
