"""How many bytes all requests in flight may hold together."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

from spanwise.collector.refusal import Refusal


class Memory:
    """A budget of bytes shared by all connections."""

    def __init__(self, limit_bytes: int, retry_after_s: int) -> None:
        self._limit_bytes = limit_bytes
        self._retry_after_s = retry_after_s
        self._held_bytes = 0
        self._lock = threading.Lock()

    def lease(self) -> Lease:
        """A share that starts empty; use it as a context manager."""
        return Lease(self)

    def take(self, size: int) -> None:
        """Take `size` bytes.

        Raises:
            Refusal: so much is not left.
        """
        with self._lock:
            if self._held_bytes + size > self._limit_bytes:
                raise Refusal.unavailable("too many requests in flight", self._retry_after_s)
            self._held_bytes += size

    def give_back(self, size: int) -> None:
        """Return `size` bytes taken before."""
        with self._lock:
            self._held_bytes -= size


class Lease:
    """What one request holds of the budget; given back when the context ends."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._size = 0

    def grow(self, size: int) -> None:
        """Hold `size` bytes more.

        Raises:
            Refusal: the budget is used up.
        """
        self._memory.take(size)
        self._size += size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._memory.give_back(self._size)
        self._size = 0
