"""What is found on a machine, and how Octave is installed on one that lacks it."""

import os

import pytest

from lockstep import doctor
from lockstep.cli import main

APT = (
    "apt-get update",
    "apt-get install -y --no-install-recommends octave libopenblas0-pthread",
)


class Machine:
    """A PATH of fake programs that write down how they are called."""

    def __init__(self, folder):
        self.folder = folder
        self._log = folder / "log"
        self._log.touch()

    def has(self, name, script=""):
        """Put a program on the PATH; `script` is what it does after it is written down."""
        file = self.folder / name
        file.write_text(f'#!/bin/sh\necho "{name} $*" >> {self._log}\n{script}\n')
        file.chmod(0o755)

    @property
    def calls(self):
        """The command lines, in order."""
        return self._log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Make a Linux machine without Octave, without any program, of a user without rights."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("OCTAVE_EXECUTABLE", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("sys.platform", "linux")
    return Machine(tmp_path)


@pytest.fixture(autouse=True)
def nothing_is_compiled(tmp_path, monkeypatch):
    """Leave the user's cache alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(doctor, "find_compiler", lambda program, version: None)


def as_root(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)


@pytest.fixture
def call(restored_sigterm, capfd):
    """Run `lockstep doctor` and return exit status, standard output and standard error."""

    def called(*arguments):
        status = main(["doctor", *arguments])
        return status, *capfd.readouterr()

    return called


# What is found


def test_prints_what_was_found(call):
    status, out, err = call()
    found = dict(line.split(":", 1) for line in out.splitlines())
    assert (status, err) == (0, "")
    assert {"octave", "octave program", "octave blas", "numpy blas", "python"} <= found.keys()
    assert {"numpy", "scipy", "oct2py", "pytest"} <= found.keys()
    assert int(found["octave"].split(".")[0]) >= 7
    assert "missing" not in out


def test_without_octave_the_line_to_type_is_printed(call, machine):
    machine.has("apt-get")
    status, out, err = call()
    assert (status, err, machine.calls) == (2, "", [])
    assert out.splitlines() == [
        "Octave: Octave was not found on the PATH; install it with: lockstep doctor --install",
        f"to install it, type: sudo {APT[0]} && sudo {APT[1]}",
    ]


@pytest.mark.parametrize(
    ("version", "blas", "usable", "said"),
    [
        pytest.param("7.1.0", "OpenBLAS (config: OpenBLAS 0.3)", True, "", id="good"),
        pytest.param("10.1.0", "OpenBLAS (config: OpenBLAS 0.3)", True, "", id="two digits"),
        pytest.param("7.1.0", "unknown or reference", True, "note: Octave has a slow", id="slow"),
        pytest.param("6.4.0", "OpenBLAS", False, "6.4.0 is too old: version 7 or later", id="old"),
    ],
)
def test_judges_what_was_found(capsys, monkeypatch, version, blas, usable, said):
    machine = {"octave": version, "octave_blas": blas, "octave_program": "octave-cli"}
    monkeypatch.setattr(doctor, "findings", lambda session: machine)
    assert doctor.examine() is usable
    assert said in capsys.readouterr().out


def test_one_line_heads_a_run():
    machine = {
        "engine": "Octave",
        "octave": "7.3.0",
        "octave_blas": "OpenBLAS (config: OpenBLAS 0.3.21 NO_LAPACKE)",
        "python": "3.12.1",
        "numpy": "2.0.0",
        "numpy_blas": "scipy-openblas 0.3.27",
    }
    assert doctor.one_line(machine) == (
        "Octave 7.3.0 (OpenBLAS 0.3.21) against Python 3.12.1, NumPy 2.0.0 (scipy-openblas 0.3.27)"
    )


# Installing


def test_root_installs(call, machine, monkeypatch):
    as_root(monkeypatch)
    machine.has("apt-get", "echo its own words")
    status, out, _ = call("--install")
    assert machine.calls == list(APT)
    assert status == 2  # this fake one installs nothing
    assert out.startswith(f"running: {APT[0]}\nits own words\nrunning: {APT[1]}\n")
    assert out.endswith(f"type: {APT[0]} && {APT[1]}\n")


def test_sudo_installs_where_it_asks_for_no_password(call, machine):
    machine.has("apt-get")
    machine.has("sudo", 'if [ "$1" = -n ]; then shift; fi; [ "$1" = true ] || exec "$@"')
    call("--install")
    assert machine.calls == [
        "sudo -n true",
        f"sudo -n {APT[0]}",
        APT[0],
        f"sudo -n {APT[1]}",
        APT[1],
    ]


@pytest.mark.parametrize("sudo", [None, "exit 1"], ids=["no sudo", "sudo that refuses"])
def test_without_the_right_nothing_is_run(call, machine, sudo):
    machine.has("apt-get")
    if sudo:
        machine.has("sudo", sudo)
    status, out, _ = call("--install")
    assert status == 2
    assert not any("apt-get" in line for line in machine.calls)
    assert "running:" not in out
    assert out.endswith(f"to install it, type: sudo {APT[0]} && sudo {APT[1]}\n")


@pytest.mark.parametrize("failing", [0, 1], ids=["update", "install"])
def test_a_package_manager_that_fails_is_reported(call, machine, monkeypatch, failing):
    as_root(monkeypatch)
    word = APT[failing].split()[1]
    machine.has("apt-get", f'if [ "$1" = {word} ]; then echo no network >&2; exit 100; fi')
    status, out, err = call("--install")
    assert status == 2
    assert machine.calls == list(APT[: failing + 1])
    assert err == "no network\n"
    assert "apt-get failed with exit status 100; its own words stand above\n" in out


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("dnf", "dnf install -y octave"),
        ("zypper", "zypper --non-interactive install octave"),
        ("pacman", "pacman -S --noconfirm octave"),
        ("apk", "apk add octave"),
    ],
)
def test_other_package_managers(call, machine, monkeypatch, manager, line):
    as_root(monkeypatch)
    machine.has(manager)
    call("--install")
    assert machine.calls == [line]


def test_on_macos_the_line_is_printed_only(call, machine, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    machine.has("brew")
    _, out, _ = call("--install")
    assert machine.calls == []
    assert out.endswith("to install it, type: brew install octave\n")


def test_without_any_package_manager_the_ways_are_named(call, machine):
    status, out, _ = call("--install")
    assert status == 2
    assert out.splitlines()[-1].startswith("install GNU Octave 7 or later (macOS: brew install")


def test_an_octave_that_is_there_is_left_alone(machine, monkeypatch, capsys):
    as_root(monkeypatch)
    machine.has("apt-get")
    machine.has("octave-cli")
    doctor.install()
    assert machine.calls == []
    assert capsys.readouterr().out == f"Octave is installed: {machine.folder / 'octave-cli'}\n"
