"""Our answers are those of genai-prices, for every model it knows."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta, timezone

import pytest
from genai_prices.types import TimeOfDateConstraint
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cost import PriceBook
from spanwise.cost.tariff import Constraint
from tests.cost.reference import (
    INVALID,
    LOOKUP,
    PROVIDERS,
    UNITS,
    Source,
    contexts,
    moments,
    name_of,
    names,
    ours,
    theirs,
    thresholds,
    usage,
)


NOW = datetime(2026, 11, 1, 3, tzinfo=UTC)
BOOK = PriceBook.bundled()


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_every_model_at_every_time_and_in_every_context(provider: Source) -> None:
    """Amounts and errors agree for each model at the edges of its constraints, in its contexts, for random usages.

    About 30,000 comparisons in `Decimal`, seeded by the provider.
    """
    random_ = random.Random(provider.id)
    priced = reached = 0
    for model in provider.models:
        name = name_of(provider, model)
        reached += name is not None
        cases = [(at, context) for at in sorted(moments(model), key=str) for context in contexts(model)]
        for at, context in random_.sample(cases, min(len(cases), 14)):
            for counts in (usage(random_, model), usage(random_, model)):
                expected = theirs(provider.id, name or model.id, counts, at, context)
                found = ours(BOOK, provider.id, name or model.id, counts, at, context)
                assert found == expected, (name, counts, at, context)
                priced += not isinstance(expected, str)
    assert reached >= 0.9 * len(provider.models)
    assert priced >= 3 * reached


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_every_name_a_clause_mentions(provider: Source) -> None:
    """The same model is found, or none, for every name in a clause, changed in case, dated, prefixed and suffixed."""
    counts = {"input_tokens": 1000, "output_tokens": 10}
    random_ = random.Random(provider.id)
    found = {name for model in provider.models for name in (model.id, *names(model.match))}
    for name in sorted(found):
        variants = [name, name.upper(), f"{name}-20260401", f"{name}-20260231", f"us.{name}", f"{name}-tts", name[:-1]]
        for spelling in [name, *random_.sample(variants, 2)]:
            assert ours(BOOK, provider.id, spelling, counts, NOW) == theirs(provider.id, spelling, counts, NOW), (
                spelling
            )


@pytest.mark.parametrize("owner", ["openai", "anthropic", "deepseek", "x-ai", "moonshotai"])
def test_borrowed_models(owner: str) -> None:
    """Azure and Google price models of others as those do, and never in a request context."""
    models = next(provider.models for provider in PROVIDERS if provider.id == owner)
    counts = {"input_tokens": 1000, "output_tokens": 10}
    for model in models:
        for provider in ("azure", "google"):
            for context in contexts(model):
                assert ours(BOOK, provider, model.id, counts, NOW, context) == theirs(
                    provider, model.id, counts, NOW, context
                )


def test_every_threshold() -> None:
    """At, below and above each threshold of each model the same tier applies to the whole call."""
    compared = 0
    for provider in PROVIDERS:
        for model in provider.models:
            for start in thresholds(model):
                for total in (start - 1, start, start + 1):
                    counts = {"input_tokens": total, "cache_read_tokens": total // 3, "output_tokens": 1000}
                    name = name_of(provider, model) or model.id
                    assert ours(BOOK, provider.id, name, counts, NOW) == theirs(provider.id, name, counts, NOW)
                    compared += 1
    assert compared > 300


@pytest.mark.parametrize("clock", [(30, 990), (1320, 240), (0, 1439)])
def test_intervals_of_the_day(clock: tuple[int, int]) -> None:
    """Daily intervals, also over midnight, start with their first second and end before their last."""
    start, end = clock
    reference = TimeOfDateConstraint(time(start // 60, start % 60), time(end // 60, end % 60))
    constraint = Constraint(["daily", start * 60, end * 60])
    for minute in (0, start, end, 720, 1439):
        for second in (-1, 0, 1):
            at = datetime(2026, 5, 5, tzinfo=UTC) + timedelta(minutes=minute, seconds=second)
            assert constraint.holds(int(at.timestamp())) == reference.active(at), at


PROVIDER_NAMES = [
    *(provider.id for provider in PROVIDERS),
    "OpenAI", " openai ", "azure-openai", "aws.bedrock", "amazon", "gcp.vertex_ai", "gemini", "xai", "together_ai",
    "huggingface/groq", "litellm", "LiteLLM", "mistral_ai", "nobody", "",
]  # fmt: skip
URLS = [
    None, "https://api.openai.com/v1", "https://eu.openai.azure.com", "https://bedrock-runtime.us-east-1.amazonaws.com",
    "https://us-central1-aiplatform.googleapis.com/v1", "https://openrouter.ai/api/v1", "https://api.together.xyz",
    "https://api.fireworks.ai/inference", "https://router.huggingface.co/groq/v1", "https://x.modal.run/v1",
    "https://a.cloud.databricks.com/serving-endpoints/x", "https://127.0.0.1:8000",
    "http://api.openai.com", "", "nonsense",
]  # fmt: skip
MODELS = [
    "gpt-4.1-mini", "GPT-4o-2024-08-06", "claude-sonnet-4-5-20250929", "anthropic/claude-3-5-haiku-latest", "o3",
    "o1-pro", "gemini-2.5-pro", "gemini-2.5-flash-preview-tts", "mistral-large-latest", "openai/gpt-4.1",
    "azure/gpt-4o", "/gpt-4o", "openai/", "us.anthropic.claude-3-haiku-20240307-v1:0", "gpt-5.2-20251211",
    "whisper-large-v3", "", "nothing",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_finding_the_provider(url: str | None) -> None:
    """Names, addresses and model names lead to the same provider, or to none."""
    counts = {"input_tokens": 1000, "output_tokens": 10}
    hits = 0
    for name in (None, *PROVIDER_NAMES):
        for model in MODELS:
            expected = theirs(name, model, counts, NOW, None, url)
            assert ours(BOOK, name, model, counts, NOW, None, url) == expected, (name, model, url)
            hits += not isinstance(expected, str)
    assert hits > 50


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([
        ("openai", "gpt-4.1-mini"), ("openai", "gpt-4o-transcribe"), ("google", "gemini-2.5-flash"),
        ("google", "gemini-2.5-pro"), ("anthropic", "claude-sonnet-4-5"), ("groq", "whisper-large-v3"),
        ("mistral", "voxtral-small-24b-2507"), ("perplexity", "sonar-deep-research"), ("openai", "gpt-5"),
        ("deepseek", "deepseek-chat"), ("x-ai", "grok-voice-latest"), ("aws", "amazon.nova-pro-v1:0"),
    ]),
    st.dictionaries(st.sampled_from(sorted(set(UNITS) - {"requests"})), st.integers(0, 300_000), max_size=8),
    st.datetimes(datetime(2023, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from([None, UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=11, minutes=30))]),
    st.dictionaries(
        st.sampled_from(["service_tier", "processing", "speed", "search_type"]),
        st.sampled_from(["priority", "flex", "batch", "fast", "default", "web"]),
    ),
)  # fmt: skip
def test_any_usage_time_and_context(
    model: tuple[str, str],
    counts: dict[str, int],
    at: datetime,
    zone: timezone | None,
    context: dict[str, str],
) -> None:
    """Any mix of counts, with or without their totals, in any zone and context, gives the same amount or error."""
    at = at.replace(tzinfo=zone)
    for usage_ in (counts, {"input_tokens": 2_000_000, "output_tokens": 900_000, **counts}):
        assert ours(BOOK, *model, usage_, at, context) == theirs(*model, usage_, at, context)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from([(provider, model) for provider in PROVIDERS for model in provider.models]),
    st.randoms(use_true_random=False),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
    st.sampled_from([None, UTC, timezone(timedelta(hours=9)), timezone(-timedelta(hours=11, minutes=30))]),
)
def test_any_model_at_any_time(
    model: tuple[Source, Source], random_: random.Random, at: datetime, zone: timezone | None
) -> None:
    """Any model of any provider, asked twice in a row at any moment, in any of its contexts or none."""
    provider, entry = model
    name = name_of(provider, entry) or entry.id
    for moment in (at.replace(tzinfo=zone), random_.choice(sorted(moments(entry), key=str))):
        context = random_.choice(contexts(entry))
        counts = usage(random_, entry)
        expected = theirs(provider.id, name, counts, moment, context)
        assert ours(BOOK, provider.id, name, counts, moment, context) == expected


def test_errors_are_told_apart() -> None:
    """The reference itself refuses what the comparison above counts on it refusing."""
    assert theirs("openai", "gpt-4o", {"input_tokens": 1, "cache_read_tokens": 2}, NOW) == INVALID
    assert theirs("openai", "gpt-4o", {"cache_read_tokens": 2}, NOW) == INVALID
    assert theirs("openai", "no-such-model", {"input_tokens": 1}, NOW) == LOOKUP
