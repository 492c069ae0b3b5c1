"""A process of the tests of baggage: `server` answers with what its spans say, `client` calls it by a library.

The client's requests: the server's address, the library and the keywords of `spanwise.context` as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from spanwise import context
from spanwise.application import WsgiContext


class Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Nothing."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The attributes of a span that is made here, and the header; `/to/HOST` sends to another name of this server."""
    if environ["PATH_INFO"].startswith("/to/"):
        place = f"http://{environ['PATH_INFO'][4:]}:{environ['SERVER_PORT']}/"
        start_response("302 Found", [("Location", place)])
        return [b""]
    with trace.get_tracer("server").start_as_current_span("work") as span:
        said = {"attributes": dict(span.attributes or {}), "header": environ.get("HTTP_BAGGAGE", "")}  # type: ignore[attr-defined]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]


def serve() -> None:
    """Serve until the input ends; the port is the first line of the output."""
    import threading

    trace.set_tracer_provider(TracerProvider())
    app = WsgiContext(
        application, who=lambda environ: {"tenant": environ["HTTP_X_TENANT"]} if "HTTP_X_TENANT" in environ else None
    )
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    server.shutdown()


def call(url: str, library: str) -> str:
    """The answer to a request with `library`."""
    if library == "requests":
        import requests

        return requests.get(url, timeout=10).text
    import httpx

    if library == "httpx":
        return httpx.get(url, timeout=10, follow_redirects=True).text
    return asyncio.run(aiohttp_call(url))


async def aiohttp_call(url: str) -> str:
    """The answer to a request with `aiohttp`."""
    import aiohttp

    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()


if __name__ == "__main__":
    if sys.argv[1] == "server":
        serve()
    else:
        with context(**json.loads(sys.argv[4])):
            sys.stdout.write(call(sys.argv[2], sys.argv[3]))
