"""One connection: reads requests, writes answers, and breaks them where a scenario asks for it."""

from __future__ import annotations

import json
import socket
import zlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, cast

from tests.emulator.reply import JsonReply, StreamReply
from tests.emulator.scenario import Scenario


if TYPE_CHECKING:
    from tests.emulator.server import Emulator, ReceivedRequest, _Server

_MAX_BODY_BYTES = 32 * 1024 * 1024
_GZIP_WINDOW = 31
"""zlib's sign for a gzip container with the largest window."""


class _CutError(Exception):
    """The scenario wants the connection gone."""


class RequestHandler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive. Every event of a stream is its own write and its own HTTP chunk."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 0

    def do_POST(self) -> None:
        """Answer one call."""
        size = _body_size(self.headers.get("content-length"))
        if "transfer-encoding" in self.headers or size is None:
            self.send_error(HTTPStatus.LENGTH_REQUIRED)
            return
        if size > _MAX_BODY_BYTES:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        raw = self.rfile.read(size)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request, reply = self._emulator.receive(self.command, self.path, headers, raw)
        try:
            self._send(request, reply)
            request.outcome = "complete"
        except _CutError:
            request.outcome = "cut"
            self._hang_up()
        except OSError:
            request.outcome = "client_gone"
            self.close_connection = True

    def do_GET(self) -> None:
        """Answer one call that has no body."""
        self.do_POST()

    def do_DELETE(self) -> None:
        """Answer one call that has no body."""
        self.do_POST()

    def handle(self) -> None:
        """Serve the connection until either side closes it."""
        # A client that resets an idle connection is no fault of the emulator's.
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing: a test's output is its own."""

    @property
    def _emulator(self) -> Emulator:
        return cast("_Server", self.server).emulator

    def _send(self, request: ReceivedRequest, reply: JsonReply | StreamReply) -> None:
        scenario = request.scenario
        if scenario.name == "drop":
            raise _CutError
        if scenario.name != "slow_chunks" and scenario.wait_s:
            self._emulator.closing.wait(scenario.wait_s)
        if isinstance(reply, StreamReply):
            self._send_stream(request, reply)
        else:
            self._send_json(request, reply)

    def _send_json(self, request: ReceivedRequest, reply: JsonReply) -> None:
        scenario = request.scenario
        body = reply.body
        if scenario.name == "malformed_body" and reply.status == HTTPStatus.OK:
            body = body[: len(body) // 2]
        zipped = scenario.gzip or scenario.name == "gzip"
        if zipped:
            packer = zlib.compressobj(wbits=_GZIP_WINDOW)
            body = packer.compress(body) + packer.flush()
        headers = {"content-type": "application/json", "content-length": str(len(body))} | reply.headers
        head = self._head(request, reply.status, headers | _encoding(zipped=zipped))
        request.status = reply.status
        if scenario.name == "disconnect":
            self._write(head + body[: len(body) // 2], scenario)
            raise _CutError
        self._write(head + body, scenario)

    def _send_stream(self, request: ReceivedRequest, reply: StreamReply) -> None:
        scenario = request.scenario
        zipped = scenario.gzip or scenario.name == "gzip"
        packer = zlib.compressobj(wbits=_GZIP_WINDOW) if zipped else None
        newline = "\r\n" if scenario.crlf or scenario.name == "crlf" else "\n"
        pause_s = scenario.wait_s if scenario.name == "slow_chunks" else 0.0
        headers = {"content-type": reply.content_type, "transfer-encoding": "chunked"}
        head = self._head(
            request, 200, headers | {"cache-control": "no-cache"} | reply.headers | _encoding(zipped=zipped)
        )
        request.status = 200
        self._write(head, scenario)
        for frame in reply.frames:
            if frame.cut:
                raise _CutError
            data = frame.encode(newline)
            if packer is not None:
                data = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
            self._write(_chunk(data), scenario)
            if pause_s and self._emulator.closing.wait(pause_s):
                raise _CutError
        tail = _chunk(packer.flush()) if packer is not None else b""
        self._write(tail + b"0\r\n\r\n", scenario)

    def _head(self, request: ReceivedRequest, status: int, headers: dict[str, str]) -> bytes:
        request_id = f"req_emu-{request.number:04d}"
        fixed = {"request-id": request_id, "x-request-id": request_id, "server": "emulator"}
        added = json.loads(request.scenario.headers or "{}")
        lines = [f"{name}: {value}" for name, value in (fixed | headers | added).items()]
        phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Overloaded"
        return "\r\n".join([f"HTTP/1.1 {status} {phrase}", *lines, "", ""]).encode("latin-1")

    def _write(self, data: bytes, scenario: Scenario) -> None:
        step = scenario.fragment_bytes or len(data)
        for start in range(0, len(data), step):
            self.connection.sendall(data[start : start + step])

    def _hang_up(self) -> None:
        self.close_connection = True
        # The client may have hung up first.
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            self.close_connection = True


def _body_size(written: str | None) -> int | None:
    """The announced size; 0 where there is no body, `None` where it is no number."""
    if written is None:
        return 0
    return int(written) if written.isascii() and written.isdecimal() else None


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def _encoding(*, zipped: bool) -> dict[str, str]:
    return {"content-encoding": "gzip"} if zipped else {}
