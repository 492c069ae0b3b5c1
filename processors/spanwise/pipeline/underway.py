"""Work in native code, in which no thread may be when the interpreter ends.

What finds values is C++. A daemon thread that comes back from it while the interpreter is taken down is ended by Python
in a way that C++ answers by ending the process: `terminate called without an active exception`, and the exit code of
the application is 134. So who leaves waits for such threads and lets no more of them in.
"""

from __future__ import annotations

import atexit
import os
import threading
from types import TracebackType
from typing import Final


class Underway:
    """Counts the threads that are inside `with`, and closes behind them."""

    def __init__(self) -> None:
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        # A child of a fork has none of the threads that were inside, maybe with the lock.
        self._changed = threading.Condition()
        self._inside = threading.local()
        self._threads = 0
        self._is_closed = False

    def __enter__(self) -> None:
        depth = getattr(self._inside, "depth", 0)
        if depth == 0:
            with self._changed:
                is_stopped = self._is_closed and threading.current_thread().daemon
                self._threads += not is_stopped
            if is_stopped:
                # As Python has it with every daemon thread from now on; nobody waits for this one any more.
                threading.Event().wait()
        self._inside.depth = depth + 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._inside.depth -= 1
        if self._inside.depth == 0:
            with self._changed:
                self._threads -= 1
                self._changed.notify_all()

    def close(self) -> bool:
        """Let no daemon thread in any more; whether all were out within `PATIENCE_S`."""
        with self._changed:
            self._is_closed = True
        return self.settle()

    def settle(self) -> bool:
        """Wait until nobody is inside; whether that was so within `PATIENCE_S`."""
        with self._changed:
            return self._changed.wait_for(lambda: self._threads == 0, PATIENCE_S)


PATIENCE_S: Final = 5.0
"""What a thread has for the text it is at. Rules compile in a tenth of it, and a text has a time budget."""

UNDERWAY: Final = Underway()
"""The cleaning of texts, in this process."""

# Whoever shuts a provider down waits for its exporter's thread; those that nobody waits for are waited for here.
atexit.register(UNDERWAY.settle)
