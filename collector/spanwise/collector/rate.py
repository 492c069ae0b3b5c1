"""`Rate`: how often something may happen, in all and for each of many."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final


_MOST_KEYS: Final = 10_000


class Rate:
    """A bucket that fills evenly, and a count for each key, of which the 10,000 used last are remembered.

    Args:
        per_minute: how many in a minute, and how many at once after a pause.
        each: how often one key.
        now_s: a clock that never goes back.
    """

    def __init__(self, per_minute: int, each: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._each = each
        self._now_s = now_s
        self._left = float(per_minute)
        self._at_s = now_s()
        self._used: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> bool:
        """Whether it may happen once more for `key`; if so it is counted."""
        with self._lock:
            now_s = self._now_s()
            self._left = min(self._per_minute, self._left + (now_s - self._at_s) * self._per_minute / 60)
            self._at_s = now_s
            used = self._used.pop(key, 0)
            allowed = self._left >= 1 and used < self._each
            self._used[key] = used + allowed
            self._left -= allowed
            if len(self._used) > _MOST_KEYS:
                self._used.popitem(last=False)
            return allowed
