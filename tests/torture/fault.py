"""Servers that fail below HTTP: nobody there, a reset connection, silence, a certificate nobody trusts."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def closed_port() -> str:
    """An address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@contextmanager
def reset() -> Iterator[str]:
    """A server that resets every connection as soon as something is sent."""

    def answer(connection: socket.socket) -> None:
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    with _server(answer) as address:
        yield f"http://{address}"


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes every connection and says nothing."""
    with _server(lambda _: None) as address:
        yield f"http://{address}"


@contextmanager
def unaccepting() -> Iterator[str]:
    """A server whose queue of connections is full: whoever connects waits."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(listener.getsockname())
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            for connection in waiting:
                connection.close()


@contextmanager
def _server(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """`answer` for each connection, in a thread of its own; connections stay open until the end."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                    taken.append(connection)
                    answer(connection)
                except OSError:
                    return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for connection in taken:
                connection.close()
