"""`Gate`: who may see the page."""

from __future__ import annotations

import hmac
import secrets
from email.message import Message
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Final

from spanwise.view.refusal import Refusal


TOKEN: Final = "token"  # noqa: S105 - its name
"""The parameter of a URL that opens the page."""

_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")
_OWN_SITE: Final = frozenset({"", "none", "same-origin"})
_MOST_COOKIE: Final = 8192


class Gate:
    """Lets in whoever has the token, under a name of this machine only.

    The token is 256 random bits, made anew for each server. It comes in a URL once and from then on in a cookie that
    scripts cannot read and other sites cannot send. Cookies of one host are shared by its ports, so the cookie's name
    holds the port.
    """

    def __init__(self, port: int, token: str | None = None) -> None:
        self._token = token or secrets.token_urlsafe(32)
        self._cookie = f"spanwise_view_{port}"
        self._hosts = frozenset(f"{name}:{port}" for name in _NAMES)
        self.url = f"http://127.0.0.1:{port}/?{TOKEN}={self._token}"
        """What opens the page; it holds the token."""

    def check_host(self, headers: Message) -> None:
        """Nothing, when the request came under a name of this machine.

        A page elsewhere can point a name of its own at 127.0.0.1; the Host header gives it away.

        Raises:
            Refusal: 403, another name; or another site asks for data.
        """
        if headers.get("Host", "").lower() not in self._hosts:
            raise Refusal(HTTPStatus.FORBIDDEN, "the Host header names another machine; open http://127.0.0.1")

    def check_site(self, headers: Message) -> None:
        """Nothing, unless the browser says that another site asks.

        Raises:
            Refusal: 403.
        """
        if headers.get("Sec-Fetch-Site", "") not in _OWN_SITE:
            raise Refusal(HTTPStatus.FORBIDDEN, "another site may not read this")

    def check_cookie(self, headers: Message) -> None:
        """Nothing, when the cookie is right.

        Raises:
            Refusal: 401, it is missing or wrong.
        """
        if not self._is_token(self._sent(headers.get("Cookie", ""))):
            raise Refusal(
                HTTPStatus.UNAUTHORIZED, "this page needs the address that spanwise view printed, with its token"
            )

    def admits(self, token: str) -> bool:
        """Whether `token` is the right one; the time that takes says nothing about it."""
        return self._is_token(token)

    def cookie(self) -> str:
        """The header that makes a browser remember the token until it is closed."""
        return f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"

    def _sent(self, header: str) -> str:
        if len(header) > _MOST_COOKIE:
            return ""
        try:
            morsel = SimpleCookie(header).get(self._cookie)
        except CookieError:
            return ""
        return morsel.value if morsel else ""

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self._token.encode())
