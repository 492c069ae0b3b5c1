"""`Receiver`: an OTLP/HTTP endpoint on this machine that keeps every body as it came."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Receiver:
    """Takes whatever is posted, under any path, and answers that all is well."""

    def __init__(self) -> None:
        bodies: dict[str, list[bytes]] = {}

        class Handler(BaseHTTPRequestHandler):
            """Keeps bodies."""

            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                """Keep the body, and its headers: a value may hide there as well."""
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                bodies.setdefault(self.path, []).append(str(self.headers).encode() + body)
                self.send_response(200)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's interface
                """Nothing: this is no log."""

        self._bodies = bodies
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, name="spanwise-proof", daemon=True)

    @property
    def url(self) -> str:
        """Base URL, without a path."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def received(self, path: str) -> bytes:
        """All that was posted to `path`, in order."""
        return b"\n".join(self._bodies.get(path, ()))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
