"""A webhook that prints the alerts it gets, as a chat room would show them."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self


_MOST_BYTES: Final = 1 << 20


class Webhook:
    """Listens on a free port of 127.0.0.1 while it is entered.

    Attributes:
        received: `firing` or `resolved`, and the summary, of each alert.
        url: where alerts are posted to.
    """

    def __init__(self) -> None:
        self.received: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, body: bytes) -> None:
        for alert in json.loads(body)["alerts"]:
            self.received.append((alert["status"], alert["annotations"]["summary"]))
            print(f"  webhook got: [{alert['status']}] {alert['annotations']['summary']}", flush=True)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                take(self.rfile.read(min(int(self.headers.get("content-length", 0)), _MOST_BYTES)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Print nothing for each request."""

        return Handler
