"""`Webhook`: what Alertmanager calls when it rings; keeps every post."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.stack.http import Json


@dataclass(frozen=True, slots=True)
class Post:
    """One notification. `at_s` is when it came, by `time.time`."""

    at_s: float
    path: str
    body: Json

    def alerts(self, name: str) -> list[dict[str, Json]]:
        """The firing alerts of that name in it."""
        return [
            alert
            for alert in self.body["alerts"]
            if alert["status"] == "firing" and alert["labels"]["alertname"] == name
        ]


class Webhook:
    """Listens on a free loopback port while the context is open; answers 200 to every POST of JSON."""

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="webhook", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where to post to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/alerts"

    def first(self, name: str, **labels: str) -> Post | None:
        """The earliest post with a firing alert of that name and labels; `None` when there was none yet."""
        for post in list(self.posts):
            for alert in post.alerts(name):
                if labels.items() <= alert["labels"].items():
                    return post
        return None

    def names(self) -> set[str]:
        """The names of all alerts that came as firing."""
        return {
            alert["labels"]["alertname"]
            for post in list(self.posts)
            for alert in post.body["alerts"]
            if alert["status"] == "firing"
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        posts = self.posts

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                posts.append(Post(time.time(), self.path, body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing: the posts are kept."""

        return Handler
