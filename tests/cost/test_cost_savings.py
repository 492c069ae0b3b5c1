"""What input from a cache would have cost more: exact, and not said where it is not known."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.trace import SpanKind

from spanwise.cost import Cost, PriceBook
from spanwise.cost.config import CostConfig
from spanwise.record import SpanRecord


SAVED = "spanwise.cost.cache_savings"
NOON = int(datetime(2026, 3, 1, 12, tzinfo=UTC).timestamp())
COST = Cost(CostConfig(book=PriceBook.bundled()))


def priced(model: str, **changes: Any) -> dict[str, Any]:
    """Attributes of one call of `model` after the cost step."""
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": 1_000,
        "gen_ai.usage.output_tokens": 100,
        "gen_ai.usage.cache_read.input_tokens": 400,
        **changes,
    }
    present = {key: value for key, value in attributes.items() if value is not None}
    record = SpanRecord(
        "chat", 1, 2, kind=SpanKind.CLIENT, start_unix_nano=NOON * 10**9, end_unix_nano=(NOON + 1) * 10**9,
        attributes=present,
    )  # fmt: skip
    return dict(COST(record).attributes)


def test_savings_of_cached_input() -> None:
    """gpt-4.1 takes 2 USD for a million input tokens and 0.50 from the cache: 400 of them save 0.0006."""
    found = priced("gpt-4.1")
    assert found[SAVED] == 0.0006
    assert found["gen_ai.usage.cost.amount"] == 0.0022


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        ("gpt-4.1", {"gen_ai.usage.cache_read.input_tokens": None}),
        ("gpt-4.1", {"gen_ai.usage.cache_read.input_tokens": 0}),
        ("gpt-4", {}),
        ("nobody-knows", {}),
        ("gpt-4.1", {"gen_ai.usage.input_tokens": 10}),
        ("gpt-4.1", {"gen_ai.usage.input_tokens": None}),
        ("gpt-4.1", {"gen_ai.operation.name": "invoke_agent"}),
        ("gpt-4.1", {"spanwise.duplicate_of": "00f067aa0ba902b7"}),
        (
            "gpt-4.1",
            {
                "gen_ai.usage.cost.amount": 0.1,
                "gen_ai.usage.cost.currency": "USD",
                "gen_ai.usage.cost.source": "provider",
            },
        ),
    ],
    ids=[
        "no cache", "nothing read", "no price for the cache", "unknown model", "inconsistent", "no total", "agent",
        "duplicate", "sent by the provider",
    ],
)  # fmt: skip
def test_no_savings_where_they_are_not_known(model: str, changes: dict[str, Any]) -> None:
    """Without both prices and counts that make sense there is no number, not even 0."""
    assert SAVED not in priced(model, **changes)


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(["gpt-4.1", "gpt-4o", "gpt-5-mini"]),
    st.integers(1, 2_000_000),
    st.integers(0, 100_000),
    st.floats(0.001, 1),
)
def test_with_the_savings_the_call_costs_what_it_would_uncached(
    model: str, input_tokens: int, output_tokens: int, part: float
) -> None:
    """Amount and savings together are the price of the same call with nothing from the cache."""
    cached = max(1, int(input_tokens * part))
    usage = {"gen_ai.usage.input_tokens": input_tokens, "gen_ai.usage.output_tokens": output_tokens}
    found = priced(model, **usage, **{"gen_ai.usage.cache_read.input_tokens": cached})
    plain = priced(model, **usage, **{"gen_ai.usage.cache_read.input_tokens": None})
    whole = Decimal(str(found["gen_ai.usage.cost.amount"])) + Decimal(str(found[SAVED]))
    assert abs(whole - Decimal(str(plain["gen_ai.usage.cost.amount"]))) <= Decimal("1e-12") * (1 + whole)
    assert found[SAVED] >= 0
