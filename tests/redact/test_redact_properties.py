"""What holds for any input: no leak, no change to clean text, idempotence, no exception, linear time."""

from __future__ import annotations

import functools
import json
import string
from dataclasses import fields
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.record import Event, Link, Resource, Scope, SpanRecord
from spanwise.redact import ALL, RedactConfig, Redactor, drop_content
from spanwise.redact.budget import Budget
from spanwise.redact.scanner import Scanner
from spanwise.redact.scanner import scanner as bounded
from tests.redact.effort import Read, effort
from tests.redact.test_redact_carriers import CANARIES, SECRET


REDACTOR = Redactor()
PATIENT = Redactor(RedactConfig(max_span_s=60))  # the bound of time would hide what is looked for
# Pieces that make candidates, near misses and boundaries out of every kind.
PIECES = st.sampled_from([
    *CANARIES.values(), "4111111111111112", "1.2.3.", "10.0.0.", "123-45-", "6789", "@", "a@", "@b.co", "sk-",
    "sk-ant-",
    "AKIA", "eyJ", "://", "?key=", "&token=", ":", "::", "-----BEGIN ", "PRIVATE KEY-----", "+1", "(415) ", "555-0132",
    "[EMAIL]", "[CARD]", "\u200b", "\u2011", "\u00a0", "\n", "\\n", '"', "\\", "{", "[", "]", "}", ",", " ", ".",
    "-", "_",
    "phone: ", "ssn ", "secret key ", "\ud800", "é", "値", "😀", "%40", "v", "version ", "DE89", "0",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=6) | st.text("0123456789 -.:@", max_size=12), max_size=14).map("".join)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.binary(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)
PADS = st.text(" ,;()<>\n\t|", min_size=1, max_size=6)
PROSE = st.lists(st.text(string.ascii_letters, min_size=1, max_size=9), max_size=40).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_text_is_redacted_for_good(text: str) -> None:
    """A second run finds nothing that the first one left."""
    once = REDACTOR.find(text)
    assert REDACTOR.find(once.text) == (once.text, {})
    assert (once.text == text) is (not once.kinds)


def in_any_order(span: SpanRecord) -> tuple[list[str], str]:
    """All of `span`, its attributes without their order, which means nothing."""
    rest = SpanRecord(**{field.name: getattr(span, field.name) for field in fields(span) if field.name != "attributes"})
    return sorted(map(repr, span.attributes.items())), repr(rest)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(TEXTS, VALUES, max_size=5), TEXTS, st.lists(st.dictionaries(TEXTS, VALUES, max_size=2), max_size=2)
)
def test_any_span_is_taken_and_stays_redacted(
    attributes: dict[str, Any], name: str, more: list[dict[str, Any]]
) -> None:
    """No value of any shape raises, and a second run changes nothing, the count included."""
    events = [Event(name, 1, dict(item)) for item in more]
    links = [Link(1, 2, dict(item)) for item in more]
    span = SpanRecord(
        name, 1, 2, attributes=attributes, events=events, links=links, resource=Resource(dict(attributes))
    )
    REDACTOR(span)
    once = in_any_order(span)
    assert in_any_order(REDACTOR(span)) == once
    drop_content(span, "test")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(CANARIES)), st.tuples(PROSE, PADS), st.tuples(PADS, PROSE), st.integers(0, 3))
def test_planted_value_never_leaks(kind: str, before: tuple[str, str], after: tuple[str, str], wraps: int) -> None:
    """A value between any words is gone, plain and in JSON of any depth."""
    text = "".join((*before, CANARIES[kind], *after))
    for _ in range(wraps):
        text = json.dumps({"a": [text]})
    span = SpanRecord(text, 1, 2, attributes={"x": text, "y": [text]}, scope=Scope(attributes={"s": text}))
    whole = repr(REDACTOR(span))
    secret = SECRET.get(kind, CANARIES[kind])
    assert secret not in whole
    assert secret.split("\n")[-1] not in whole


@settings(max_examples=200, deadline=None)
@given(st.text(string.ascii_letters + " ,.;!?()'\n\té値😀\u2013\u2014\u2019", max_size=400))
def test_text_without_candidates_is_the_same_object(text: str) -> None:
    """Words and punctuation are never changed, nor copied."""
    assert REDACTOR.find(text) == (text, {})
    assert REDACTOR.text(text) is text


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_json_in_is_json_out(value: Any) -> None:
    """JSON that a strict parser accepts is still accepted afterwards."""
    try:
        text = orjson.dumps({"v": value}).decode()
    except TypeError:
        text = json.dumps({"v": repr(value)})
    clean = REDACTOR.text(text)
    orjson.loads(clean)
    assert REDACTOR.text(clean) == clean


