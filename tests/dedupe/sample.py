"""Spans of model calls as the dedupe step receives them."""

from __future__ import annotations

from typing import Any

from spanwise.dedupe import Dedupe
from spanwise.record import AttributeValue, Scope, SpanRecord


START = 1_764_000_000_000_000_000
SECOND = 1_000_000_000
OURS, LANGCHAIN, OFFICIAL = "spanwise.openai", "openinference.instrumentation.langchain", "opentelemetry.openai_v2"
UNIQUE = "chatcmpl-AbC123dEf456GhI789jKlMnO01234"


def call(
    span_id: int,
    *,
    scope: str = OURS,
    parent: int = 0,
    trace: int = 1,
    at: float = 0,
    took: float = 1,
    **changes: Any,
) -> SpanRecord:
    """A chat that began `at` seconds and `took` so many. `changes`: attributes, `__` for a dot, `None` to leave out."""
    attributes: dict[str, AttributeValue] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
        "gen_ai.usage.input_tokens": 1240,
        "gen_ai.usage.output_tokens": 310,
    }
    attributes |= {name.replace("__", "."): value for name, value in changes.items()}
    start = START + int(at * SECOND)
    return SpanRecord(
        "chat",
        trace,
        span_id,
        parent,
        start_unix_nano=start,
        end_unix_nano=start + int(took * SECOND),
        attributes={name: value for name, value in attributes.items() if value is not None},
        scope=Scope(scope),
    )


def without_usage(**changes: Any) -> dict[str, Any]:
    """`changes` of a call whose usage nobody knows."""
    return {"gen_ai__usage__input_tokens": None, "gen_ai__usage__output_tokens": None, **changes}


def failed(error: str, **changes: Any) -> dict[str, Any]:
    """`changes` of a call that failed before any usage."""
    return without_usage(error__type=error, gen_ai__response__model=None, **changes)


def marks(*spans: SpanRecord, step: Dedupe | None = None) -> list[tuple[int, str] | None]:
    """For each of `spans`, seen in this order: the span it repeats and why; `None` for those that count."""
    ready = step or Dedupe()
    found: list[tuple[int, str] | None] = []
    for span in spans:
        assert ready(span) is span
        original = span.attributes.get("spanwise.duplicate_of")
        reason = span.attributes.get("spanwise.duplicate.reason")
        assert original is None or (isinstance(original, str) and len(original) == 16)
        found.append((int(str(original), 16), str(reason)) if original is not None else None)
    return found


def tokens(*spans: SpanRecord) -> int:
    """Input tokens on all of `spans` together: what a backend adds up."""
    return sum(span.count("gen_ai.usage.input_tokens") or 0 for span in spans)
