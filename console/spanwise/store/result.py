"""What the store's queries return."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeAlias


StoredJson: TypeAlias = Any
"""A document column, parsed."""


class Dimension(StrEnum):
    """What a cost report can be grouped by."""

    MODEL = "model"
    PROVIDER = "provider"
    USER = "user"
    SESSION = "session"
    PROMPT = "prompt"
    SERVICE = "service"
    DAY = "day"
    TENANT = "tenant"
    FEATURE = "feature"


@dataclass(frozen=True, slots=True)
class CostRow:
    """What the calls sharing one value of a dimension cost.

    `cost_usd` is `None` when no call had a known price. `foreign` counts calls priced in another currency, which are
    not in the sum. `estimated` counts calls in the sum whose price is an estimate, `blocked` calls that a budget
    refused: they were never made and are not `unpriced`. Token sums are 0 when no call reported any.
    """

    key: str | None
    calls: int
    errors: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    reasoning_tokens: int
    cost_usd: Decimal | None
    unpriced: int
    estimated: int
    foreign: int
    blocked: int
    p50_s: float | None
    p95_s: float | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """What the calls of one UTC day, provider, model, currency and cost status used and cost.

    `cost` is `None` where no call has a price. The bucket costs are in the same currency and 0 where a price has none,
    as one that a provider sent. Token sums are 0 where no call reported any; `silent` counts calls that reported none.
    """

    day: date
    provider: str | None
    model: str | None
    currency: str | None
    status: str | None
    calls: int
    silent: int
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    cost: Decimal | None
    cost_input: Decimal
    cost_cache_read: Decimal
    cost_cache_write: Decimal
    cost_output: Decimal


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """Failed calls of one error class and model."""

    error_type: str
    model: str | None
    provider: str | None
    calls: int
    last: datetime
    last_trace_id: str


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """How long the calls of one model took, in seconds; first-chunk figures only where calls streamed."""

    model: str | None
    calls: int
    p50_s: float
    p95_s: float
    max_s: float
    first_chunk_p50_s: float | None
    first_chunk_p95_s: float | None
    output_tokens_per_s: float | None


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One trace in a list, with the sums of its model calls."""

    trace_id: str
    start: datetime
    duration_s: float
    name: str
    service: str | None
    spans: int
    calls: int
    errors: int
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal | None
    unpriced: int
    estimated: int
    redactions: int


@dataclass(frozen=True, slots=True)
class StoredSpan:
    """One span as a report needs it. Tokens and cost are `None` where unknown; `start` is in UTC.

    `blocked` is a call that a budget refused, which was never made.
    """

    trace_id: str
    span_id: str
    parent_span_id: str | None
    start: datetime
    duration_s: float
    name: str
    kind: str
    status: str
    error_type: str | None
    service: str | None
    operation: str | None
    provider: str | None
    request_model: str | None
    response_model: str | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_tokens: int | None
    cache_write_tokens: int | None
    reasoning_tokens: int | None
    cost: Decimal | None
    currency: str | None
    cost_status: str | None
    cost_reason: str | None
    time_to_first_chunk_s: float | None
    finish_reasons: tuple[str, ...]
    resends: int
    refused: bool
    redaction_count: int
    redaction_kinds: tuple[str, ...]
    duplicate_of: str | None
    model_call: bool
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class StoredDocuments:
    """What one span carried, whole: its attributes, events and links, and the attributes of its resource."""

    attributes: StoredJson
    events: StoredJson
    links: StoredJson
    resource: StoredJson


SPAN_FIELDS: Final = tuple(field.name for field in fields(StoredSpan))
"""Names of `StoredSpan`, which are those of the columns they come from; `blocked` is found among the attributes."""


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """How much a store holds. Times are in UTC, `None` when it is empty; `bytes` is the size of its files."""

    spans: int
    calls: int
    traces: int
    oldest: datetime | None
    newest: datetime | None
    bytes: int
