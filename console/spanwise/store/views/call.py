"""What every other view reads: the spans that count, and the model calls among them."""

from __future__ import annotations

from typing import Final

from spanwise.semconv import attributes as attr
from spanwise.semconv import values
from spanwise.store import schema
from spanwise.store.views.view import Column, Kind, View


def text_attribute(name: str) -> str:
    """SQL for the attribute `name` as text, cut as typed columns are; NULL where a span has none.

    Looking for the name first spares most spans the parsing of all that they carry.
    """
    return f"""CASE WHEN contains(attributes, '"{name}"') THEN left(attributes->>'$."{name}"', 1024) END"""


def number_attribute(name: str, kind: str) -> str:
    """SQL for the attribute `name` as a number of the SQL type `kind`; NULL where it is none."""
    return f"try_cast({text_attribute(name)} AS {kind})"


BLOCKED: Final = (
    f"CASE WHEN cost IS NULL THEN coalesce({text_attribute(attr.SPANWISE_BUDGET_ACTION)}, '') "
    f"= '{values.SPANWISE_BUDGET_ACTION_BLOCK}' ELSE false END"
)
"""Whether a budget refused a call, in SQL: it was never made and needs no price."""

UNPRICED: Final = f"(cost IS NULL AND NOT {BLOCKED})"
"""Whether a span has no price, in SQL."""

FEATURE: Final = text_attribute(attr.SPANWISE_FEATURE)
MODEL: Final = "coalesce(request_model, response_model)"
SESSION: Final = "coalesce(session_id, conversation_id)"

_TYPED: Final = {
    "trace_id": (Kind.ID, "Trace, 32 hexadecimal digits."),
    "span_id": (Kind.ID, "Span, 16 hexadecimal digits."),
    "parent_span_id": (Kind.ID, "Span that this one ran in; NULL at the top of a trace."),
    "start": (Kind.MOMENT, "When it began."),
    "duration_s": (Kind.SECONDS, "How long it took."),
    "name": (Kind.TEXT, "Name of the span."),
    "error_type": (Kind.TEXT, "Why it failed; NULL where it did not."),
    "service": (Kind.TEXT, "Service that it ran in."),
    "operation": (Kind.TEXT, "As `gen_ai.operation.name`: chat, embeddings, execute_tool."),
    "provider": (Kind.TEXT, "Who was called."),
    "request_model": (Kind.TEXT, "Model asked for."),
    "response_model": (Kind.TEXT, "Model that answered."),
    "input_tokens": (Kind.TOKENS, "Tokens given, cached ones too; NULL where it did not say."),
    "output_tokens": (Kind.TOKENS, "Tokens made; NULL where it did not say."),
    "cache_read_tokens": (Kind.TOKENS, "Part of the input that was read from a cache."),
    "cache_write_tokens": (Kind.TOKENS, "Part of the input that was written to a cache."),
    "reasoning_tokens": (Kind.TOKENS, "Part of the output that was thought and not shown."),
    "cost": (Kind.NUMBER, "What it cost, in `currency`, to 12 decimals; NULL where that is unknown."),
    "currency": (Kind.TEXT, "Currency of `cost`."),
    "cost_status": (Kind.TEXT, "How well the cost is known: exact, estimated, provider, unpriced."),
    "cost_reason": (Kind.TEXT, "Why it is not known better."),
    "cost_book": (Kind.TEXT, "Price book that it was priced with."),
    "time_to_first_chunk_s": (Kind.SECONDS, "Time to the first chunk of a stream; NULL where none was read."),
    "resends": (Kind.COUNT, "Requests that the client library sent again; NULL where it did not say."),
    "refused": (Kind.FLAG, "Whether the model declined to answer."),
    "user_id": (Kind.TEXT, "User, as the application named it."),
    "prompt_name": (Kind.TEXT, "Name of the prompt."),
    "prompt_version": (Kind.TEXT, "Its version."),
    "tenant": (Kind.TEXT, "Tenant, as the application named it."),
    "model_call": (Kind.FLAG, "Whether it is a call to a model; agents and tools only contain such."),
}

