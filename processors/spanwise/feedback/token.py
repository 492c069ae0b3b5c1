"""`Token`: the right to score one answer, signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final, Self, TypeAlias

import orjson

from spanwise.record import score
from spanwise.redact.key_ring import KeyRing


Payload: TypeAlias = Any
"""What a token says, parsed: the JSON border of this module."""

LONGEST: Final = 4096
"""Characters of a token."""

MOST_NAMES: Final = 16
LONGEST_LIFE_S: Final = 90 * 86400

_VERSION: Final = "f1"
# The same key may sign other things: a signature over one must not be one over another.
_PURPOSE: Final = b"spanwise feedback token f1."


class TokenError(ValueError):
    """A token that gives no right. The message is a fixed sentence and never quotes the token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What whoever holds the token may score. Its holder can read all of it.

    Attributes:
        names: the criteria it may be used for.
        expires_unix_s: the second at which it ends.
        trace_id: of the trace; 0 where only a response is named.
        span_id: of the span; 0 where the trace is meant, or a response.
        response_id: of the response; empty where none is named.
        user: who the scores are by; empty where the application does not say.
    """

    names: tuple[str, ...]
    expires_unix_s: int
    trace_id: int = 0
    span_id: int = 0
    response_id: str = ""
    user: str = ""

    def signed(self, keys: KeyRing) -> str:
        """The token as text of URL-safe characters, signed with the current key by HMAC-SHA256. About 10 us."""
        said = {
            "n": self.names,
            "e": self.expires_unix_s,
            **({"t": f"{self.trace_id:032x}"} if self.trace_id else {}),
            **({"s": f"{self.span_id:016x}"} if self.span_id else {}),
            **({"r": self.response_id} if self.response_id else {}),
            **({"u": self.user} if self.user else {}),
        }
        message = f"{_VERSION}.{keys.key_id}.{_text(orjson.dumps(said))}"
        return f"{message}.{_text(_signature(message, keys))}"

    @classmethod
    def opened(cls, text: str, keys: KeyRing, now_unix_s: float) -> Self:
        """The token that `text` is. The signature is compared in constant time, and before anything is read.

        Raises:
            TokenError: it was not signed with the current key, was changed, or has ended.
        """
        message, _, signature = text.rpartition(".")
        if len(text) > LONGEST or not text.isascii():
            raise TokenError("the token is not valid")
        if not hmac.compare_digest(signature.encode(), _text(_signature(message, keys)).encode()):
            raise TokenError("the token is not valid")
        token = cls._parsed(message)
        if now_unix_s >= token.expires_unix_s:
            raise TokenError("the token has expired")
        return token

    @classmethod
    def _parsed(cls, message: str) -> Self:
        version, _, rest = message.partition(".")
        if version != _VERSION:
            raise TokenError("the token is not valid")
        try:
            said: Payload = orjson.loads(_data(rest.partition(".")[2]))
            return cls(
                names=tuple(str(name) for name in said["n"]),
                expires_unix_s=int(said["e"]),
                trace_id=score.trace_id(said["t"]) if "t" in said else 0,
                span_id=score.span_id(said["s"]) if "s" in said else 0,
                response_id=str(said.get("r", "")),
                user=str(said.get("u", "")),
            )
        except (ValueError, TypeError, KeyError, AttributeError):
            raise TokenError("the token is not valid") from None


def _signature(message: str, keys: KeyRing) -> bytes:
    return hmac.digest(keys.key, _PURPOSE + message.encode(), hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _data(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise TokenError("the token is not valid") from None
