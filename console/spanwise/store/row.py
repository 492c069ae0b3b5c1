"""One `SpanRecord` as a row of the store."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeAlias

from opentelemetry.trace import StatusCode

from spanwise.record import Event, Link, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store.document import json_text, utf8


Cell: TypeAlias = str | int | float | bool | None

MODEL_OPERATIONS: Final = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
        values.GEN_AI_OPERATION_NAME_EMBEDDINGS,
    }
)
"""Operations that ask a model for work. Agents and workflows only contain such calls."""

_PERHAPS_MODEL_OPERATIONS: Final = frozenset(
    {values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE, values.GEN_AI_OPERATION_NAME_RETRIEVAL}
)
"""Operations behind which a model has worked where they have a price, or are without one though they cost something."""

MAX_TEXT: Final = 1024
"""Characters kept in a typed column; the document columns hold the value whole."""

_INT64_MAX: Final = (1 << 63) - 1
_MAX_COST: Final = Decimal(999_999)
_COST_STEP: Final = Decimal("1e-12")


def row(span: SpanRecord) -> tuple[Cell, ...]:
    """The cells of `span` in the order of `schema.COLUMNS`. What has no valid value is `None`, never 0."""
    return (
        *_identity(span),
        *_call(span),
        *_usage(span),
        *cost_cells(span),
        *_ending(span),
        *_who(span),
        *_documents(span),
    )


def is_model_call(span: SpanRecord) -> bool:
    """Whether `span` is one call to a model that counts. Duplicates do not, nor do calls that judge others.

    The operation says so; where it has none that the conventions know, a call is what a price was looked for. So is a
    fetch that is the first to know what a response in the background took, and a retrieval that a model ranked.
    """
    if attr.SPANWISE_DUPLICATE_OF in span.attributes or attr.SPANWISE_EVALUATION_RUN in span.attributes:
        return False
    operation = span.text(attr.GEN_AI_OPERATION_NAME)
    if operation in values.GEN_AI_OPERATION_NAME and operation not in _PERHAPS_MODEL_OPERATIONS:
        return operation in MODEL_OPERATIONS
    return attr.SPANWISE_COST_STATUS in span.attributes


def cost_amount(span: SpanRecord) -> Decimal | None:
    """The cost of `span` in its currency, to 12 decimals; `None` when absent, negative, not finite or out of range."""
    value = span.attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    amount = Decimal(repr(value))
    if not 0 <= amount <= _MAX_COST:
        return None
    return amount.quantize(_COST_STEP, rounding=ROUND_HALF_UP)


def error_type(span: SpanRecord) -> str | None:
    """Why `span` failed: its `error.type`, `_OTHER` when only its status says so, `None` when it did not fail."""
    return span.text(attr.ERROR_TYPE) or ("_OTHER" if span.status is StatusCode.ERROR else None)


def cost_cells(span: SpanRecord) -> tuple[Cell, ...]:
    """The cells of `span` that say what it cost: amount, currency, status, reason, book."""
    amount = cost_amount(span)
    currency = span.text(attr.GEN_AI_USAGE_COST_CURRENCY) or "USD"
    return (
        None if amount is None else f"{amount:f}",
        None if amount is None else _short(currency),
        *_texts(span, attr.SPANWISE_COST_STATUS, attr.SPANWISE_COST_REASON, attr.SPANWISE_COST_BOOK),
    )


def _identity(span: SpanRecord) -> tuple[Cell, ...]:
    start_ns = min(max(span.start_unix_nano, 0), _INT64_MAX)
    return (
        f"{span.trace_id:032x}",
        f"{span.span_id:016x}",
        f"{span.parent_span_id:016x}" if span.parent_span_id else None,
        start_ns // 1000,
        start_ns,
        min(max(span.end_unix_nano, 0), _INT64_MAX),
        span.duration_s,
        _short(span.name) or "",
        span.kind.name.lower(),
        span.status.name.lower(),
        _short(span.status_description),
    )


def _call(span: SpanRecord) -> tuple[Cell, ...]:
    service = span.resource.attributes.get(attr.SERVICE_NAME)
    return (
        _short(error_type(span)),
        _short(service if isinstance(service, str) else None),
        _short(span.scope.name),
        *_texts(
            span,
            attr.GEN_AI_OPERATION_NAME,
            attr.GEN_AI_PROVIDER_NAME,
            attr.GEN_AI_REQUEST_MODEL,
            attr.GEN_AI_RESPONSE_MODEL,
        ),
    )


def _usage(span: SpanRecord) -> tuple[Cell, ...]:
    return (
        _count(span, attr.GEN_AI_USAGE_INPUT_TOKENS),
        _count(span, attr.GEN_AI_USAGE_OUTPUT_TOKENS),
        _count(span, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS),
        _count(span, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS),
        _count(span, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS),
    )


def _ending(span: SpanRecord) -> tuple[Cell, ...]:
    reasons = span.attributes.get(attr.GEN_AI_RESPONSE_FINISH_REASONS)
    return (
        _seconds(span, attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK),
        json_text(reasons) if reasons else None,
        _count(span, attr.HTTP_REQUEST_RESEND_COUNT),
        span.attributes.get(attr.SPANWISE_RESPONSE_REFUSED) is True,
    )


def _who(span: SpanRecord) -> tuple[Cell, ...]:
    kinds = span.attributes.get(attr.SPANWISE_REDACTION_KINDS)
    return (
        *_texts(
            span,
            attr.USER_ID,
            attr.SESSION_ID,
            attr.GEN_AI_CONVERSATION_ID,
            attr.GEN_AI_PROMPT_NAME,
            attr.GEN_AI_PROMPT_VERSION,
            attr.SPANWISE_TENANT,
        ),
        _count(span, attr.SPANWISE_REDACTION_COUNT),
        json_text(kinds) if kinds else None,
        *_texts(span, attr.SPANWISE_DUPLICATE_OF),
        is_model_call(span),
        *_texts(span, attr.SPANWISE_PROCESSED),
    )


def _documents(span: SpanRecord) -> tuple[Cell, ...]:
    return (
        _short(span.trace_state),
        span.flags,
        json_text(span.attributes),
        json_text([_event(event) for event in span.events]),
        json_text([_link(link) for link in span.links]),
        json_text(span.resource.attributes),
        json_text({"version": span.scope.version, "attributes": span.scope.attributes}),
    )


def _event(event: Event) -> dict[str, object]:
    return {"name": event.name, "time_unix_nano": event.time_unix_nano, "attributes": event.attributes}


def _link(link: Link) -> dict[str, object]:
    return {
        "trace_id": f"{link.trace_id:032x}",
        "span_id": f"{link.span_id:016x}",
        "trace_state": link.trace_state,
        "attributes": link.attributes,
    }


def _texts(span: SpanRecord, *names: str) -> tuple[str | None, ...]:
    return tuple(_short(span.text(name)) for name in names)


def _short(text: str | None) -> str | None:
    return utf8(text[:MAX_TEXT]) if text else None


def _count(span: SpanRecord, name: str) -> int | None:
    value = span.count(name)
    return value if value is not None and value <= _INT64_MAX else None


def _seconds(span: SpanRecord, name: str) -> float | None:
    value = span.attributes.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return float(value)
