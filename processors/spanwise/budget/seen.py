"""`Seen`: spans that were counted, so that one which is sent again counts once."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final


_MOST: Final = 65_536


class Seen:
    """Remembers the latest spans by their ids, 65 536 of them, about 200 bytes each."""

    def __init__(self, most: int = _MOST) -> None:
        self._ids: set[tuple[int, int]] = set()
        self._order: deque[tuple[int, int]] = deque()
        self._most = most
        self._lock = threading.Lock()

    def is_new(self, trace_id: int, span_id: int) -> bool:
        """Whether the span is seen for the first time."""
        identity = trace_id, span_id
        with self._lock:
            if identity in self._ids:
                return False
            if len(self._order) >= self._most:
                self._ids.discard(self._order.popleft())
            self._ids.add(identity)
            self._order.append(identity)
        return True
