"""No loss on SIGTERM under `spanwise run`."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType

from spanwise.pipeline.leaving import Provider


def flush_on_sigterm(*providers: Provider) -> bool:
    """Whether SIGTERM now shuts `providers` down before it ends the process as it would have.

    The default action of SIGTERM runs no exit handler, and the SDK loses what is queued. A handler of the
    application's own is left alone, and one that it sets later replaces this.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        return False

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signal module's interface
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for provider in providers:
            provider.shutdown()
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    return True
