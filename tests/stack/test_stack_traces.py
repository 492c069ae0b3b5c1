"""What the demo application did is in Jaeger, whole and without what is private; what must be kept is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from spanwise.semconv import attributes as attr
from tests.stack.application import run_demo
from tests.stack.deadline import until
from tests.stack.jaeger_api import StoredSpan
from tests.stack.stack import Stack


SERVICE = "shop-assistant"
SECRETS = ("4111 1111 1111 1111", "4111111111111111", "sk-proj-A1b2", "@example.", "A1b2A1b2")
"""What `private_question` of the demo tells the model."""

KINDS = {
    "errors": "error_500",
    "refused": "refusal",
    "slow": "slow_first_byte;delay_s=1.6",
    "dear": "default;input_tokens=3000000",
}
"""By the reason to keep a trace, what the emulator does."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """The demo's one trace as Jaeger has it, and how many requests the provider got."""

    trace_id: str
    spans: list[StoredSpan]
    requests: int


@pytest.fixture(scope="module")
def conversation(sampled: Stack) -> Conversation:
    """One run of the demo, found in Jaeger."""
    before = len(sampled.emulator.requests)
    run_demo(sampled.settings(SERVICE))
    requests = len(sampled.emulator.requests) - before
    (trace_id,) = until(lambda: sampled.jaeger.api.trace_ids(SERVICE), within_s=20, what="the demo's trace")
    # Spans of one trace may come in several batches.
    spans = until(lambda: connected(sampled.jaeger.api.trace(trace_id)), within_s=20, what="a trace with all parents")
    return Conversation(trace_id, spans, requests)


def connected(spans: list[StoredSpan]) -> list[StoredSpan]:
    """The spans, once there is a root and no parent is missing; none before."""
    ids = {span.span_id for span in spans}
    parents = [parent(span) for span in spans]
    return spans if "" in parents and ids.issuperset(filter(None, parents)) else []


def parent(span: StoredSpan) -> str:
    """The id of its parent; empty for a root."""
    return str(span.raw.get("parentSpanId") or "")


@pytest.fixture(scope="module")
def kept(sampled: Stack) -> Iterator[dict[str, list[str]]]:
    """Traces of one service, by what happened in them; all have been decided on."""
    with sampled.application("shop-sampled") as shop:
        asked = {"ordinary": shop.ask(20)}
        asked |= {reason: shop.ask(3, emulate) for reason, emulate in KINDS.items()}
        wanted = {trace_id for reason in KINDS for trace_id in asked[reason]}
        until(
            lambda: wanted <= sampled.jaeger.api.trace_ids("shop-sampled"),
            within_s=30,
            what="every trace to keep is in Jaeger",
            last_words=lambda: repr(missing(sampled, asked)),
        )
        yield asked


def missing(stack: Stack, asked: dict[str, list[str]]) -> dict[str, int]:
    """How many traces of each kind are not in Jaeger."""
    found = stack.jaeger.api.trace_ids("shop-sampled")
    return {reason: len(set(ids) - found) for reason, ids in asked.items()}


def test_a_trace_is_found_by_its_service(sampled: Stack, conversation: Conversation) -> None:
    """Jaeger knows the service, and gives its trace."""
    assert SERVICE in sampled.jaeger.api.services()
    assert {span.resource["service.name"] for span in conversation.spans} == {SERVICE}


def test_a_trace_is_found_by_its_model(sampled: Stack, conversation: Conversation) -> None:
    """A search for a model finds it; one for a model that was not called finds nothing."""
    for model in ("gpt-4.1-mini", "claude-haiku-4-5", "text-embedding-3-small"):
        assert sampled.jaeger.api.trace_ids(SERVICE, {attr.GEN_AI_REQUEST_MODEL: model}) == {conversation.trace_id}
    assert sampled.jaeger.api.trace_ids(SERVICE, {attr.GEN_AI_REQUEST_MODEL: "gpt-4o"}) == set()


def test_a_trace_is_fetched_whole(conversation: Conversation) -> None:
    """One root, one span a call, and the tool and the retrieval between them."""
    spans = conversation.spans
    ids = {span.span_id for span in spans}
    assert [parent(span) for span in spans].count("") == 1
    assert len(ids) == len(spans)
    operations = [span.attributes.get(attr.GEN_AI_OPERATION_NAME) for span in spans]
    calls = sum(operation in {"chat", "embeddings"} for operation in operations)
    # One request was refused for its rate and sent again: one call, two requests.
    assert calls == conversation.requests - 1
    assert {"execute_tool", "retrieval"} <= set(operations)


def test_calls_have_tokens_and_cost_in_jaeger(conversation: Conversation) -> None:
    """What a call used and cost is on its span, with its type."""
    chats = [span for span in conversation.spans if span.attributes.get(attr.GEN_AI_OPERATION_NAME) == "chat"]
    assert chats
    for span in chats:
        assert span.attributes[attr.GEN_AI_USAGE_INPUT_TOKENS] > 0
        assert span.attributes[attr.GEN_AI_USAGE_COST_AMOUNT] > 0


def test_content_is_there_and_what_is_private_is_not(conversation: Conversation) -> None:
    """Jaeger shows the conversation; the e-mail address, the card and the key are replaced in all of it."""
    stored = json.dumps([span.raw for span in conversation.spans])
    assert "When is the shop open?" in stored
    assert "I was charged twice" in stored and "[EMAIL]" in stored
    assert not [secret for secret in SECRETS if secret in stored]


def test_what_must_be_kept_is_kept(sampled: Stack, kept: dict[str, list[str]]) -> None:
    """Failed, refused, slow and dear traces are there, and one of their spans says why."""
    for reason in KINDS:
        for trace_id in kept[reason]:
            spans = sampled.jaeger.api.trace(trace_id)
            assert len(spans) == 2
            reasons = {span.attributes.get(attr.SPANWISE_SAMPLE_REASON) for span in spans}
            assert reason in reasons, (reason, reasons)


def test_the_rest_is_not_kept(sampled: Stack, kept: dict[str, list[str]]) -> None:
    """With a ratio of 0 an ordinary trace is in no store, although it came first."""
    found = sampled.jaeger.api.trace_ids("shop-sampled")
    assert not found.intersection(kept["ordinary"])


def test_what_is_not_kept_is_counted(sampled: Stack, kept: dict[str, list[str]]) -> None:
    """Metrics are of all calls, whatever became of their traces."""
    calls = sum(map(len, kept.values()))
    count = 'sum(gen_ai_client_inference_duration_seconds_count{service_name="shop-sampled"})'
    until(lambda: sampled.prometheus.api.value(count) == calls, within_s=15, what=f"{calls} calls are counted")
