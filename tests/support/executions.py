"""Ports with probes in them, and what is asked of their executions in tests."""

import importlib
import sys
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from lockstep.explain.match import match
from lockstep.model.execution import Execution, Kind, Node, Site, Source, Span, Statement
from lockstep.model.execution import StatementKind as Of
from lockstep.project.cases import Case
from lockstep.project.pairs import find_project
from lockstep.sides.octave_execution import OctaveTracer
from lockstep.sides.port import Port
from lockstep.sides.port_execution import ObservedPort


class Seen:
    """An execution, asked in words."""

    def __init__(self, execution):
        self.execution = execution

    def nodes(self, text, kind=None, name=None):
        """Return the numbers of the nodes of sites of this text, in order of time."""
        found = []
        for number in range(len(self.execution.nodes)):
            site = self.execution.site(number)
            if site.text == text and kind in (None, site.kind) and name in (None, site.name):
                found.append(number)
        return found

    def values(self, text, kind=None, name=None):
        """Return the values of these nodes, arrays as lists."""
        return [self.value(n) for n in self.nodes(text, kind, name)]

    def value(self, node):
        """Return the value of a node, an array as a list."""
        value = self.execution.nodes[node].value
        return value.tolist() if isinstance(value, np.ndarray) else value

    def versions(self, name):
        """Return the values that a variable had, one after the other."""
        found = []
        for number in range(len(self.execution.nodes)):
            site = self.execution.site(number)
            if site.name == name and site.kind in (Kind.BINDING, Kind.ARGUMENT):
                found.append(self.value(number))
        return found

    def inputs(self, text, kind=None, turn=0):
        """Describe what a node read."""
        node = self.execution.nodes[self.nodes(text, kind)[turn]]
        return [self.described(one) for one in node.inputs]

    def described(self, number):
        """Name a node in words: its kind, and its text or its variable."""
        site = self.execution.site(number)
        return f"{site.kind.value} {site.name if site.kind is Kind.BINDING else site.text}"

    def decision(self, text, kind=None, turn=0):
        """Describe the decision that a node ran under, with its value; empty for none."""
        number = self.execution.nodes[self.nodes(text, kind)[turn]].decision
        return "" if number < 0 else f"{self.described(number)} = {self.value(number)}"

    @property
    def sites(self):
        """Kind, name and text of each site that gave a value, in order of time."""
        order = dict.fromkeys(node.site for node in self.execution.nodes)
        return [self.execution.source.sites[site] for site in order]


@dataclass
class Project:
    """A port of one function `f`, in a folder of its own."""

    port: Port
    pair: object
    observed: ObservedPort

    def call(self, *args):
        """Return what the port gives by itself."""
        return self.port.call(self.pair, Case(*args)).result

    def run(self, *args, **options):
        """Return what was seen in a call, and what the port gave."""
        execution, reply = self.observed.run(Case(*args), **options)
        assert_sound(execution)
        return Seen(execution), reply if isinstance(reply, Exception) else reply.result

    def site(self, text, kind=None, name=None):
        """Return the number of the one site of a text."""
        (found,) = (
            site.number
            for site in self.observed.source.sites
            if site.text == text and kind in (None, site.kind) and name in (None, site.name)
            if site.whole or kind is not Kind.BINDING or "[" in text
        )
        return found


def assert_sound(execution):
    """Check what holds of every execution."""
    for number, node in enumerate(execution.nodes):
        assert all(0 <= one < number for one in node.inputs)
        assert -1 <= node.decision < number
        assert node.frame < len(execution.frames)


def port_of(folder, text, **modules):
    """Write a port, its text after `import numpy as np`, and return it with its pair."""
    for name in ("m", "port", "cases"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "m" / "f.m").write_text("function y = f (varargin)\n  y = 1;\nend\n")
    head = "" if "from __future__" in text else "import numpy as np\n\n"
    for name, content in {"f": head + textwrap.dedent(text), **modules}.items():
        sys.modules.pop(name, None)
        (folder / "port" / f"{name}.py").write_text(textwrap.dedent(content), encoding="utf-8")
    importlib.invalidate_caches()
    project = find_project(folder, octave="m", port="port", cases="cases")
    return Port(project), project.pair("f")


def execution_of(streams, kind=Kind.EXPRESSION):
    """Make an execution by hand: a site for each name, with the values that it gave."""
    source = Source([Statement(0, "f", Of.PLAIN, Span(1, 0, 1, 1), "f")])
    nodes = []
    for number, (name, values) in enumerate(streams.items()):
        source.sites.append(Site(number, kind, "f", 0, Span(1, 0, 1, 1), name, name))
        nodes += [Node(number, 0, value) for value in values]
    return Execution(source, nodes)


@contextmanager
def tracing_octave(folder, octave):
    """Yield what writes a pair `f` and gives its port, itself and what its Octave side did."""
    (folder / "m").mkdir()
    octave.eval(f"addpath ('{folder / 'm'}');")

    def traced(m, port, case):
        project = write_pair(folder, m, port)
        octave.eval("clear -f f; rehash ();")
        pair = project.pair("f")
        return Port(project), pair, OctaveTracer(octave).trace(pair, case)

    yield traced
    octave.eval(f"rmpath ('{folder / 'm'}');")


@contextmanager
def matching_octave(folder, octave):
    """Yield what writes a pair `f` and matches what both sides did in a case."""
    with tracing_octave(folder, octave) as traced:

        def matched(m, port, case):
            side, pair, theirs = traced(m, port, case)
            with ObservedPort(side, pair) as observed:
                own, _ = observed.run(case)
            return match(theirs, own)

        yield matched


def write_pair(folder, octave, port, helpers=None):
    """Write `f` on both sides and return the project: `octave` and `port` are whole texts."""
    for name in ("m", "port", "cases"):
        (folder / name).mkdir(exist_ok=True)
    texts = {"m/f.m": octave, "port/f.py": "import numpy as np\n\n" + textwrap.dedent(port)}
    for name, text in {**texts, **(helpers or {})}.items():
        (folder / name).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    importlib.invalidate_caches()
    return find_project(folder, octave="m", port="port", cases="cases")
