"""Anthropic message batches: many requests at once, answered within a day at half the price."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.anthropic_messages import anthropic_usage
from spanwise.instrument.codec.codec import NOTHING, Attributes, Json
from spanwise.instrument.codec.field import count, items, mapping, put, text
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


CREATE_BATCH: Final = "create_batch"
"""The convention has no operation for it, and leaves the enumeration open."""

_STATUS: Final = {
    "in_progress": values.GEN_AI_RESPONSE_STATUS_IN_PROGRESS,
    "canceling": values.GEN_AI_RESPONSE_STATUS_IN_PROGRESS,
    "ended": values.GEN_AI_RESPONSE_STATUS_COMPLETED,
}
_FAILED: Final = ("errored", "canceled", "expired")
_ANYTHING: Final = re.compile(rb"\{")
_ENDPOINT: Final = "/v1/messages"


class AnthropicBatchCreate:
    """`POST /v1/messages/batches`. It spends nothing yet. Requests are counted, not captured."""

    operation: ClassVar[str] = CREATE_BATCH
    gate: ClassVar[re.Pattern[bytes]] = _ANYTHING
    last: ClassVar[re.Pattern[bytes]] = NOTHING

    def request(self, body: Json, /) -> Attributes:
        """How many requests, and their model where it is one for all."""
        requests = items(body.get("requests"))
        found: Attributes = {attr.SPANWISE_BATCH_ENDPOINT: _ENDPOINT}
        put(found, attr.SPANWISE_BATCH_REQUESTS, len(requests) or None)
        models = {text(mapping(mapping(entry).get("params")).get("model")) for entry in requests}
        put(found, attr.GEN_AI_REQUEST_MODEL, models.pop() if len(models) == 1 else None)
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: a batch has up to 100,000 requests."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Id and status."""
        found: Attributes = {}
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        put(found, attr.GEN_AI_RESPONSE_STATUS, _STATUS.get(text(body.get("processing_status")) or ""))
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> ResultReducer:
        """A reducer, for the interface: the making of a batch does not stream."""
        return ResultReducer(0)


class AnthropicBatchResults:
    """`GET /v1/messages/batches/{id}/results`: the answers, one a line.

    Their tokens are summed on the span of the fetch that reads them first, see `Accounts`: a second fetch counts what
    the first left unread. Where the answers are of several models their sum has no model, and so no price.

    Args:
        batch_id: the batch that is asked for.
        accounts: what was counted already.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE
    gate: ClassVar[re.Pattern[bytes]] = _ANYTHING
    last: ClassVar[re.Pattern[bytes]] = NOTHING
    lines: ClassVar[bool] = True
    """The body is lines of JSON, whatever its type says."""

    def __init__(self, batch_id: str, accounts: Accounts) -> None:
        self._batch_id = batch_id
        self._accounts = accounts

    def request(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """The batch."""
        return {attr.GEN_AI_RESPONSE_ID: self._batch_id, attr.SPANWISE_BATCH_ENDPOINT: _ENDPOINT}

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """What a reducer made of the lines: model, tokens, and how the requests fared."""
        found = anthropic_usage(mapping(body.get("usage")))
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        put(found, attr.SPANWISE_BATCH_SUCCEEDED, count(body.get("succeeded")))
        put(found, attr.SPANWISE_BATCH_FAILED, count(body.get("failed")))
        lines = count(body.get("lines"))
        if lines is not None:
            self._accounts.claim(self._batch_id, lines)
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: a batch has up to 100,000 answers."""
        return {}

    def reducer(self) -> ResultReducer:
        """A reducer for lines that leaves out those counted before."""
        return ResultReducer(self._accounts.claim(self._batch_id, 0))


class ResultReducer:
    """Lines of results as their sum.

    Args:
        counted: lines at the beginning whose tokens were counted already.
    """

    def __init__(self, counted: int) -> None:
        self._counted = counted
        self._lines = 0
        self._fates = {"succeeded": 0, "failed": 0}
        self._usage: dict[str, Any] = {}
        self._models: set[str] = set()
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one line."""
        result = mapping(event.get("result"))
        kind = result.get("type")
        self._lines += 1
        if kind == "succeeded":
            self._fates["succeeded"] += 1
            if self._lines > self._counted:
                self._answer(mapping(result.get("message")))
        elif kind in _FAILED:
            self._fates["failed"] += 1

    def _answer(self, message: Json) -> None:
        if len(self._models) < 16:
            self._models.add(text(message.get("model")) or "")
        _sum(self._usage, mapping(message.get("usage")))

    def body(self) -> Json:
        """The sum so far."""
        model = next(iter(self._models)) if len(self._models) == 1 else None
        return {"usage": self._usage, "model": model, "lines": self._lines, **self._fates}


def _sum(total: dict[str, Any], added: Json) -> None:
    """Add counts to counts; of words, as the tier, the first stays where all are equal."""
    for key, value in added.items():
        if isinstance(value, dict):
            nested = total.setdefault(key, {})
            if isinstance(nested, dict):
                _sum(nested, value)
        elif (counted := count(value)) is not None:
            held = total.get(key, 0)
            total[key] = held + counted if isinstance(held, int) else counted
        elif isinstance(value, str):
            total[key] = value if total.get(key, value) == value else ""
