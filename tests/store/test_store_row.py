"""Whatever a span holds, it is stored, and what has no valid value is unknown."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spanwise.record import AttributeValue, Event, Resource, SpanRecord
from spanwise.store import Dimension, Store, cost_amount
from spanwise.store.document import MAX_DEPTH, json_text
from tests.store.calls import call


TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
SCALAR = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | TEXT | st.binary(max_size=9)
VALUE: st.SearchStrategy[AttributeValue] = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
NAMES = st.sampled_from(
    [
        "gen_ai.operation.name",
        "gen_ai.request.model",
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.cost.amount",
        "gen_ai.usage.cost.currency",
        "gen_ai.response.time_to_first_chunk",
        "spanwise.redaction.kinds",
        "spanwise.redaction.count",
        "spanwise.cost.status",
        "error.type",
        "user.id",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    attributes=st.dictionaries(NAMES | TEXT, VALUE, max_size=6),
    name=TEXT,
    start=st.integers(-5, 2**64),
    resource=st.dictionaries(st.just("service.name") | TEXT, VALUE, max_size=2),
    number=st.integers(1, 2**64 - 1),
)
def test_any_span_can_be_stored(
    tmp_path: Path,
    attributes: dict[str, AttributeValue],
    name: str,
    start: int,
    resource: dict[str, AttributeValue],
    number: int,
) -> None:
    """No value of any kind in any place makes a batch fail, and every query still works."""
    record = SpanRecord(name, number, number, start_unix_nano=start, end_unix_nano=start + 5, attributes=attributes)
    record.resource = Resource(resource)
    record.events = [Event(name, start, attributes)]
    store = Store(tmp_path / "any.duckdb")
    store.write([record, call(1, trace=2**127)])
    assert store.cost(Dimension.MODEL)
    assert store.trace_ids(f"{2**127:032x}") or store.trace_ids(f"{number:032x}")
    assert store.traces()


@pytest.mark.parametrize("amount", [-1, math.nan, math.inf, True, "0.1", 1e9, None])
def test_a_cost_that_is_none(amount: AttributeValue) -> None:
    """An amount that cannot be one is unknown."""
    assert cost_amount(call(1, gen_ai__usage__cost__amount=amount)) is None


def test_a_cost_of_zero_is_known() -> None:
    """A call that was free cost zero, which is not the same as unknown."""
    assert cost_amount(call(1, gen_ai__usage__cost__amount=0)) == Decimal(0)


def test_documents_hold_the_whole_span(tmp_path: Path) -> None:
    """Attributes, events, resource and scope are stored whole as JSON beside the typed columns."""
    long = "x" * 5_000
    record = call(1, gen_ai__input__messages=long, own=("a", 1, {"b": b"\x00\xff"}))
    record.events = [Event("e", 7, {"k": "v"})]
    path = tmp_path / "whole.duckdb"
    Store(path).write([record])
    with duckdb.connect(str(path), read_only=True) as connection:
        cells = connection.execute("SELECT attributes, events, resource, scope_attributes FROM spans").fetchone()
    assert cells is not None
    attributes, events, resource, scope = (json.loads(cell) for cell in cells)
    assert attributes["gen_ai.input.messages"] == long
    assert attributes["own"] == ["a", 1, {"b": "AP8="}]
    assert events == [{"name": "e", "time_unix_nano": 7, "attributes": {"k": "v"}}]
    assert resource == {"service.name": "shop"}
    assert scope["version"] == "1"


def test_depth_is_bounded() -> None:
    """A value nested a thousand deep becomes text without exhausting the stack."""
    value: object = "\ud800"
    for _ in range(1_000):
        value = [value]
    assert json_text(value).count("[") <= MAX_DEPTH


def test_numbers_json_lacks() -> None:
    """Infinite numbers become null, integers beyond 64 bits text, and surrogates a question mark."""
    assert json.loads(json_text([math.nan, 2**70, "\udcff", 2**64 - 1])) == [None, str(2**70), "?", 2**64 - 1]
