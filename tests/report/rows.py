"""Rows and spans to draw, and what they look like drawn."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from spanwise.store import StoredSpan


START = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def drawn(table: Table, width: int = 160) -> list[str]:
    """The lines of `table` without colour, without blanks at their ends and without empty ones."""
    stream = io.StringIO()
    Console(file=stream, width=width, markup=False, emoji=False, highlight=False).print(table)
    return [line.strip() for line in stream.getvalue().splitlines() if line.strip()]


def span(number: int, parent: int | None = None, name: str = "chat gpt-4.1", **changes: Any) -> StoredSpan:
    """A model call of one second; `number` makes its id."""
    fields: dict[str, Any] = {
        "trace_id": "a" * 32,
        "span_id": f"{number:016x}",
        "parent_span_id": None if parent is None else f"{parent:016x}",
        "start": START,
        "duration_s": 1.0,
        "name": name,
        "kind": "client",
        "status": "unset",
        "error_type": None,
        "service": "shop",
        "operation": "chat",
        "provider": "openai",
        "request_model": "gpt-4.1",
        "response_model": "gpt-4.1",
        "input_tokens": 1200,
        "output_tokens": 300,
        "cache_read_tokens": None,
        "cache_write_tokens": None,
        "reasoning_tokens": None,
        "cost": Decimal("0.02"),
        "currency": "USD",
        "cost_status": "exact",
        "cost_reason": None,
        "time_to_first_chunk_s": None,
        "finish_reasons": ("stop",),
        "resends": 0,
        "refused": False,
        "redaction_count": 0,
        "redaction_kinds": (),
        "duplicate_of": None,
        "model_call": True,
    }
    return StoredSpan(**{**fields, **changes})


def step(number: int, parent: int | None = None, name: str = "answer", **changes: Any) -> StoredSpan:
    """A span that is no model call."""
    nothing: dict[str, Any] = dict.fromkeys(("input_tokens", "output_tokens", "cost", "currency", "cost_status"))
    return span(number, parent, name, **{**nothing, "model_call": False, "finish_reasons": (), **changes})
