"""An end for a conversation as a whole. A timeout of a socket only bounds each wait, and a slow peer never ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def ended_after(connection: socket.socket, timeout_s: float) -> Iterator[None]:
    """Within the block `connection` is shut down after `timeout_s`; who waits on it gets an `OSError` or its end."""

    def end() -> None:
        with suppress(OSError):  # it is closed already
            # The plain shutdown, also of a TLS connection: that of TLS would go on in plain text.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)

    timer = threading.Timer(timeout_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
