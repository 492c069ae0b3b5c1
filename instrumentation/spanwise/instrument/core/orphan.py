"""Ends of calls that were noticed at a bad moment, carried out by a thread of their own.

A stream that the application drops is closed by the garbage collector, which runs wherever an allocation happens to
start it: possibly inside the SDK, holding a lock that ending the span needs. So an end that may come from there is only
noted, with its time, and a daemon thread carries it out. `SimpleQueue.put` is made for such callers: it takes no lock
that Python code can hold.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

from spanwise.pipeline import pending


Deferred = Callable[[], None]


class Orphans:
    """The queue and its thread. The thread starts with the first stream and again in a forked child."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Deferred] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._start = threading.Lock()
        self._open: dict[int, Callable[[], None]] = {}
        self._busy = 0

    def ready(self) -> None:
        """Make sure that somebody will carry out what is put here. Called where a stream begins, never in `put`."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="spanwise-orphans", daemon=True)
                self._thread.start()
        pending.register(self.settle)

    def put(self, end: Deferred) -> None:
        """Have `end` carried out soon, by another thread."""
        self._busy += 1
        self._queue.put(end)

    def watch(self, key: int, abandon: Deferred) -> None:
        """Call `abandon` at exit unless `forget(key)` came first: a reference cycle may outlive the process."""
        self._open[key] = abandon

    def forget(self, key: int) -> None:
        """The stream with this key has ended."""
        self._open.pop(key, None)

    def settle(self, timeout_s: float) -> bool:
        """Whether everything put here so far was carried out within `timeout_s` seconds."""
        if threading.current_thread() is self._thread or self._thread is None or not self._thread.is_alive():
            return True
        done = threading.Event()
        self._queue.put(done.set)
        return done.wait(timeout_s)

    def close(self) -> None:
        """End what is still open and carry out what was put here; for the exit of the process."""
        for abandon in list(self._open.values()):
            abandon()
        self._open.clear()
        self.settle(1.0)

    def _run(self) -> None:
        while True:
            self._queue.get()()

    def _after_fork(self) -> None:
        self.__init__()  # type: ignore[misc] # the parent's thread and queue do not exist here


ORPHANS = Orphans()
atexit.register(ORPHANS.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=ORPHANS._after_fork)


def now_unix_nano() -> int:
    """The present, as spans count it."""
    return time.time_ns()