_DERIVED: Final = {
    "day": (Kind.DAY, "Day on which it began.", "start::DATE"),
    "model": (
        Kind.TEXT,
        "Model asked for, or else the one that answered: a failed call has no other.",
        MODEL,
    ),
    "session": (Kind.TEXT, "Session, or else the conversation.", SESSION),
    "prompt": (Kind.TEXT, "Prompt as `name@version`.", "prompt_name || coalesce('@' || prompt_version, '')"),
    "cost_usd": (
        Kind.COST,
        "What it cost; NULL where that is unknown or in another currency.",
        "CASE WHEN currency = 'USD' THEN cost END",
    ),
    "unpriced": (
        Kind.FLAG,
        "Whether it has no price. A call that a budget refused was never made and needs none.",
        UNPRICED,
    ),
    "blocked": (Kind.FLAG, "Whether a budget refused it, so that it was never made.", BLOCKED),
    "estimated": (
        Kind.FLAG,
        "Whether `cost_usd` is an estimate.",
        f"coalesce(currency = 'USD' AND cost_status = '{values.SPANWISE_COST_STATUS_ESTIMATED}', false)",
    ),
    "feature": (Kind.TEXT, "Feature of the application.", FEATURE),
    "agent": (Kind.TEXT, "Name of the agent.", text_attribute(attr.GEN_AI_AGENT_NAME)),
    "prompt_fingerprint": (
        Kind.ID,
        "What tells a template from another where no prompt is named; NULL where one is.",
        text_attribute(attr.SPANWISE_PROMPT_FINGERPRINT),
    ),
    "response_id": (Kind.TEXT, "Id that the provider gave to the answer.", text_attribute(attr.GEN_AI_RESPONSE_ID)),
    "cache_savings_usd": (
        Kind.MONEY,
        "What input from a cache would have cost more as plain input; NULL where that is unknown.",
        number_attribute(attr.SPANWISE_COST_CACHE_SAVINGS, "DECIMAL(18,12)"),
    ),
    "cache_write_cost": (
        Kind.NUMBER,
        "Part of `cost` for what was written to a cache.",
        number_attribute(attr.SPANWISE_COST_CACHE_WRITE, "DECIMAL(18,12)"),
    ),
    "time_per_chunk_s": (
        Kind.SECONDS,
        "Time from one chunk of text to the next, on average.",
        number_attribute(attr.SPANWISE_RESPONSE_TIME_PER_OUTPUT_CHUNK, "DOUBLE"),
    ),
}

_COLUMNS: Final = (
    *(Column(name, kind, about) for name, (kind, about) in _TYPED.items()),
    *(Column(name, kind, about) for name, (kind, about, _) in _DERIVED.items()),
)
_SELECTED: Final = ", ".join((*_TYPED, *(f"{sql} AS {name}" for name, (_, _, sql) in _DERIVED.items())))

_JUDGES: Final = f"""contains(attributes, '"{attr.SPANWISE_EVALUATION_RUN}"')"""
"""Whether a span belongs to a run of evaluations, whose cost is none of the product's."""

OPERATIONS: Final = View(
    "operations",
    "One row for each span that counts: no repetition of another span, and nothing that only judges others.",
    _COLUMNS,
    f"SELECT {_SELECTED} FROM {schema.TABLE} WHERE duplicate_of IS NULL AND NOT {_JUDGES} AND {{period}}",  # noqa: S608 - constants of this module
    "start, span_id",
)

CALLS: Final = View(
    "calls",
    "One row for each model call that counts. All sums are sums of these.",
    _COLUMNS,
    "SELECT * FROM operations WHERE model_call",
    "cost_usd DESC NULLS LAST, start, span_id",
)

CALL_VIEWS: Final = (OPERATIONS, CALLS)
