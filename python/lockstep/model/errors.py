"""Errors that several folders know, and those of others in words.

May import the standard library only.
"""


class SourceError(Exception):
    """The source of a function cannot be found, or is not understood; the message says why."""


class RunawayError(BaseException):
    """The port goes on without end; not an Exception, so that no port catches it."""


class EndlessError(RuntimeError):
    """What became of a run of the port that was stopped, for it went on and on."""


def is_same_error(octave: str, python: BaseException) -> bool:
    """Whether an error of the port is Octave's: by what it says, word for word."""
    try:
        return str(python) == octave
    except Exception:
        return False


def described(error: BaseException) -> str:
    """Return class and message of an error, whose own ``__str__`` may fail, too."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
