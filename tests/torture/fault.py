"""Servers that fail below HTTP: nobody there, a reset connection, silence, a certificate nobody trusts."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final


MESSAGE: Final = "canary-message-2718"
"""In the message of every refusal: it must not be in a span."""


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


@contextmanager
def untrusted() -> Iterator[str]:
    """A TLS server whose certificate nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("loopback.pem"))

    def answer(connection: socket.socket) -> None:
        # The client hangs up in the middle of the handshake: that is what this server is for.
        with suppress(ssl.SSLError, OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with _server(answer) as address:
        yield f"https://{address}"


class Refusing:
    """A server that answers every request with one status and a JSON error.

    Args:
        status: of HTTP.
    """

    def __init__(self, status: int) -> None:
        self.status = status
        self.received = 0

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address, as long as it runs."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: _Refusal(self, *args))
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)


class _Refusal(BaseHTTPRequestHandler):
    def __init__(self, owner: Refusing, *args: Any) -> None:
        self._owner = owner
        super().__init__(*args)

    def do_POST(self) -> None:
        """Refuse, and ask for another attempt at once."""
        self._owner.received += 1
        self.rfile.read(int(self.headers.get("content-length", "0")))
        body = json.dumps({"type": "error", "error": {"message": f"refused, {MESSAGE}", "type": "some_error"}}).encode()
        self.send_response(self._owner.status)
        for name, value in (("content-type", "application/json"), ("content-length", len(body)), ("retry-after-ms", 1)):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""