@functools.cache
def scanner(kinds: frozenset[str]) -> Scanner:
    """The product's own, all of them kept: it keeps 32, and with one for each kind every text would make them anew."""
    return bounded.__wrapped__(kinds)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_gate_misses_nothing_the_rules_would_find(text: str) -> None:
    """Where the gate sees nothing, no single kind's scanner sees anything either."""
    data = text.encode("utf-8", "surrogatepass")
    if not scanner(frozenset(ALL)).suspects(data):
        assert all(not scanner(frozenset({kind})).hits(data, Budget(10**6)) for kind in ALL)


ATTACKS = [
    "1.1.1.", "123-45-", "@", "a@", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "1", "4111 ", "4111-1111-", "a",
    "sk-",
    "sk-1", "eyJ", "eyJhbGciOiJub25lIn0.", "://a:", "://1.1.1.1,", "?key=", "&token=&", "DE89", "ab12 ", "::", "1:",
    "a:b::",
    "+1 ", "0", "phone ", "ssn ", "secret key ", "AKIA", "\\", '"', '{"a":', "[", "\u200b", "4\u200b", "\\u0040",
    "a@b.co ", "10.0.0.1 ", "4111111111111111 ", "é@", "%40", "(415) ", "[EMAIL]", "x_token", "?a_a_a_token",
]  # fmt: skip


@pytest.mark.parametrize("piece", ATTACKS)
def test_work_is_linear_in_hostile_text(piece: str) -> None:
    """Twice the text takes twice the work, for repeats of everything a rule may start on; no byte is read ten times."""
    small, large, hostile = (piece * (size // len(piece.encode())) for size in (5_000, 10_000, 300_000))
    once = effort(lambda: PATIENT.find(small), length=2_500)
    twice = effort(lambda: PATIENT.find(large), length=5_000)
    assert twice.steps <= 2.02 * once.steps + 100
    assert twice.read <= 2.02 * once.read + 100
    assert max(twice.whole.values()) <= 4
    with pytest.MonkeyPatch.context() as context:
        read = Read(context)
        REDACTOR.find(hostile)
        assert read.count <= 10 * len(hostile.encode())


DROPPABLE = st.dictionaries(
    TEXTS | st.sampled_from(["gen_ai.operation.name", "spanwise.cost.reason"]), VALUES, max_size=6
)


@settings(max_examples=200, deadline=None)
@given(DROPPABLE, st.sampled_from(sorted(CANARIES)))
def test_dropped_content_leaves_no_value(attributes: dict[str, Any], kind: str) -> None:
    """The fallback raises on nothing and leaves no value in any carrier, even under names that are safe."""
    canary = CANARIES[kind]
    span = SpanRecord(
        f"chat {canary}", 1, 2, status_description=canary, events=[Event(canary, 1)], links=[Link(1, 2, {"a": canary})],
        attributes={**attributes, "gen_ai.operation.name": canary, "spanwise.cost.reason": canary, canary: 1, "n": 5,
                    "flag": True, "card": 4111111111111111},
        resource=Resource({"service.name": canary, "owner": canary}), scope=Scope(canary, attributes={"a": canary}),
        trace_state=f"a={canary}",
    )  # fmt: skip
    drop_content(span, "redaction failed")
    whole = repr(span)
    assert SECRET.get(kind, canary) not in whole
    assert "4111111111111111" not in whole
    assert span.attributes["n"] == 5
    assert span.attributes["flag"] is True
    assert span.attributes["spanwise.content.dropped"] == "redaction failed"


def test_dropped_content_keeps_what_is_safe() -> None:
    """Operation, provider, tokens, cost and ids stay, so that cost reports hold."""
    span = SpanRecord("chat gpt-4.1 for joe", 1, 2, attributes={
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.cost.amount": 0.25, "spanwise.duplicate_of": "4bf92f3577b34da6", "user.id": "joe",
        "gen_ai.input.messages": "hello",
    }, resource=Resource({"service.name": "shop", "owner": "joe"}), scope=Scope("spanwise.openai"))  # fmt: skip
    drop_content(span, "redaction failed")
    assert span.name == "chat"
    assert "joe" not in repr(span)
    assert span.attributes["gen_ai.usage.input_tokens"] == 12
    assert span.attributes["gen_ai.usage.cost.amount"] == 0.25
    assert span.attributes["spanwise.duplicate_of"] == "4bf92f3577b34da6"
    assert span.resource.attributes == {"service.name": "shop"}
    assert span.scope.name == "spanwise.openai"
