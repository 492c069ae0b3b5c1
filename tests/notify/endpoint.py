"""`Endpoint`: an HTTP server that keeps what it is sent and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeAlias


Json: TypeAlias = Any
"""A parsed body."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `hangs` says nothing until the server ends."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = "ok"
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One post."""

    path: str
    headers: Mapping[str, str]
    body: Json


class Endpoint:
    """Listens on a free loopback port; the first posts get `replies`, later ones 200."""

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[Request] = []
        self._replies = list(replies)
        self._ended = threading.Event()
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where to post to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/services/T0/B0/hidden-part"

    def wait_for(self, count: int, timeout_s: float = 10) -> list[Request]:
        """The posts, when there are `count` of them."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.requests) >= count, timeout_s), self.requests
        return list(self.requests)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                reply = endpoint._take(Request(self.path, dict(self.headers), body))
                if reply.hangs:
                    endpoint._ended.wait(30)
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body.encode())

            def log_message(self, *_: object) -> None:
                """Nothing: the test says what arrived."""

        return Handler

    def _take(self, request: Request) -> Reply:
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
            return self._replies.pop(0) if self._replies else Reply()
