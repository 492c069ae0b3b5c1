"""Middleware: every span that a request causes says who it is from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace

from spanwise.application import AsgiContext, WsgiContext
from tests.application.conftest import Spans


def work(name: str) -> None:
    """One span."""
    with trace.get_tracer("app").start_as_current_span(name):
        pass


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """An application that makes a span for its path and answers."""
    work(scope["path"] if scope["type"] == "http" else scope["type"])
    await send({"type": "http.response.start"})


def who(scope: Any) -> dict[str, str] | None:
    """The user of the header, nobody without one."""
    headers = dict(scope["headers"])
    return {"user": headers[b"x-user"].decode(), "session": "s"} if b"x-user" in headers else None


async def request(app: Any, path: str, *headers: tuple[bytes, bytes]) -> list[Any]:
    """What the application sends."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await app({"type": "http", "path": path, "headers": list(headers)}, None, send)
    return sent


async def test_a_request_has_its_user(spans: Spans) -> None:
    """As the function of the application says; one without a user has none, and the next is nobody else's."""
    app = AsgiContext(asgi, who=who)
    assert await request(app, "a", (b"x-user", b"u")) == [{"type": "http.response.start"}]
    await request(app, "b")
    assert spans.said("a") == {"user.id": "u", "session.id": "s"}
    assert spans.said("b") == {}


async def test_what_is_no_request_is_passed_on(spans: Spans) -> None:
    """A lifespan has no headers and nobody is asked about it."""

    async def send(message: Any) -> None:
        del message

    await AsgiContext(asgi, who=lambda _: 1 / 0)({"type": "lifespan"}, None, send)  # type: ignore[arg-type,return-value]
    assert spans.said("lifespan") == {}


@pytest.mark.parametrize("answer", [lambda _: 1 / 0, lambda _: {"nobody": "x"}, lambda _: "u", lambda _: {}])
async def test_a_function_that_is_wrong_stops_no_request(
    spans: Spans, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    """It raises, or says what is no keyword of a context: the request is answered without one."""
    monkeypatch.delenv("SPANWISE_RAISE")
    assert await request(AsgiContext(asgi, who=answer), "a")
    list(WsgiContext(wsgi, who=answer)({"PATH_INFO": "b"}, lambda *_: None))
    assert spans.said("a") == spans.said("b") == {}


class Body:
    """A streamed body that makes spans, and one more when it is closed."""

    def __init__(self) -> None:
        self._left = [b"1", b"2"]

    def __iter__(self) -> Iterator[bytes]:
        while self._left:
            work("piece")
            yield self._left.pop(0)

    def close(self) -> None:
        """As WSGI has it."""
        work("closed")


def wsgi(environ: Any, start_response: Any) -> Any:
    """Answers with a list, or with a stream."""
    work(environ["PATH_INFO"])
    start_response("200 OK", [])
    return Body() if environ["PATH_INFO"] == "stream" else [b"all"]


def test_a_wsgi_request_has_its_user(spans: Spans) -> None:
    """Also what makes the pieces of a streamed body; what the server does between them is not inside."""
    app = WsgiContext(wsgi, who=lambda environ: {"user": environ["USER"]})
    assert app({"PATH_INFO": "list", "USER": "a"}, lambda *_: None) == [b"all"]
    body = app({"PATH_INFO": "stream", "USER": "b"}, lambda *_: None)
    pieces = []
    for piece in body:
        work("server")
        pieces.append(piece)
    body.close()  # type: ignore[attr-defined]
    assert pieces == [b"1", b"2"]
    said = {span.name: dict(span.attributes or {}) for span in spans.all()}
    assert said["list"] == {"user.id": "a"}
    assert said["stream"] == said["piece"] == said["closed"] == {"user.id": "b"}
    assert said["server"] == {}
