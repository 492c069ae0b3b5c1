"""What is read from a span: every count that is billed, the tier, and what nobody can say."""

from __future__ import annotations

import pytest

from spanwise.cost import Cost, CostConfig, PriceBook
from spanwise.cost.reading import COUNTS, usage_of
from spanwise.cost.unit import IMAGES
from spanwise.record import Scope, SpanRecord
from spanwise.record.span import AttributeValue
from spanwise.semconv import attributes as attr


AT_NS = 1_793_491_200 * 10**9


def span(attributes: dict[str, AttributeValue], scope: str = "") -> SpanRecord:
    """A chat span."""
    named = {"gen_ai.operation.name": "chat", **attributes}
    return SpanRecord("chat", 1, 2, start_unix_nano=AT_NS, attributes=named, scope=Scope(scope))


def priced(attributes: dict[str, AttributeValue], scope: str = "") -> dict[str, AttributeValue]:
    """The attributes of a chat span after the step."""
    return Cost(CostConfig(warn_unknown=False))(span(attributes, scope)).attributes


def test_every_key_is_one_of_the_book() -> None:
    """Each count that is read has a unit in the book, except images, which only prices of one's own know."""
    known = {unit.usage_key for unit in PriceBook.bundled()._units._units}
    assert set(COUNTS.values()) <= known
    assert IMAGES in COUNTS.values()


def test_every_registered_count_is_read() -> None:
    """No usage attribute of the conventions or of our registry that counts something is left out."""
    names = {value for name, value in vars(attr).items() if "_USAGE_" in name and isinstance(value, str)}
    counts = {name for name in names if not name.startswith("gen_ai.usage.cost.") and not name.endswith(".sent_cost")}
    counts.remove(attr.SPANWISE_USAGE_ESTIMATED)
    assert counts - set(COUNTS) == set()


# What is counted, by a model that is billed by it: amounts from the price pages that the book names.
BILLED = [
    ("openai", "whisper-1", {"spanwise.usage.input_audio_seconds": 60}, 0.006),
    ("groq", "whisper-large-v3-turbo", {"spanwise.usage.input_audio_seconds": 3.0}, 10 * 0.04 / 3600),
    ("mistral", "mistral-ocr-2505", {"spanwise.usage.input_pages": 3}, 0.003),
    ("anthropic", "claude-opus-4-7", {
        "gen_ai.usage.input_tokens": 0, "gen_ai.usage.output_tokens": 0, "spanwise.usage.web_searches": 3,
    }, 0.03),
    ("openai", "gpt-5", {
        "gen_ai.usage.input_tokens": 0, "gen_ai.usage.output_tokens": 0, "spanwise.usage.file_searches": 2,
    }, 0.005),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "model", "counts", "usd"), BILLED)
def test_what_is_no_token(provider: str, model: str, counts: dict[str, AttributeValue], usd: float) -> None:
    """Seconds, pages and searches are billed by their own prices, exactly."""
    cost = priced({"gen_ai.provider.name": provider, "gen_ai.request.model": model, **counts})
    assert cost["gen_ai.usage.cost.amount"] == pytest.approx(usd, rel=1e-9)
    assert cost["spanwise.cost.status"] == "exact", cost


def test_parts_of_a_second() -> None:
    """Seconds are billed as whole ones, half up; that this is an assumption is said."""
    base: dict[str, AttributeValue] = {"gen_ai.provider.name": "openai", "gen_ai.request.model": "whisper-1"}
    cost = priced({**base, "spanwise.usage.input_audio_seconds": 59.5})
    assert cost["gen_ai.usage.cost.amount"] == pytest.approx(0.006)
    assert (cost["spanwise.cost.status"], cost["spanwise.cost.reason"]) == ("estimated", "seconds rounded")
    assert usage_of(span({"gen_ai.usage.input_tokens": 1.5})) == "inconsistent usage"


