"""An error of somebody else's code in words. May import the standard library only."""


def described(error: BaseException) -> str:
    """Return class and message of an error, whose own ``__str__`` may fail, too."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
