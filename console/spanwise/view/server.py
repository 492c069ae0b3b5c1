"""`ViewServer`: listens on loopback and serves the page."""

from __future__ import annotations

import logging
import socket
import threading
from http.server import ThreadingHTTPServer
from typing import Final, cast

from spanwise.view.asset import read_assets
from spanwise.view.gate import Gate
from spanwise.view.handler import Handler
from spanwise.view.source import Source


HOST: Final = "127.0.0.1"
MAX_CONNECTIONS: Final = 32

_log = logging.getLogger(__name__)


class ViewServer(ThreadingHTTPServer):
    """Serves the page over `source` at 127.0.0.1, to whoever has the token, and changes nothing.

    One thread per connection, connections bounded. `gate.url` opens the page.

    Raises:
        OSError: the port is taken.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, source: Source, *, port: int = 0, token: str | None = None) -> None:
        self.source = source
        self.assets = read_assets()
        self._slots = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._open: set[socket.socket] = set()
        super().__init__((HOST, port), Handler)
        self.gate = Gate(self.server_port, token)

    def server_bind(self) -> None:
        """Bind without asking the resolver for a name, which can take seconds where there is none."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Serve a connection on a thread of its own, or close it when all are taken."""
        if not self._slots.acquire(blocking=False):
            super().shutdown_request(cast("socket.socket", request))
            return
        self._open.add(cast("socket.socket", request))
        super().process_request(request, client_address)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        """Serve a connection to its end and free its place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.discard(cast("socket.socket", request))
            self._slots.release()

    def server_close(self) -> None:
        """Stop listening, and end the connections that browsers keep open."""
        super().server_close()
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's interface
        """A connection ended in an error: no traceback, which could quote what is stored."""
        _log.debug("a connection ended in an error")
