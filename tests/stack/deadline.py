"""`until`: wait for something to become true, and no longer than is said."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar


T = TypeVar("T")

PAUSE_S = 0.05


class TooLateError(AssertionError):
    """What was waited for did not come; the message says what was seen last."""


def until(look: Callable[[], T | None], *, within_s: float, what: str, last_words: Callable[[], str] = str) -> T:
    """What `look` gives as soon as that is true; it is called again and again.

    Raises:
        TooLateError: it was not within `within_s` seconds; the message ends with `last_words()`.
    """
    ends = time.monotonic() + within_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() >= ends:
            raise TooLateError(f"{what}: not within {within_s} s, last seen: {seen!r}. {last_words()}".rstrip())
        time.sleep(PAUSE_S)
