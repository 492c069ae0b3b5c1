"""`Budget`: how much work one span may cause."""

from __future__ import annotations

import time
from typing import Final


class Exhausted(Exception):  # noqa: N818 - not an error of the program
    """A text has more candidates than may be looked at, or took longer than it may. The message says which."""


_EVERY: Final = 64  # candidates between two looks at the clock: about 0.5 ms


class Budget:
    """How many candidates may still be looked at, and how much time of this thread is left.

    Hostile text would cost seconds per span. The time is that of the processor, so that a process which was suspended
    loses nothing; it runs from the first candidate on. A budget belongs to the thread that made it.

    Attributes:
        left: Candidates left.
    """

    __slots__ = ("_deadline_s", "_seconds", "left")

    def __init__(self, left: int, *, seconds: float | None = None) -> None:
        self.left = left
        self._seconds = seconds
        self._deadline_s: float | None = None

    def spend(self) -> None:
        """Counts one candidate.

        Raises:
            Exhausted: when none is left, or the time is over.
        """
        self.left -= 1
        if self.left < 0:
            raise Exhausted("too many candidates")
        if self._deadline_s is None and self._seconds is not None:
            self._deadline_s = time.thread_time() + self._seconds
        if self.left % _EVERY == 0:
            self.check()

    def check(self) -> None:
        """Looks at the clock.

        Raises:
            Exhausted: when the time is over.
        """
        if self._deadline_s is not None and time.thread_time() > self._deadline_s:
            self.left = 0  # whatever comes after this is not read either
            raise Exhausted("too much time")
