"""OpenAI batches: requests in a file, answered within a day at half the price."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, mapping, put, text
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.instrument.codec.openai_usage import usage
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


CREATE_BATCH: Final = "create_batch"
"""The convention has no operation for it, and leaves the enumeration open."""

BATCH_TIER: Final = "batch"

_STATUS: Final = {
    "validating": values.GEN_AI_RESPONSE_STATUS_QUEUED,
    "finalizing": values.GEN_AI_RESPONSE_STATUS_IN_PROGRESS,
    "cancelling": values.GEN_AI_RESPONSE_STATUS_IN_PROGRESS,
    "expired": values.GEN_AI_RESPONSE_STATUS_INCOMPLETE,
}
_FINAL: Final = ("completed", "expired", "cancelled", "failed")


class OpenAIBatchCreate:
    """`POST /batches`. It spends nothing yet."""

    operation: ClassVar[str] = CREATE_BATCH
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"status"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """Where the requests go."""
        found: Attributes = {}
        put(found, attr.SPANWISE_BATCH_ENDPOINT, text(body.get("endpoint")))
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: the requests are in a file."""
        return {}

    def response(self, body: Json, /) -> Attributes:
        """Id and status, the model where it is known, how many requests there are and how they fared."""
        found: Attributes = {}
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        status = text(body.get("status"))
        put(found, attr.GEN_AI_RESPONSE_STATUS, _STATUS.get(status, status) if status else None)
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        put(found, attr.SPANWISE_BATCH_ENDPOINT, text(body.get("endpoint")))
        counts = mapping(body.get("request_counts"))
        put(found, attr.SPANWISE_BATCH_REQUESTS, count(counts.get("total")) or None)
        if status in _FINAL:
            put(found, attr.SPANWISE_BATCH_SUCCEEDED, count(counts.get("completed")))
            put(found, attr.SPANWISE_BATCH_FAILED, count(counts.get("failed")))
        return found

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: the answers are in a file."""
        return {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: batches do not stream."""
        return ChatReducer()


class OpenAIBatchFetch(OpenAIBatchCreate):
    """`GET /batches/{id}`: how far it is, and, once it is finished, what it took.

    A batch is polled. Its usage stands on the first fetch that finds it finished and on no other, see `Accounts`.

    Args:
        batch_id: the batch that is asked for.
        accounts: what was counted already.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE

    def __init__(self, batch_id: str, accounts: Accounts) -> None:
        self._batch_id = batch_id
        self._accounts = accounts

    def request(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """The batch."""
        return {attr.GEN_AI_RESPONSE_ID: self._batch_id}

    def response(self, body: Json, /) -> Attributes:
        """As for its making, with the tokens of the whole batch where nobody had them before."""
        found = super().response(body)
        if body.get("status") in _FINAL:
            billed = usage(body)
            if any(billed.values()) and not self._accounts.claim(self._batch_id):
                found.update(billed)
                found[attr.SPANWISE_RESPONSE_SERVICE_TIER] = BATCH_TIER
        return found