TIERS = [
    ("spanwise.response.service_tier", "ON_DEMAND_FLEX", "+flex"),
    ("spanwise.response.service_tier", "ON_DEMAND_PRIORITY", "+priority"),
    ("spanwise.response.service_tier", "ON_DEMAND", ""),
]


@pytest.mark.parametrize(("name", "tier", "rule"), TIERS)
def test_tiers_of_vertex(name: str, tier: str, rule: str) -> None:
    """The traffic types of Vertex AI are service tiers."""
    cost = priced({
        "gen_ai.provider.name": "gcp.gemini", "gen_ai.request.model": "gemini-3.8-flash-tts", name: tier,
        "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 10,
    })  # fmt: skip
    assert str(cost["spanwise.cost.rule"]).split("@")[0] == f"google/gemini-3.8-flash-tts{rule}"
    assert cost["spanwise.cost.status"] == "exact"


@pytest.mark.parametrize(
    ("asked", "used", "status", "rule"),
    [
        ("flex", None, "estimated", "openai/gpt-5+flex"),
        ("flex", "default", "exact", "openai/gpt-5"),
        ("auto", None, "exact", "openai/gpt-5"),
        ("default", None, "exact", "openai/gpt-5"),
    ],
)
def test_the_tier_that_was_asked_for(asked: str, used: str | None, status: str, rule: str) -> None:
    """A tier that was only asked for is taken, as an estimate; the one that was used goes before it."""
    attributes: dict[str, AttributeValue] = {
        "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5", "openai.request.service_tier": asked,
        "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 10,
    }  # fmt: skip
    if used:
        attributes["openai.response.service_tier"] = used
    cost = priced(attributes)
    assert (cost["spanwise.cost.status"], str(cost["spanwise.cost.rule"]).split("@")[0]) == (status, rule)


BLIND = [
    ({"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1"}, "opentelemetry.instrumentation.openai_v2"),
    ({"gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1", "spanwise.dialect": "litellm"}, "litellm"),
    (
        {"gen_ai.provider.name": "openai", "gen_ai.request.model": "openai/gpt-4.1", "spanwise.dialect": "google_adk"},
        "gcp.vertex.agent",
    ),
]


@pytest.mark.parametrize(("attributes", "scope"), BLIND)
def test_a_component_that_cannot_say_what_was_cached(attributes: dict[str, AttributeValue], scope: str) -> None:
    """Its spans are estimates where something may have been cached, and exact where it says or nothing can be."""
    long: dict[str, AttributeValue] = {"gen_ai.usage.input_tokens": 1024, "gen_ai.usage.output_tokens": 10}
    short: dict[str, AttributeValue] = {**long, "gen_ai.usage.input_tokens": 1023}
    cost = priced({**attributes, **long}, scope)
    assert (cost["spanwise.cost.status"], cost["spanwise.cost.reason"]) == ("estimated", "cached tokens unknown")
    assert priced({**attributes, **short}, scope)["spanwise.cost.status"] == "exact"
    said: dict[str, AttributeValue] = {**long, "gen_ai.usage.cache_read.input_tokens": 0}
    assert priced({**attributes, **said}, scope)["spanwise.cost.status"] == "exact"
    never: dict[str, AttributeValue] = {**long, "gen_ai.request.model": "gpt-4-turbo"}
    assert priced({**attributes, **never}, scope)["spanwise.cost.status"] == "exact"


def test_components_that_can_say() -> None:
    """Our own spans, and suites that report cached tokens, are exact without them: nothing was cached."""
    attributes: dict[str, AttributeValue] = {
        "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1", "gen_ai.usage.input_tokens": 5000,
        "gen_ai.usage.output_tokens": 10,
    }  # fmt: skip
    assert priced(attributes, "spanwise.instrument.openai")["spanwise.cost.status"] == "exact"
    assert priced({**attributes, "spanwise.dialect": "openinference"})["spanwise.cost.status"] == "exact"
