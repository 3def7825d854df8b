"""How long something may take, so that a busy machine finds what an idle one finds.

Imports nothing of the package.
"""

import time

SLOWER = 3.0
"""How much longer than this process computed something may take in all."""

SELDOM = 0.02
"""Seconds after which it is asked again how long the process computed."""


class Patience:
    """Time that this process may compute.

    Parameters
    ----------
    seconds : float
        Of its own processor time; by the clock on the wall it may be `SLOWER` times as long.
    """

    def __init__(self, seconds: float) -> None:
        self._computed = time.process_time() + seconds
        self._waited = time.monotonic() + SLOWER * seconds
        self._asked, self._computing = time.monotonic(), seconds

    @property
    def is_over(self) -> bool:
        """Whether the time has passed."""
        return not self.left

    @property
    def left(self) -> float:
        """Seconds that are left."""
        now = time.monotonic()
        if now - self._asked > SELDOM:  # to ask for the processor's time may take a while
            self._asked, self._computing = now, self._computed - time.process_time()
        return max(0.0, min(self._computing, self._waited - now))
