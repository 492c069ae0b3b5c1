"""The end of the process: every provider shut down at once, within one bound."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from spanwise.pipeline import pending
from spanwise.pipeline.boundary import shield
from spanwise.pipeline.underway import UNDERWAY


class Provider(Protocol):
    """A provider of the SDK."""

    def shutdown(self) -> None:
        """Flush and end."""
        ...


def leave_within(providers: Sequence[Provider], timeout_s: float, prepare: Callable[[], None]) -> None:
    """Have `providers` shut down together at exit, and let go of those that take longer than `timeout_s` seconds.

    The SDK's own exit handlers would run one after the other, each as long as its exporter retries: about 30 s with
    nobody at the endpoint. They are taken out; what is left of a queue after the bound is lost, as it would be then.

    Args:
        providers: who is shut down.
        timeout_s: seconds that their exporters may take.
        prepare: own work that has to be done before anything can be exported; it does not count against the bound.
    """
    for provider in providers:
        atexit.unregister(provider.shutdown)
    atexit.register(leave, providers, timeout_s, prepare)


def leave(providers: Sequence[Provider], timeout_s: float, prepare: Callable[[], None]) -> None:
    """Shut `providers` down together, for at most `timeout_s` seconds after `prepare` is done."""
    prepare()
    deadline_s = time.monotonic() + timeout_s
    pending.settle(timeout_s)
    threads = [
        threading.Thread(target=shield, args=("exit", provider.shutdown), name="spanwise-exit", daemon=True)
        for provider in providers
    ]
    for number, thread in enumerate(threads):
        try:
            thread.start()
        except RuntimeError:
            # Too late for threads: one after the other, as the SDK would.
            for provider in providers[number:]:
                shield("exit", provider.shutdown)
            break
    for thread in threads:
        if thread.ident is not None:
            thread.join(max(deadline_s - time.monotonic(), 0))
    UNDERWAY.close()
