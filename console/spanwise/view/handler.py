"""`Handler`: one connection of a browser."""

from __future__ import annotations

import logging
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import parse_qs, unquote, urlsplit

from spanwise.view.answer import API, PAGES, answer, tag
from spanwise.view.asked import MAX_QUERY
from spanwise.view.asset import FOLDER, INDEX
from spanwise.view.document import document
from spanwise.view.gate import TOKEN
from spanwise.view.refusal import Refusal


if TYPE_CHECKING:
    from spanwise.view.server import ViewServer

_log = logging.getLogger(__name__)

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
"""What the page may do: load its own files and data. Text cannot become markup or script, by the browser's word."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""On every response."""

_JSON: Final = "application/json"
_CHECKED: Final = "no-cache"
"""Files of the page may lie in a browser's cache, which asks each time whether they still hold."""
_FORGOTTEN: Final = "no-store"
"""Telemetry may not: the page itself remembers the tag of what it shows."""
_TIMEOUT_S: Final = 60.0


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD. Never logs, and never echoes a path, a header or a token."""

    protocol_version = "HTTP/1.1"
    server_version = "spanwise"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = _TIMEOUT_S

    @property
    def _server(self) -> ViewServer:
        return cast("ViewServer", self.server)

    def do_GET(self) -> None:
        """The page, its files, or data."""
        try:
            parts = urlsplit(self.path)
            self._server.gate.check_host(self.headers)
            if self._has_opened(parts.path, parts.query):
                return
            self._server.gate.check_cookie(self.headers)
            self._serve(unquote(parts.path), parts.query)
        except Refusal as refusal:
            self._refuse(refusal)
        except ValueError:  # a path that is no URL
            self._refuse(Refusal(HTTPStatus.BAD_REQUEST, "the path is not a URL"))

    do_HEAD = do_GET  # noqa: N815 - the base class's naming

    def do_POST(self) -> None:
        """Nothing here can be changed."""
        self.close_connection = True
        self._refuse(Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "this page only reads"))

    do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_POST  # noqa: N815 - the base class's naming

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - the base class's interface
        """A request that cannot be parsed: its status, and nothing of what it said."""
        self.close_connection = True
        self._refuse(Refusal(HTTPStatus(code), HTTPStatus(code).phrase.lower()))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's interface
        """Nothing: an access log would hold the token."""

    def _has_opened(self, path: str, query: str) -> bool:
        """Whether the request brought the token in its URL; the answer leads to the same page without it."""
        if path.startswith(API) or len(query) > MAX_QUERY:
            return False
        tokens = parse_qs(query).get(TOKEN)
        if not tokens or not self._server.gate.admits(tokens[0]):
            return False
        clean = path if path.startswith("/") and not path.startswith("//") else "/"
        headers = {"Location": clean, "Set-Cookie": self._server.gate.cookie(), "Cache-Control": "no-store"}
        self._send(HTTPStatus.SEE_OTHER, b"", "text/plain", headers)
        return True

    def _serve(self, path: str, query: str) -> None:
        if path.startswith(API):
            self._server.gate.check_site(self.headers)
            self._serve_data(path.removeprefix(API), query)
            return
        first, _, rest = path.removeprefix("/").partition("/")
        name = rest if first == FOLDER else INDEX
        asset = self._server.assets.get(name)
        if asset is None or (first != FOLDER and first not in PAGES):
            raise Refusal(HTTPStatus.NOT_FOUND, "there is no such page")
        if self._is_known(asset.tag, _CHECKED):
            return
        self._send(HTTPStatus.OK, asset.content, asset.media_type, _marked(asset.tag, _CHECKED))

    def _serve_data(self, path: str, query: str) -> None:
        mark = tag(self._server.source, path, query)
        if self._is_known(mark, _FORGOTTEN):
            return
        self._send(HTTPStatus.OK, answer(self._server.source, path, query), _JSON, _marked(mark, _FORGOTTEN))

    def _is_known(self, mark: str, kept: str) -> bool:
        """Whether the browser has this already; it is told so."""
        if self.headers.get("If-None-Match") != f'"{mark}"':
            return False
        self._send(HTTPStatus.NOT_MODIFIED, b"", None, _marked(mark, kept))
        return True

    def _refuse(self, refusal: Refusal) -> None:
        # A script reads JSON, a person the same sentence as text.
        path = getattr(self, "path", "")
        as_json = path.startswith(API)
        content = document({"error": refusal.message}) if as_json else f"spanwise: {refusal.message}\n".encode()
        media_type = _JSON if as_json else "text/plain; charset=utf-8"
        self._send(refusal.status, content, media_type, {"Cache-Control": "no-store"})

    def _send(self, status: HTTPStatus, content: bytes, media_type: str | None, headers: dict[str, str]) -> None:
        try:
            self.send_response(status)
            for name, value in {**HEADERS, **headers}.items():
                self.send_header(name, value)
            if media_type:
                self.send_header("Content-Type", media_type)
            if status is not HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(content)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
            self.wfile.flush()
        except OSError:
            _log.debug("a browser went away")
            self.close_connection = True


def _marked(mark: str, kept: str) -> dict[str, str]:
    return {"ETag": f'"{mark}"', "Cache-Control": kept}
