"""Promises that hold for any spans in any order."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from spanwise.dedupe import Dedupe
from spanwise.record import Scope, SpanRecord
from tests.dedupe.sample import UNIQUE, call, marks, tokens, without_usage


SCOPES = tuple(f"suite.{letter}" for letter in "abcdef")
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(
    [
        "gen_ai.operation.name",
        "gen_ai.response.id",
        "gen_ai.request.model",
        "gen_ai.response.model",
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.cost.amount",
        "error.type",
        "spanwise.duplicate_of",
    ]
)


@st.composite
def one_call(draw: st.DrawFn) -> list[SpanRecord]:
    """A framework's span around any number of suites' spans, one of each suite, with or without the provider's id."""
    inner = draw(st.integers(1, 5))
    spans = [call(1, scope=SCOPES[0], took=2)]
    for number in range(inner):
        at = draw(st.floats(0.5, 0.6))
        response_id = UNIQUE if draw(st.booleans()) else None
        spans.append(call(2 + number, parent=1, scope=SCOPES[1 + number], at=at, gen_ai__response__id=response_id))
    return draw(st.permutations(spans))


@st.composite
def scattered_call(draw: st.DrawFn) -> list[SpanRecord]:
    """Spans of one response id anywhere: any parents, suites and times within the window, traces of equal tokens."""
    spans = [
        call(
            number,
            parent=draw(st.integers(0, 6)),
            trace=draw(st.integers(1, 2)),
            scope=draw(st.sampled_from(SCOPES)),
            at=draw(st.floats(0, 50)),
            gen_ai__response__id=UNIQUE,
        )
        for number in range(1, draw(st.integers(2, 7)))
    ]
    return draw(st.permutations(spans))


@given(one_call() | scattered_call())
def test_exactly_one_counts_in_any_order(spans: list[SpanRecord]) -> None:
    """Of the spans of one call exactly one counts, the first, whatever the order; the others name it, without usage."""
    found = marks(*spans)
    assert found[0] is None
    assert [mark[0] for mark in found[1:] if mark is not None] == [spans[0].span_id] * (len(spans) - 1)
    assert tokens(*spans) == 1240


@given(st.integers(1, 8), st.data())
def test_wrappers_in_the_order_they_end(depth: int, data: st.DataObject) -> None:
    """A chain of wrappers that end from the inside out is one call, other calls in between or not."""
    chain = [call(100 + level, parent=101 + level, scope=f"level.{level}") for level in range(depth)]
    others = [call(number, parent=50, at=3.0 * number) for number in range(1, data.draw(st.integers(1, 5)))]
    order = data.draw(st.permutations([True] * len(chain) + [False] * len(others)))
    links, rest = iter(chain), iter(others)
    marks(*(next(links) if is_link else next(rest) for is_link in order))
    assert "spanwise.duplicate_of" not in chain[0].attributes
    assert all(span.attributes["spanwise.duplicate_of"] == f"{100:016x}" for span in chain[1:])
    assert not any("spanwise.duplicate_of" in span.attributes for span in others)


@given(st.integers(1, 4), st.integers(1, 4), st.booleans(), st.data())
def test_parallel_calls_count_once_each(calls: int, suites: int, nested: bool, data: st.DataObject) -> None:
    """So many equal calls at once, each seen by so many suites, count as so many calls, in any order of arrival."""
    spans = []
    for number in range(calls):
        for suite in range(suites):
            span_id = 100 + 10 * number + suite
            parent = 100 + 10 * number if nested and suite else 9
            spans.append(call(span_id, parent=parent, scope=f"suite.{suite}"))
    found = marks(*data.draw(st.permutations(spans)))
    assert found.count(None) == calls
    assert tokens(*spans) == calls * 1240


@given(
    st.lists(
        st.tuples(
            st.sampled_from(SCOPES[:2]), st.integers(1, 3), st.integers(0, 3), st.sampled_from([{}, without_usage()])
        ),
        max_size=20,
    )
)
def test_without_duplicates_nothing_changes(plans: list[tuple[str, int, int, dict[str, Any]]]) -> None:
    """Calls one after the other, each with an answer of its own, stay as they are, of whatever suite and place."""
    spans = [
        call(
            100 + number,
            scope=scope,
            trace=trace,
            parent=parent,
            at=2 * number,
            gen_ai__response__id=f"{UNIQUE}{number}",
            **changes,
        )
        for number, (scope, trace, parent, changes) in enumerate(plans)
    ]
    before = deepcopy(spans)
    assert marks(*spans) == [None] * len(spans)
    assert spans == before


@given(one_call() | scattered_call())
def test_idempotent(spans: list[SpanRecord]) -> None:
    """A second run over what the first left, by another instance in the same order, changes nothing."""
    marks(*spans)
    before = deepcopy(spans)
    marks(*spans)
    assert spans == before


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(0, 3),
            st.integers(0, 3),
            st.integers(-(2**63), 2**64),
            st.integers(-(2**63), 2**64),
            st.dictionaries(names | st.text(max_size=20), anything, max_size=8),
        ),
        max_size=8,
    )
)
def test_hostile_spans(plans: list[tuple[int, int, int, int, int, dict[str, Any]]]) -> None:
    """Values of any type, ids that collide and times out of order never raise, drop a span, or repeat nothing."""
    step, ids = Dedupe(), {0}
    for trace, span_id, parent, start, end, attributes in plans:
        span = SpanRecord("x", trace, span_id, parent, start_unix_nano=start, end_unix_nano=end, attributes=attributes)
        attributes.setdefault("gen_ai.operation.name", "chat")
        span.scope = Scope(SCOPES[trace])
        marked = "spanwise.duplicate_of" in attributes
        assert step(span) is span
        if not marked and (original := span.attributes.get("spanwise.duplicate_of")) is not None:
            assert int(str(original), 16) in ids - {span_id}
        ids.add(span_id)
