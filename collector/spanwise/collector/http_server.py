"""OTLP over HTTP: protobuf and JSON, gzip, within bounds."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, cast

from google.rpc import code_pb2

from spanwise.collector import body, reply
from spanwise.collector.bearer import Bearer
from spanwise.collector.config import CollectorConfig, is_loopback
from spanwise.collector.feedback import MAX_BODY_BYTES, Feedback
from spanwise.collector.intake import Intake
from spanwise.collector.refusal import Refusal


_log = logging.getLogger(__name__)
_JSON: Final = "application/json"
_PROTOBUF: Final = "application/x-protobuf"
_TRACES: Final = "/v1/traces"
_LOGS: Final = "/v1/logs"
_FEEDBACK: Final = "/v1/feedback"
_HEALTH: Final = "/healthz"
_BUDGETS: Final = "/v1/budgets"
_FEEDBACK_TYPES: Final = (_JSON, "text/plain")
"""What a script sends, and what `navigator.sendBeacon` makes of a text, which needs no question beforehand."""

_HEAR_OUT_S: Final = 1.0
_HEAR_OUT_BYTES: Final = 64 << 20
_PIECE_BYTES: Final = 256 * 1024


class HttpServer(ThreadingHTTPServer):
    """Listens for OTLP/HTTP. One thread per connection, connections bounded.

    Args:
        address: host and port to bind; port 0 takes a free one.
        intake: where bodies go.
        config: the limits.
        budgets: what budgets have spent, for processes that ask.
        bearer: who of them is told, whatever machine they are of; `None` tells this machine alone.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        intake: Intake,
        config: CollectorConfig,
        budgets: Callable[[], bytes] | None = None,
        bearer: Bearer | None = None,
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.intake = intake
        self.config = config
        self.budgets = budgets
        self.bearer = bearer
        self.loopback_only = is_loopback(address[0])
        self._slots = threading.BoundedSemaphore(config.max_connections)
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, Handler)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """Serve a connection on a thread of its own, or refuse it when all are taken."""
        connection = cast("socket.socket", request)
        if not self._slots.acquire(blocking=False):
            self._refuse(connection)
            return
        with self._open_lock:
            self._open.add(connection)
        super().process_request(connection, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection and free its place."""
        connection = cast("socket.socket", request)
        with self._open_lock:
            was_open = connection in self._open
            self._open.discard(connection)
        super().shutdown_request(connection)
        if was_open:
            self._slots.release()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base class's interface
        """A connection ended in an error: no traceback, which could quote the request."""
        _log.debug("a connection ended in an error")

    def close_connections(self) -> None:
        """Wake every thread that waits for a request."""
        with self._open_lock:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RD)
            except OSError:
                continue

    def _refuse(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(1.0)
            head = f"HTTP/1.1 503 Service Unavailable\r\nRetry-After: {self.config.retry_after_s}\r\n"
            connection.sendall(f"{head}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
        except OSError:
            _log.debug("a refused client went away")
        super().shutdown_request(connection)


class Handler(BaseHTTPRequestHandler):
    """One connection. Never echoes a body, a header or a token."""

    protocol_version = "HTTP/1.1"
    server_version = "spanwise"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def _server(self) -> HttpServer:
        return cast("HttpServer", self.server)

    def handle_one_request(self) -> None:
        """Wait for a request as long as an idle connection may, then read its head as fast as it must come."""
        self.connection.settimeout(self._server.config.idle_timeout_s)
        try:
            if not self.rfile.peek(1):  # type: ignore[attr-defined] # socketserver gives a BufferedReader
                self.close_connection = True
                return
        except OSError:
            self.close_connection = True
            return
        self.connection.settimeout(self._server.config.header_timeout_s)
        super().handle_one_request()

    def do_POST(self) -> None:
        """Take spans, scores or feedback."""
        is_feedback = self._route() == _FEEDBACK and self._feedback is not None
        is_json = is_feedback or self._content_type() == _JSON
        try:
            content = self._take_feedback() if is_feedback else self._take(is_json=is_json)
        except Refusal as refusal:
            self._refuse(refusal, is_json=is_json)
        except OSError:
            self.close_connection = True
        else:
            self._answer(HTTPStatus.OK, content, is_json=is_json)

    def do_OPTIONS(self) -> None:
        """Answer the question of a browser whether a page may send feedback."""
        if self._route() != _FEEDBACK or self._feedback is None:
            self._refuse_method()
        elif not self._feedback.allows(self.headers.get("Origin", "")):
            self._refuse(_wrong_origin(), is_json=True)
        else:
            self._answer(HTTPStatus.OK, b"", is_json=True)

    def do_GET(self) -> None:
        """Say that the collector is there."""
        if self.path == _HEALTH and self._host_is_ours():
            self._answer(HTTPStatus.OK, b"{}", is_json=True)
        elif self.path == _BUDGETS and self._server.budgets is not None:
            self._tell(self._server.budgets)
        else:
            self._refuse_method()

    def _tell(self, budgets: Callable[[], bytes]) -> None:
        """Sums name users and tenants: who is told has the token; without one it is who is on this machine.

        With a token it is asked of everybody. Behind a proxy all requests come from this machine.
        """
        bearer = self._server.bearer
        if bearer is None:
            if self._server.loopback_only and self._host_is_ours():
                self._answer(HTTPStatus.OK, budgets(), is_json=True)
            else:
                self._refuse_method()
        elif bearer.admits(self.headers.get_all("Authorization", [])):
            self._answer(HTTPStatus.OK, budgets(), is_json=True)
        else:
            status = HTTPStatus.UNAUTHORIZED
            self._refuse(Refusal(status, code_pb2.UNAUTHENTICATED, status.phrase.lower()), is_json=True)

    def _refuse_method(self) -> None:
        known = self._route() in self._routes()
        status = HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND
        self._refuse(Refusal(status, code_pb2.UNIMPLEMENTED, status.phrase.lower()), is_json=True)

    do_PUT = do_DELETE = do_PATCH = do_HEAD = _refuse_method  # noqa: N815 - the base class's naming

    @property
    def _feedback(self) -> Feedback | None:
        scoring = self._server.intake.scoring
        return scoring.feedback if scoring else None

    def _route(self) -> str:
        return self.path.partition("?")[0]

    def _routes(self) -> list[str]:
        """The paths that take something here."""
        if self._server.intake.scoring is None:
            return [_TRACES]
        return [_TRACES, _LOGS] if self._feedback is None else [_TRACES, _LOGS, _FEEDBACK]

    def _take(self, *, is_json: bool) -> bytes:
        """The answer to an OTLP request, which is queued then."""
        self._check_head()
        config = self._server.config
        sent = self._body(config.max_body_bytes, config.max_decoded_bytes)
        if self._route() == _LOGS:
            return reply.accepted_logs(self._server.intake.take_logs(sent, is_json=is_json), is_json=is_json)
        return reply.accepted(self._server.intake.take(sent, is_json=is_json), is_json=is_json)

    def _take_feedback(self) -> bytes:
        """The answer to feedback, which is queued then.

        The Host header is not asked: behind a proxy it is the proxy's, and what a page may do the token says.
        """
        assert self._feedback is not None
        if not self._feedback.allows(self.headers.get("Origin", "")):
            raise _wrong_origin()
        if self._content_type() not in _FEEDBACK_TYPES:
            message = "Content-Type must be application/json or text/plain"
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code_pb2.INVALID_ARGUMENT, message)
        self._server.intake.check_room()
        sent = self._body(MAX_BODY_BYTES, MAX_BODY_BYTES)
        self._server.intake.take_scores([self._feedback.score(sent)], len(sent))
        return b"{}"

    def _check_head(self) -> None:
        if not self._host_is_ours():
            # A page in a browser can reach loopback by a name of its own; the name gives it away.
            raise Refusal(HTTPStatus.FORBIDDEN, code_pb2.PERMISSION_DENIED, "the Host header names another machine")
        if self._route() not in self._routes():
            served = " and ".join(self._routes())
            raise Refusal(HTTPStatus.NOT_FOUND, code_pb2.UNIMPLEMENTED, f"only {served} is served")
        if self._content_type() not in (_JSON, _PROTOBUF):
            message = f"Content-Type must be {_PROTOBUF} or {_JSON}"
            raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code_pb2.INVALID_ARGUMENT, message)
        self._server.intake.check_room()

    def _body(self, most_sent: int, most_decoded: int) -> bytes | bytearray:
        source = Deadline(self, time.monotonic() + self._server.config.body_timeout_s)
        with self._server.intake.lease() as lease:
            sent = body.read(source, self.headers, most_sent, lease)
            return body.decoded(sent, self.headers.get("Content-Encoding", ""), most_decoded, lease)

    def _content_type(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def _host_is_ours(self) -> bool:
        host = self.headers.get("Host", "")
        name = host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]
        return not self._server.loopback_only or not host or is_loopback(name)

    def _refuse(self, refusal: Refusal, *, is_json: bool) -> None:
        self._server.intake.refused()
        # What is left of the body is unread: the connection cannot be used again.
        self.close_connection = True
        self._answer(refusal.status, reply.refused(refusal, is_json=is_json), is_json=is_json, refusal=refusal)
        self._hear_out()

    def _hear_out(self) -> None:
        """Read what is still sent after a refusal, and forget it, within bounds.

        A connection that is closed while its client sends is reset, and the answer may be lost with it (RFC 9112, 9.6).
        """
        until_s, left = time.monotonic() + _HEAR_OUT_S, _HEAR_OUT_BYTES
        try:
            self.connection.shutdown(socket.SHUT_WR)
            while left > 0 and (seconds := until_s - time.monotonic()) > 0:
                self.connection.settimeout(seconds)
                piece = self.rfile.read1(min(left, _PIECE_BYTES))
                if not piece:
                    return
                left -= len(piece)
        except OSError:
            return

    def _answer(self, status: HTTPStatus, content: bytes, *, is_json: bool, refusal: Refusal | None = None) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", _JSON if is_json else _PROTOBUF)
            self.send_header("Content-Length", str(len(content)))
            if refusal is not None and refusal.retry_after_s is not None:
                self.send_header("Retry-After", str(refusal.retry_after_s))
            if self.close_connection:
                self.send_header("Connection", "close")
            if self.path == _BUDGETS:
                self.send_header("Cache-Control", "no-store")
            if status == HTTPStatus.UNAUTHORIZED:
                self.send_header("WWW-Authenticate", "Bearer")
            self._say_origin()
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
            self.wfile.flush()
        except OSError:
            self.close_connection = True

    def _say_origin(self) -> None:
        """Tell a browser that the page it shows may see the answer, if it may."""
        origin = self.headers.get("Origin", "") if self._route() == _FEEDBACK and self._feedback else ""
        if not origin:
            return
        self.send_header("Vary", "Origin")
        if self._feedback is not None and self._feedback.allows(origin):
            self.send_header("Access-Control-Allow-Origin", origin)
            if self.command == "OPTIONS":
                self.send_header("Access-Control-Allow-Methods", "POST")
                self.send_header("Access-Control-Allow-Headers", "content-type")
                self.send_header("Access-Control-Max-Age", "600")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's interface
        """Nothing: an access log would hold paths that strangers chose."""


def _wrong_origin() -> Refusal:
    message = "pages of this origin may not send feedback"
    return Refusal(HTTPStatus.FORBIDDEN, code_pb2.PERMISSION_DENIED, message)


class Deadline:
    """A connection whose reads end at one moment, however slowly bytes drip in."""

    def __init__(self, handler: Handler, at_s: float) -> None:
        self._handler = handler
        self._at_s = at_s

    def read(self, size: int, /) -> bytes:
        """`size` bytes, fewer only at the end.

        Raises:
            TimeoutError: the moment has passed.
        """
        parts = bytearray()
        while len(parts) < size:
            self._arm()
            piece = self._handler.rfile.read1(size - len(parts))
            if not piece:
                break
            parts += piece
        return bytes(parts)

    def readline(self, size: int, /) -> bytes:
        """A line of at most `size` bytes.

        Raises:
            TimeoutError: the moment has passed.
        """
        self._arm()
        return self._handler.rfile.readline(size)

    def _arm(self) -> None:
        left_s = self._at_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        self._handler.connection.settimeout(left_s)
