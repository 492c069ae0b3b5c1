"""A page that is served, and requests to it as a browser and as a stranger send them."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from spanwise.store import Store
from spanwise.view import Source, ViewServer


Json: TypeAlias = Any
"""An answer, parsed."""

TOKEN = "t" * 43


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. Names of headers are in small letters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Served:
    """A server and who it is."""

    server: ViewServer

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self.server.server_port

    @property
    def address(self) -> str:
        """Where the page is, without the token."""
        return f"http://127.0.0.1:{self.port}"

    def raw(self, path: str, method: str = "GET", **headers: str) -> Response:
        """The answer to exactly this; `_` in names of headers stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            found = connection.getresponse()
            named = {name.lower(): value for name, value in found.getheaders()}
            return Response(found.status, named, found.read())

    def get(self, path: str, **headers: str) -> Response:
        """The answer to somebody with the cookie."""
        return self.raw(path, Cookie=f"spanwise_view_{self.port}={TOKEN}", **headers)

    def ask(self, path: str) -> Json:
        """The data at `/api/` + `path`, which must be there."""
        found = self.get(f"/api/{path}")
        assert found.status == 200, found.body
        return found.json


@contextlib.contextmanager
def served(store: Store, *, query_timeout_s: float = 8.0) -> Iterator[Served]:
    """The page over `store` until the end of the block."""
    with ViewServer(Source(store, query_timeout_s=query_timeout_s), token=TOKEN) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Served(server)
        finally:
            server.shutdown()
            thread.join()
