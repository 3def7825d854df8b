"""The arrays of a stand-in for MathWorks' package: as far as the harness may meet them."""


class double(list):
    """A matrix of doubles, as its rows."""

    def __init__(self, initializer):
        super().__init__(list(row) for row in initializer)

    @property
    def size(self):
        """Its size."""
        return (len(self), len(self[0]) if self else 0)


class logical(double):
    """A matrix of logicals, as its rows."""
