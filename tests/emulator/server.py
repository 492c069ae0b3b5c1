"""The emulator: a loopback HTTP server, the requests it received, and its scenarios."""

from __future__ import annotations

import hashlib
import socket
import threading
from dataclasses import dataclass, field, replace
from http.server import ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qsl

from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.handler import RequestHandler
from tests.emulator.provider_error import ANTHROPIC_ERRORS, OPENAI_ERRORS, bad_request, error_reply
from tests.emulator.reply import Reply, StreamReply
from tests.emulator.route import Route, read_json
from tests.emulator.scenario import Scenario, ScenarioError
from tests.emulator.script import Script
from tests.emulator.table import find_route


@dataclass(slots=True)
class ReceivedRequest:
    """One request as it came over the wire, and how its answer went."""

    number: int
    path: str
    """The path without the query."""
    query: str
    headers: dict[str, str]
    """Header values by lower-case name."""
    body: Json
    """The parsed JSON body; empty where it was none."""
    scenario: Scenario = field(default_factory=Scenario)
    """What was done with it; `default` once a fault's failures were used up."""
    status: int | None = None
    """The HTTP status that was sent; `None` where none was."""
    outcome: str = "open"
    """`complete`; `cut` where the emulator broke the connection; `client_gone` where the client did."""
    method: str = "POST"


class Emulator:
    """Serves both providers on a free port of 127.0.0.1 while the context is open.

    `requests` keeps the newest `keep_requests`. `default` is the scenario of requests that ask for none.
    """

    def __init__(self, *, port: int = 0, default: Scenario | str = "default", keep_requests: int = 10_000) -> None:
        self.requests: list[ReceivedRequest] = []
        self.closing = threading.Event()
        self._script = Script(Scenario.parse(default) if isinstance(default, str) else default)
        self._keep = keep_requests
        self._received = 0
        self._lock = threading.Lock()
        self._server = _Server(self, port)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="emulator", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """The server's root, with no slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def openai_url(self) -> str:
        """What `OPENAI_BASE_URL` has to be."""
        return f"{self.url}/v1"

    @property
    def anthropic_url(self) -> str:
        """What `ANTHROPIC_BASE_URL` has to be."""
        return self.url

    def enqueue(self, scenario: Scenario | str, **options: str | float | bool | None) -> None:
        """Give the next call this scenario, all its retries included: `enqueue("rate_limit", times=2)`.

        Calls take queued scenarios in order. A call with an `x-emulator` header leaves the queue alone.

        Raises:
            ScenarioError: No such scenario.
            TypeError: No such option.
        """
        chosen = Scenario.parse(scenario) if isinstance(scenario, str) else scenario
        self._script.enqueue(replace(chosen, **options))  # type: ignore[arg-type]  # dataclass fields by keyword

    def wait_for(self, count: int, *, timeout_s: float = 2.0) -> list[ReceivedRequest]:
        """The received requests, as soon as `count` of them have an outcome; or after the time-out, as they are."""
        waiting = threading.Event()
        for _ in range(int(timeout_s / 0.005)):
            if sum(request.outcome != "open" for request in self.requests) >= count:
                break
            waiting.wait(0.005)
        return list(self.requests)

    def close(self) -> None:
        """Stop: end waiting answers, close every connection, join every thread. Safe to call twice."""
        if self.closing.is_set():
            return
        self.closing.set()
        if self._thread.ident is not None:
            self._server.shutdown()
            self._thread.join()
        self._server.close_all()

    def receive(self, method: str, target: str, headers: dict[str, str], raw: bytes) -> tuple[ReceivedRequest, Reply]:
        """Record one request and decide its answer. Called by the handler's threads."""
        path, _, query = _origin_form(target).partition("?")
        route, named = find_route(method, path)
        body = route.reads(headers, raw) if route else read_json(headers, raw)
        with self._lock:
            self._received += 1
            request = ReceivedRequest(self._received, path, query, headers, body or {}, method=method)
            self.requests.append(request)
            del self.requests[: max(0, len(self.requests) - self._keep)]
        return request, self._answer(request, raw, route, named, readable=body is not None)

    def _answer(
        self, request: ReceivedRequest, raw: bytes, route: Route | None, named: dict[str, str], *, readable: bool
    ) -> Reply:
        request_id = f"req_emu-{request.number:04d}"
        if route is None:
            shape = ANTHROPIC_ERRORS if "anthropic-version" in request.headers else OPENAI_ERRORS
            return bad_request("Unknown request URL.", shape, request_id, status=404)
        try:
            key = (request.path, hashlib.blake2b(raw, digest_size=16).digest())
            request.scenario = self._script.choose(request.headers, key)
        except ScenarioError as error:
            return bad_request(f"x-emulator: {error}", route.errors, request_id)
        if request.scenario.status is not None:
            return error_reply(request.scenario, route.errors, request_id)
        if not readable:
            return bad_request("We could not parse the JSON body of your request.", route.errors, request_id)
        given = {*request.body, *(("model",) if {"model", "deployment"} & named.keys() else ())}
        if missing := [name for name in route.required if name not in given]:
            return bad_request(f"Missing required parameter: '{missing[0]}'.", route.errors, request_id)
        try:
            query = dict(parse_qsl(request.query, max_num_fields=64))
            reply = route.answer(Call(request.number, request.body, request.scenario, named, query))
            # All frames are made before the first is sent: a request that cannot be served is a 400, not half a stream.
            return replace(reply, frames=list(reply.frames)) if isinstance(reply, StreamReply) else reply
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError) as error:
            said = f"The request body has a field of the wrong type: {type(error).__name__}: {error}"
            return bad_request(said, route.errors, request_id)


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that closing waits for no idle client."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, emulator: Emulator, port: int) -> None:
        self.emulator = emulator
        self._open: dict[threading.Thread, socket.socket] = {}
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), RequestHandler)

    def process_request_thread(
        self, request: socket.socket | tuple[bytes, socket.socket], client_address: object
    ) -> None:
        assert isinstance(request, socket.socket)
        with self._open_lock:
            self._open[threading.current_thread()] = request
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._open_lock:
                self._open.pop(threading.current_thread(), None)

    def close_all(self) -> None:
        with self._open_lock:
            connections = dict(self._open)
        for connection in connections.values():
            # The handler may have closed it since; then there is nothing to shut down.
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in connections:
            thread.join(timeout=5)
        self.server_close()


def _origin_form(target: str) -> str:
    """A request's target without scheme and host, which a client may name though it asks no proxy (RFC 9112, 3.2.2)."""
    if not target.startswith(("http://", "https://")):
        return target
    return "/" + target.partition("://")[2].partition("/")[2]
