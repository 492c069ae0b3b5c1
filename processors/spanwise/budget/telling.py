"""`Telling`: the document of a ledger for all who ask, made so rarely that asking costs a collector little."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from spanwise.budget.document import written
from spanwise.budget.ledger import Ledger


REST: Final = 10
"""How many times as long as it took to make a document it stands: a tenth of a core, however many ask.

10 keys take 0.04 ms, 10 000 keys 50 ms, so that the sums of these are half a second old at most.
"""


class Telling:
    """Calling it gives what the calls of a ledger have spent, as the document that processes read.

    Args:
        ledger: the sums.
        clock: seconds that only ever go forward.
    """

    def __init__(self, ledger: Ledger, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ledger = ledger
        self._clock = clock
        self._lock = threading.Lock()
        self._made = b""
        self._until_s = 0.0

    def __call__(self) -> bytes:
        """The document; who asks while it is made waits for it."""
        with self._lock:
            began_s = self._clock()
            if not self._made or began_s >= self._until_s:
                self._made = written(self._ledger.entries(), time.time())
                ended_s = self._clock()
                self._until_s = ended_s + REST * (ended_s - began_s)
            return self._made
