"""`Feedback`: scores that come from a browser with a token."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Self, TypeAlias

import orjson
from google.rpc import code_pb2

from spanwise.collector.rate import Rate
from spanwise.collector.refusal import Refusal
from spanwise.feedback import FeedbackConfig, Token, TokenError
from spanwise.record import ScoreRecord
from spanwise.record.score import said
from spanwise.redact import KeyRing
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Document: TypeAlias = Any
"""The parsed body of a request: the JSON border of this module."""

MAX_BODY_BYTES: Final = 16 * 1024
"""The longest token and comment fit, even of characters that take three bytes."""

MOST_PER_TOKEN: Final = 20
"""Scores that one token gives: a person may change their mind, a page that was copied may not fill a store."""

_KEYS: Final = frozenset({"token", "name", "value", "comment"})


class Feedback:
    """Turns the body of a request into a score, if its token gives the right to it. Shared by all connections.

    Args:
        keys: the key that tokens are signed with.
        origins: origins of pages whose scripts may send feedback.
        per_minute: scores taken in a minute, of all tokens together.
        now_unix_s: the clock that tokens end by.
    """

    def __init__(
        self,
        keys: KeyRing,
        origins: tuple[str, ...] = (),
        per_minute: int = 600,
        now_unix_s: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self._origins = frozenset(origin.lower() for origin in origins)
        self._now_unix_s = now_unix_s
        self._rate = Rate(per_minute, MOST_PER_TOKEN)

    @classmethod
    def of(cls, config: FeedbackConfig) -> Self | None:
        """The endpoint that `config` describes; `None` without a key."""
        return None if config.keys is None else cls(config.keys, config.origins, config.per_minute)

    def allows(self, origin: str) -> bool:
        """Whether a page of `origin` may send feedback. A request that names none does not come from a page."""
        return not origin or origin.lower() in self._origins

    def score(self, body: bytes | bytearray) -> ScoreRecord:
        """The score in `body`, a JSON object with `token`, `name`, `value` and perhaps `comment`.

        Raises:
            Refusal: `body` is no such object, its token gives no right to this name, or the rate is used up. The
                message quotes nothing of it.
        """
        document = _document(body)
        token = self._token(document["token"], document["name"])
        if not self._rate.take(document["token"]):
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, code_pb2.RESOURCE_EXHAUSTED, "too many scores", 60)
        try:
            attributes = said(
                document["name"],
                document["value"],
                comment=document.get("comment"),
                source=values.SPANWISE_SCORE_SOURCE_HUMAN,
                user=token.user or None,
            )
        except (TypeError, ValueError):
            raise Refusal.malformed("value or comment is of a type or length that is not accepted") from None
        if token.response_id:
            attributes[attr.GEN_AI_RESPONSE_ID] = token.response_id
        return ScoreRecord(token.trace_id, token.span_id, int(self._now_unix_s() * 1e9), attributes)

    def _token(self, text: str, name: str) -> Token:
        try:
            token = Token.opened(text, self._keys, self._now_unix_s())
        except TokenError as error:
            raise Refusal(HTTPStatus.FORBIDDEN, code_pb2.PERMISSION_DENIED, str(error)) from None
        if name not in token.names:
            raise Refusal(HTTPStatus.FORBIDDEN, code_pb2.PERMISSION_DENIED, "the token is not for this name")
        return token


def _document(body: bytes | bytearray) -> Document:
    try:
        document: Document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Refusal.malformed("the body is not JSON") from None
    if not isinstance(document, dict) or not {"token", "name", "value"} <= document.keys() <= _KEYS:
        raise Refusal.malformed("accepted is an object with token, name, value and perhaps comment")
    if not isinstance(document["token"], str) or not isinstance(document["name"], str):
        raise Refusal.malformed("token and name are text")
    return document
