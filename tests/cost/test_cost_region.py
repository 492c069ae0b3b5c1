"""What a call costs more in a region, and when that is not known."""

from __future__ import annotations

import pytest

from spanwise.cost import Cost, CostConfig
from spanwise.cost.region import UPLIFTS
from spanwise.record import SpanRecord
from spanwise.record.span import AttributeValue


NOVEMBER_S = 1_793_491_200
SPRING_2026_S = 1_774_000_000


def priced(at_s: int = NOVEMBER_S, /, **attributes: AttributeValue) -> dict[str, AttributeValue]:
    """What the step writes on a chat span with a million input tokens of one kind."""
    named: dict[str, AttributeValue] = {
        "gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 0,
        "gen_ai.usage.cache_read.input_tokens": 0, "gen_ai.usage.cache_write.input_tokens": 0,
    }  # fmt: skip
    named |= {_NAMES[name]: value for name, value in attributes.items() if value is not None}
    record = Cost(CostConfig(warn_unknown=False))(
        SpanRecord("chat", 1, 2, start_unix_nano=at_s * 10**9, attributes=named)
    )
    return {name.rpartition(".")[2]: value for name, value in record.attributes.items() if ".cost." in name}


_NAMES = {
    "provider": "gen_ai.provider.name",
    "model": "gen_ai.request.model",
    "host": "server.address",
    "region": "spanwise.response.region",
    "searches": "spanwise.usage.web_searches",
}

# Model, what it costs globally per 1,000 input tokens, and where it is called.
DEARER = [
    ({"provider": "anthropic", "model": "claude-opus-4-7", "region": "us"}, 0.005, 1.1, "+us*1.1"),
    ({"provider": "openai", "model": "gpt-5.4", "host": "eu.api.openai.com"}, 0.0025, 1.1, "+eu*1.1"),
    ({"provider": "openai", "model": "gpt-5.4", "host": "us.api.openai.com"}, 0.0025, 1.1, "+us*1.1"),
    (
        {"provider": "gcp.vertex_ai", "model": "claude-opus-4-7", "host": "us-east5-aiplatform.googleapis.com"},
        0.005, 1.1, "+us-east5*1.1",
    ),
    (
        {"provider": "gcp.vertex_ai", "model": "claude-haiku-4-5", "host": "aiplatform.eu.rep.googleapis.com"},
        0.001, 1.1, "+eu*1.1",
    ),
    (
        {"provider": "gcp.vertex_ai", "model": "gemini-3.5-flash", "host": "europe-west4-aiplatform.googleapis.com"},
        0.0015, 1.1, "+europe-west4*1.1",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("attributes", "usd", "factor", "name"), DEARER, ids=lambda value: str(value)[:60])
def test_a_region_costs_more(attributes: dict[str, AttributeValue], usd: float, factor: float, name: str) -> None:
    """The amount is the global one times the factor, exact, and the rule says so."""
    cost = priced(**attributes)
    assert cost["amount"] == pytest.approx(usd * factor, rel=1e-12)
    assert (cost["status"], str(cost["rule"]).endswith(name)) == ("exact", True)


SAME = [
    {"provider": "anthropic", "model": "claude-opus-4-7"},
    {"provider": "anthropic", "model": "claude-opus-4-7", "region": "global"},
    {"provider": "anthropic", "model": "claude-opus-4-7", "region": "not_available"},
    {"provider": "openai", "model": "gpt-5.4", "host": "api.openai.com"},
    {"provider": "openai", "model": "gpt-4o", "host": "eu.api.openai.com"},
    {"provider": "openai", "model": "gpt-5", "host": "eu.api.openai.com"},
    {"provider": "gcp.vertex_ai", "model": "claude-opus-4-7", "host": "aiplatform.googleapis.com"},
    {"provider": "gcp.vertex_ai", "model": "claude-3-5-haiku", "host": "us-east5-aiplatform.googleapis.com"},
    {"provider": "gcp.vertex_ai", "model": "gemini-2.5-pro", "host": "us-central1-aiplatform.googleapis.com"},
    {"provider": "gcp.gemini", "model": "gemini-3.5-flash"},
    {"provider": "gcp.gemini", "model": "gemini-3.5-flash", "host": "generativelanguage.googleapis.com"},
]


@pytest.mark.parametrize("attributes", SAME, ids=str)
def test_the_global_price(attributes: dict[str, AttributeValue]) -> None:
    """Global endpoints, and models from before an uplift, cost what the book says."""
    cost = priced(**attributes)
    assert cost["status"] == "exact"
    assert "*" not in str(cost["rule"])


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"provider": "gcp.vertex_ai", "model": "claude-opus-4-7"}, "region unknown"),
        ({"provider": "gcp.vertex_ai", "model": "claude-opus-4-7", "host": "proxy.example"}, "region unknown"),
        ({"provider": "anthropic", "model": "claude-opus-4-7", "region": "eu"}, "regional price unknown"),
        ({"provider": "openai", "model": "gpt-audio", "host": "eu.api.openai.com"}, "regional price unknown"),
        (
            {
                "provider": "gcp.vertex_ai",
                "model": "gemini-3-flash-preview",
                "host": "aiplatform.us.rep.googleapis.com",
            },
            "regional price unknown",
        ),
    ],
)
def test_an_unknown_region_is_an_estimate(attributes: dict[str, AttributeValue], reason: str) -> None:
    """Where nobody says what a region costs, or which it was, the global price is marked as an estimate."""
    cost = priced(**attributes)
    assert (cost["status"], cost["reason"]) == ("estimated", reason)


def test_before_the_uplift() -> None:
    """Google's price for non-global Gemini 3 holds from 2026-07-01 on, and not before."""
    attributes = {
        "provider": "gcp.vertex_ai",
        "model": "gemini-3.5-flash",
        "host": "us-central1-aiplatform.googleapis.com",
    }
    before, after = priced(SPRING_2026_S, **attributes), priced(**attributes)
    assert after["amount"] == pytest.approx(1.1 * float(str(before["amount"])))
    assert before["status"] == "exact"


def test_only_tokens_cost_more() -> None:
    """A web search costs the same in a region: no source says otherwise."""
    plain = priced(provider="anthropic", model="claude-opus-4-7", searches=1)
    us = priced(provider="anthropic", model="claude-opus-4-7", region="us", searches=1)
    assert us["other"] == plain["other"] == 0.01
    assert us["input"] == pytest.approx(1.1 * float(str(plain["input"])))


def test_bedrock_names_its_regions_itself() -> None:
    """Bedrock's regional models are models of the book, so nothing is multiplied here."""
    regional = priced(provider="aws.bedrock", model="us.anthropic.claude-opus-4-7-v1:0")
    world = priced(provider="aws.bedrock", model="global.anthropic.claude-opus-4-7-v1:0")
    assert regional["amount"] == pytest.approx(1.1 * float(str(world["amount"])))
    assert "*" not in str(regional["rule"])


def test_every_uplift_has_a_source() -> None:
    """Each multiplier names where it was read."""
    assert all(uplift.source.startswith("https://") and uplift.factor > 1 for uplift in UPLIFTS)
