"""The step in its place: between the translation of a span and its price."""

from __future__ import annotations

import pytest

from spanwise.pipeline import Pipeline
from tests.dedupe.sample import LANGCHAIN, OURS, call, without_usage


def test_one_price_for_a_call_in_two_dialects() -> None:
    """A call that we and OpenInference saw is priced once, and no name of either dialect tells its tokens twice."""
    ours = call(1, parent=2, at=0.1, took=0.8)
    theirs = call(2, scope=LANGCHAIN)
    theirs.attributes = {
        "openinference.span.kind": "LLM",
        "llm.provider": "openai",
        "llm.model_name": "gpt-4o-mini",
        "llm.token_count.prompt": 1240,
        "llm.token_count.completion": 310,
        "llm.token_count.total": 1550,
        "llm.cost.total": 0.1,
    }
    pipeline = Pipeline()
    for span in (ours, theirs):
        assert pipeline.account(span) is span
    assert ours.attributes["spanwise.cost.status"] == "exact"
    assert theirs.attributes["spanwise.duplicate_of"] == "0000000000000001"
    assert not [name for name in theirs.attributes if "cost" in name or "token" in name]


def test_usage_that_only_the_framework_knew_is_priced() -> None:
    """When the provider's span had no usage, the framework's has the price."""
    ours, framework = call(1, parent=2, scope=OURS, **without_usage()), call(2, scope=LANGCHAIN)
    pipeline = Pipeline()
    for span in (ours, framework):
        pipeline.account(span)
    assert ours.attributes["spanwise.cost.status"] == "unpriced"
    assert framework.attributes["spanwise.cost.status"] == "exact"
    assert framework.attributes["gen_ai.usage.cost.amount"] == pytest.approx(1240 * 0.15e-6 + 310 * 0.6e-6)


def test_a_processed_span_is_compared() -> None:
    """A call that its own host has counted is known when a gateway's span of the same call comes to the collector."""
    counted = Pipeline().process(call(1, parent=2, scope=OURS))
    assert counted is not None
    cost = counted.attributes["gen_ai.usage.cost.amount"]
    collector = Pipeline()
    assert collector.process(counted) is counted
    assert counted.attributes["gen_ai.usage.cost.amount"] == cost
    gateway = collector.process(call(2, scope=LANGCHAIN))
    assert gateway is not None
    assert gateway.attributes["spanwise.duplicate_of"] == "0000000000000001"
    assert "gen_ai.usage.cost.amount" not in gateway.attributes
