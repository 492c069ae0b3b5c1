"""The step: which spans are priced, from which attributes, and what is written."""

from __future__ import annotations

import json
import logging
import math
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cost import Cost, CostConfig, PriceBook
from spanwise.record import SpanRecord
from spanwise.record.span import AttributeValue


def span(at: str = "2026-11-01T12:00:00", /, **attributes: AttributeValue) -> SpanRecord:
    """A chat span; `__` in a keyword stands for a dot, `input`, `output` and so on for usage attributes."""
    start = int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()) * 10**9
    named: dict[str, AttributeValue] = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai"}
    for name, value in attributes.items():
        named[_SHORT.get(name, name.replace("__", "."))] = value
    return SpanRecord("chat", 1, 2, start_unix_nano=start, attributes=named)


_SHORT = {
    "operation": "gen_ai.operation.name",
    "provider": "gen_ai.provider.name",
    "model": "gen_ai.request.model",
    "answered_by": "gen_ai.response.model",
    "input": "gen_ai.usage.input_tokens",
    "output": "gen_ai.usage.output_tokens",
    "cached": "gen_ai.usage.cache_read.input_tokens",
    "written": "gen_ai.usage.cache_write.input_tokens",
    "written_5m": "spanwise.usage.cache_write.5m.input_tokens",
    "written_1h": "spanwise.usage.cache_write.1h.input_tokens",
    "audio_in": "gen_ai.usage.audio.input_tokens",
    "audio_cached": "gen_ai.usage.audio.cache_read.input_tokens",
    "searches": "spanwise.usage.web_searches",
    "tier": "openai.response.service_tier",
    "other_tier": "spanwise.response.service_tier",
    "speed": "spanwise.response.speed",
    "host": "server.address",
    "port": "server.port",
    "amount": "gen_ai.usage.cost.amount",
    "currency": "gen_ai.usage.cost.currency",
    "source": "gen_ai.usage.cost.source",
    "outcome": "spanwise.stream.outcome",
    "reasons": "gen_ai.response.finish_reasons",
}


def priced(record: SpanRecord) -> dict[str, AttributeValue]:
    """The cost attributes of `record` after the step, by their last names."""
    result = Cost(CostConfig())(record)
    assert result is record
    return {
        name.removeprefix("spanwise.cost.").removeprefix("gen_ai.usage.cost."): value
        for name, value in record.attributes.items()
        if name.startswith(("spanwise.cost.", "gen_ai.usage.cost."))
    }


# Prices per million tokens unless said otherwise, from the providers' price pages as of the book:
# openai.com/api/pricing, platform.claude.com/docs/en/about-claude/pricing, ai.google.dev/gemini-api/docs/pricing.
BY_HAND = [
    # gpt-4o-mini: input 0.15, cached 0.075, output 0.60. 216 x 0.15 + 1024 x 0.075 + 310 x 0.60 = 295.2
    ("gpt-4o-mini", "openai", {"input": 1240, "cached": 1024, "output": 310}, "0.0002952", "openai/gpt-4o-mini"),
    # gpt-4.1: input 2, cached 0.5, output 8. 2000 x 2 + 8000 x 0.5 + 1000 x 8 = 16000
    ("gpt-4.1", "openai", {"input": 10000, "cached": 8000, "output": 1000}, "0.0160", "openai/gpt-4.1"),
    # claude-3-5-haiku: input 0.8, read 0.08, 5m write 1, 1h write 1.6, output 4.
    # 1000 x 0.8 + 4000 x 0.08 + 3000 x 1 + 2000 x 1.6 + 500 x 4 = 9320
    (
        "claude-3-5-haiku-20241022", "anthropic",
        {"input": 10000, "cached": 4000, "written": 5000, "written_5m": 3000, "written_1h": 2000, "output": 500},
        "0.00932", "anthropic/claude-3-5-haiku-latest",
    ),
    # the same with one web search at 10 per thousand
    (
        "claude-3-5-haiku-20241022", "anthropic",
        {"input": 10000, "cached": 4000, "written": 5000, "written_1h": 2000, "output": 500, "searches": 1},
        "0.01932", "anthropic/claude-3-5-haiku-latest",
    ),
    # gemini-2.5-pro: up to 200k input 1.25, output 10; above, all tokens at 2.5 and 15
    ("gemini-2.5-pro", "gcp.gemini", {"input": 200_000, "output": 1000}, "0.26", "google/gemini-2.5-pro"),
    ("gemini-2.5-pro", "gcp.gemini", {"input": 200_001, "output": 1000}, "0.5150025", "google/gemini-2.5-pro>200000"),
    # gpt-5: standard 1.25 / 10, flex half of it, priority twice
    ("gpt-5", "openai", {"input": 8000, "output": 1000, "tier": "default"}, "0.02", "openai/gpt-5"),
    ("gpt-5", "openai", {"input": 8000, "output": 1000, "tier": "flex"}, "0.01", "openai/gpt-5+flex@2026-10-12"),
    ("gpt-5", "openai", {"input": 800, "output": 100, "tier": "priority"}, "0.004", "openai/gpt-5+priority@2026-10-12"),
    # claude-sonnet-4-5 in a batch: half of 3 / 15
    (
        "claude-sonnet-4-5", "anthropic", {"input": 2000, "output": 1000, "other_tier": "batch"}, "0.0105",
        "anthropic/claude-sonnet-4-5+batch@2026-10-14",
    ),
    # gemini-2.5-flash: text 0.3, audio 1, cached text 0.03, cached audio 0.1, output 2.5.
    # 1000 input, 400 of it audio, 300 cached, 100 of that audio: 400 x 0.3 + 300 x 1 + 200 x 0.03 + 100 x 0.1 = 436
    (
        "gemini-2.5-flash", "gcp.vertex_ai",
        {"input": 1000, "audio_in": 400, "cached": 300, "audio_cached": 100, "output": 0}, "0.000436",
        "google/gemini-2.5-flash",
    ),
    # gpt-4o-transcribe: text 2.5, audio 6, output 10. 100 x 2.5 + 900 x 6 + 50 x 10 = 6150
    ("gpt-4o-transcribe", "openai", {"input": 1000, "audio_in": 900, "output": 50}, "0.00615",
     "openai/gpt-4o-transcribe"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "provider", "given_", "usd", "rule"), BY_HAND)
def test_amounts_computed_by_hand(
    model: str, provider: str, given_: dict[str, AttributeValue], usd: str, rule: str
) -> None:
    """The amount, its micro-dollars and the rule are those of the published prices."""
    cost = priced(span(model=model, provider=provider, **given_))
    assert cost["amount"] == float(usd)
    assert cost["micro_usd"] == int((Decimal(usd) * 10**6).to_integral_value(ROUND_HALF_UP))
    assert (cost["rule"], cost["status"], cost.get("reason")) == (rule, "exact", None)
    assert (cost["currency"], cost["source"], cost["book"]) == ("USD", "local", "genai-prices 0.2.3")


def test_buckets() -> None:
    """Each bucket that cost something has its own attribute, and zeros have none."""
    cost = priced(span(model="gpt-4.1", input=10000, cached=8000, output=1000, searches=2))
    assert cost["input"] == 0.004
    assert cost["cache_read"] == 0.004
    assert cost["output"] == 0.008
    assert cost["other"] == 0.02
    assert "cache_write" not in cost
    assert cost["amount"] == 0.036


def test_half_a_micro_dollar_is_rounded_up() -> None:
    """Micro-dollars round half up: 20 tokens at 0.075 per million are 1.5 millionths of a dollar."""
    cost = priced(span(model="gpt-4o-mini", input=20, cached=20, output=0))
    assert (cost["amount"], cost["micro_usd"]) == (0.0000015, 2)


NO_CALLS: list[AttributeValue] = [
    "execute_tool", "invoke_agent", "invoke_workflow", "retrieval", "create_agent", "", None,
    ["chat"],
]  # fmt: skip


@pytest.mark.parametrize("operation", NO_CALLS)
def test_spans_that_spend_nothing_are_untouched(operation: AttributeValue) -> None:
    """A span that is no model call gets no attribute at all, even with usage on it."""
    record = span(operation=operation, model="gpt-4o", input=10, output=1)
    before = dict(record.attributes)
    assert Cost(CostConfig())(record).attributes == before


def test_a_fetch_without_usage_is_untouched() -> None:
    """Reading a response again costs nothing, and is not unpriced either."""
    record = SpanRecord("fetch_response", 1, 2, attributes={"gen_ai.operation.name": "fetch_response"})
    assert Cost(CostConfig())(record).attributes == {"gen_ai.operation.name": "fetch_response"}


@pytest.mark.parametrize("operation", ["chat", "generate_content", "text_completion", "embeddings", "fetch_response"])
def test_spans_that_spend(operation: str) -> None:
    """The four kinds of model call are priced."""
    assert priced(span(operation=operation, model="gpt-4o", input=1000, output=0))["amount"] == 0.0025


def test_embeddings_have_no_output() -> None:
    """An embedding without output tokens is exact."""
    cost = priced(span(operation="embeddings", model="text-embedding-3-small", input=1000))
    assert (cost["status"], cost["amount"]) == ("exact", 0.00002)


def test_a_second_pass_changes_nothing() -> None:
    """A span that has a status is left alone, whichever host gave it."""
    step = Cost(CostConfig())
    record = step(span(model="gpt-4o", input=10, output=1))
    before = dict(record.attributes)
    record.attributes["gen_ai.usage.input_tokens"] = 10**6
    assert step(record).attributes == {**before, "gen_ai.usage.input_tokens": 10**6}


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"model": "gpt-4o"}, "no usage"),
        ({"model": "gpt-4o", "error__type": "timeout"}, "no usage"),
        ({"model": "gpt-4o", "input": 0, "output": 0}, "no usage"),
        ({"model": "no-such-model", "input": 1, "output": 1}, "unknown model"),
        ({"input": 1, "output": 1}, "unknown model"),
        ({"model": "gpt-4o", "provider": "nobody", "input": 1, "output": 1}, "unknown provider"),
        ({"model": "gpt-4o", "provider": "ibm.watsonx.ai", "input": 1, "output": 1}, "unknown provider"),
        ({"model": "gpt-4o", "input": 10, "cached": 11, "output": 1}, "inconsistent usage"),
        ({"model": "gpt-4o", "cached": 11, "output": 1}, "incomplete usage"),
        ({"model": "gpt-4o", "input": -1, "output": 1}, "inconsistent usage"),
        ({"model": "gpt-4o", "input": "many", "output": 1}, "inconsistent usage"),
        ({"model": "gpt-4o", "input": 2.5, "output": 1}, "inconsistent usage"),
        ({"model": "gpt-4o", "input": 10**30, "output": 1}, "inconsistent usage"),
    ],
)
def test_unpriced_is_a_status_and_never_zero(attributes: dict[str, AttributeValue], reason: str) -> None:
    """What cannot be priced has a status, a reason and nothing else."""
    assert priced(span(**attributes)) == {"status": "unpriced", "reason": reason}


def test_a_free_model_costs_zero() -> None:
    """A model whose price is 0 in the book is exact, which is not the same as unpriced."""
    cost = priced(
        span(model="google/gemma-3-27b-it:free", provider="openrouter", host="openrouter.ai", input=9, output=9)
    )
    assert (cost["status"], cost["amount"], cost["micro_usd"]) == ("exact", 0.0, 0)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ({"model": "gpt-4o", "tier": "scale"}, "no price for the service tier"),
        ({"model": "gpt-5", "tier": "flex", "at": "2026-10-11T23:59:59"}, "no price for the service tier"),
        ({"model": "gpt-4o", "provider": "azure.ai.openai", "tier": "priority"}, "no price for the service tier"),
        ({"model": "claude-3-5-haiku-latest", "provider": "anthropic", "other_tier": "batch"}, "no batch price"),
        ({"model": "claude-3-5-haiku-latest", "provider": "anthropic", "speed": "fast"}, "no price for the speed"),
        ({"model": "claude-3-5-haiku-latest", "provider": "anthropic", "written": 5}, "cache lifetime unknown"),
        ({"model": "gpt-4o", "outcome": "closed"}, "stream ended early"),
        ({"model": "gpt-4o", "provider": None}, "provider guessed from the model"),
        ({"model": "gpt-4o", "output": None}, "output tokens missing"),
        ({"model": "gpt-4o", "input": None}, "input tokens missing"),
        (
            {"model": "gemini-2.5-flash", "provider": "gcp.gemini", "cached": 4, "audio_in": 4},
            "cached modalities unknown",
        ),
    ],
)
def test_assumptions_are_named(attributes: dict[str, AttributeValue], reason: str) -> None:
    """An amount that rests on an assumption is an estimate and says which."""
    given_ = {"input": 10, "output": 10, **attributes}
    at = str(given_.pop("at", "2026-11-01T00:00:00"))
    cost = priced(
        span(at, **{name: value for name, value in given_.items() if value is not None or name == "provider"})
    )
    assert (cost["status"], cost["reason"]) == ("estimated", reason)
    assert isinstance(cost["amount"], float) and cost["amount"] > 0


@pytest.mark.parametrize(
    "attributes",
    [
        {"model": "gpt-4o", "tier": "default"},
        {"model": "gpt-4o", "outcome": "drained"},
        {"model": "gpt-4o", "outcome": "closed", "reasons": ["stop"]},
        {"model": "claude-3-5-haiku-latest", "provider": "anthropic", "other_tier": "standard"},
        {"model": "claude-3-5-haiku-latest", "provider": "anthropic", "written_5m": 5},
    ],
)
def test_what_is_known_is_exact(attributes: dict[str, AttributeValue]) -> None:
    """Standard tiers, whole streams and complete splits are no assumptions."""
    assert priced(span(**{"input": 10, "output": 10, **attributes}))["status"] == "exact"


@pytest.mark.parametrize(
    ("attributes", "rule"),
    [
        ({"answered_by": "gpt-4o-mini-2024-07-18", "model": "gpt-4o"}, "openai/gpt-4o-mini"),
        ({"answered_by": "who-knows", "model": "gpt-4o"}, "openai/gpt-4o"),
        ({"host": "openrouter.ai", "model": "openai/gpt-4o"}, "openrouter/openai/gpt-4o@2026-10-19"),
        ({"host": "api.openai.com", "port": 443, "model": "gpt-4o"}, "openai/gpt-4o"),
        ({"host": "127.0.0.1", "port": 8123, "model": "gpt-4o"}, "openai/gpt-4o"),
        ({"host": "gateway.example", "model": "gpt-4o"}, "openai/gpt-4o"),
        ({"host": "x.openai.azure.com", "model": "my-deployment", "answered_by": "gpt-4o"}, "openai/gpt-4o"),
        (
            {"host": "api.together.xyz", "model": "meta-llama/Llama-3.3-70B-Instruct-Turbo"},
            "together/meta-llama/Llama-3.3-70B-Instruct-Turbo",
        ),
        ({"provider": "x_ai", "model": "grok-4.3"}, "x-ai/grok-4.3"),
        ({"provider": "gcp.gen_ai", "model": "gemini-2.5-pro"}, "google/gemini-2.5-pro"),
        ({"provider": "mistral_ai", "model": "mistral-large-latest"}, "mistral/mistral-large"),
        ({"provider": "moonshot_ai", "model": "kimi-k2.6"}, "moonshotai/kimi-k2.6"),
        (
            {"provider": "aws.bedrock", "model": "us.anthropic.claude-3-haiku-20240307-v1:0"},
            "aws/regional.anthropic.claude-3-haiku-20240307-v1:0",
        ),
    ],
)
def test_who_is_billed(attributes: dict[str, AttributeValue], rule: str) -> None:
    """The host decides before the provider's name, the model that answered before the one asked for."""
    cost = priced(span(input=10, output=10, **attributes))
    assert (cost["status"], cost["rule"]) == ("exact", rule)


def test_the_price_of_the_day_of_the_call() -> None:
    """A price that changed is the one that held when the call started, and the rule says since when."""
    old = priced(span("2026-10-11T23:59:59", model="gpt-5", input=1000, output=1000, tier="priority"))
    new = priced(span("2026-10-12T00:00:00", model="gpt-5", input=1000, output=1000, tier="priority"))
    assert (old["status"], new["status"]) == ("estimated", "exact")
    assert new["amount"] == 2 * float(str(old["amount"]))
    assert str(new["rule"]).endswith("@2026-10-12")


def test_the_time_of_day_of_the_call() -> None:
    """DeepSeek's off-peak price holds outside 00:30 to 16:30 UTC."""
    at: dict[str, AttributeValue] = {
        "provider": "deepseek",
        "model": "deepseek-reasoner",
        "input": 1000,
        "output": 1000,
    }
    day, night = priced(span("2026-03-01T12:00:00", **at)), priced(span("2026-03-01T16:30:00", **at))
    assert "@00:30-16:30" in str(day["rule"])
    assert float(str(night["amount"])) < float(str(day["amount"]))


def test_the_cost_a_provider_sent_wins() -> None:
    """A cost from the response is kept as it is, only completed."""
    record = span(model="gpt-4o", input=10, output=10, amount=0.0123455, currency="USD", source="provider")
    assert priced(record) == {
        "amount": 0.0123455, "currency": "USD", "source": "provider", "status": "provider", "micro_usd": 12346,
    }  # fmt: skip


def test_a_cost_in_another_currency_is_kept() -> None:
    """A cost in euros is the provider's word, and has no micro-dollars."""
    cost = priced(span(model="gpt-4o", input=10, output=10, amount=0.5, currency="EUR", source="provider"))
    assert cost == {"amount": 0.5, "currency": "EUR", "source": "provider", "status": "provider"}


def test_a_cost_without_a_currency_is_no_price() -> None:
    """A number of unknown currency stays on the span and counts as unpriced."""
    cost = priced(span(model="gpt-4o", input=10, output=10, amount=0.5, source="provider"))
    assert cost == {"amount": 0.5, "source": "provider", "status": "unpriced", "reason": "currency unknown"}


@pytest.mark.parametrize("amount", [math.nan, math.inf, -1.0, "free", True, 1e300, [1.0]])
def test_an_amount_that_is_no_money_is_replaced(amount: AttributeValue) -> None:
    """Not a number, infinite, negative, or text: the call is priced as if nothing had been sent."""
    cost = priced(span(model="gpt-4o", input=1000, output=0, amount=amount, currency="USD", source="provider"))
    assert (cost["amount"], cost["source"], cost["status"]) == (0.0025, "local", "exact")


def test_an_amount_that_another_component_computed() -> None:
    """Our price replaces it; where we have none it stays, marked as an estimate."""
    known = priced(span(model="gpt-4o", input=1000, output=0, amount=9.0, currency="USD", source="local"))
    unknown = priced(span(model="no-such-model", input=1000, output=0, amount=9.0, currency="USD", source="local"))
    assert known["amount"] == 0.0025
    assert (unknown["amount"], unknown["status"], unknown["micro_usd"]) == (9.0, "estimated", 9_000_000)
    assert unknown["reason"] == "priced by another component"


def test_the_precision_of_the_application_does_not_matter() -> None:
    """An application that calculates with three digits gets the same prices."""
    with localcontext() as context:
        context.prec = 3
        assert getcontext().prec == 3
        cost = priced(span(model="gpt-4o-mini", input=1_234_567, cached=1_024, output=310_001))
    # 1 233 543 x 0.15 + 1024 x 0.075 + 310 001 x 0.6 = 371 108.85
    assert cost["amount"] == 0.37110885
    assert cost["micro_usd"] == 371_109


def test_an_unknown_model_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    """One warning per unknown model, and none for names that could forge a log line."""
    step = Cost(CostConfig())
    with caplog.at_level(logging.WARNING, "spanwise.cost"):
        for model in ("my-model", "my-model", "evil\nWARNING forged", "evil\x1b[31m", "x" * 129):
            step(span(model=model, input=1, output=1))
    messages = [record.getMessage() for record in caplog.records]
    assert len(messages) == 2
    assert "my-model" in messages[0]
    assert "<not shown>" in messages[1] and "forged" not in messages[1]


def test_warnings_can_be_off_and_are_bounded(caplog: pytest.LogCaptureFixture) -> None:
    """No warning when switched off; a flood of names ends."""
    with caplog.at_level(logging.WARNING, "spanwise.cost"):
        Cost(CostConfig(warn_unknown=False))(span(model="quiet", input=1, output=1))
        assert not caplog.records
        step = Cost(CostConfig())
        for number in range(400):
            step(span(model=f"flood-{number}", input=1, output=1))
    assert len(caplog.records) == 256


def test_a_book_of_ones_own() -> None:
    """`CostConfig.book` replaces the bundled prices and its name is on the span."""
    raw = {
        "name": "house", "version": "7", "date": "2026-11-01",
        "units": [
            ["input_tokens", "input_mtok", 1000000, {"family": "tokens", "direction": "input"}],
            ["requests", "requests_kcount", 1000, {"family": "requests"}],
        ],
        "providers": [{
            "id": "openai", "api": ["regex", "https://x"],
            "models": [["m", ["equals", "m"], [[None, {"input_mtok": "7", "requests_kcount": "2"}]], [], 0]],
        }],
    }  # fmt: skip
    record = span(model="m", input=1_000_000, output=5)
    Cost(CostConfig(book=PriceBook(json.dumps(raw).encode())))(record)
    assert record.attributes["gen_ai.usage.cost.amount"] == 7.002
    assert record.attributes["spanwise.cost.book"] == "house 7"


_NAMES = st.sampled_from(sorted({*_SHORT.values(), "error.type"}))
_VALUES: st.SearchStrategy[AttributeValue] = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**20), 10**20), st.floats(), st.text(max_size=30), st.binary(max_size=5),
    st.lists(st.integers(), max_size=2), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.sampled_from(["gpt-4o", "openai", "USD", "provider", "api.openai.com", "flex"]),
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(_NAMES, _VALUES, max_size=14), st.integers(-(2**62), 2**63))
def test_any_attributes_are_survived(attributes: dict[str, AttributeValue], start_unix_nano: int) -> None:
    """Whatever a span carries, the step raises nothing, and a model call has a status or is untouched."""
    named = {"gen_ai.request.model": "gpt-4o", **attributes, "gen_ai.operation.name": "chat"}
    record = SpanRecord("chat", 1, 2, start_unix_nano=start_unix_nano, attributes=named)
    assert Cost(CostConfig(warn_unknown=False))(record) is record
    status = record.attributes["spanwise.cost.status"]
    assert status in {"exact", "estimated", "unpriced", "provider"}
    if status in {"exact", "estimated"}:
        assert isinstance(record.attributes["gen_ai.usage.cost.amount"], float)


def test_a_gateways_prefix_is_not_part_of_the_model() -> None:
    """`openai/gpt-4o-mini` of the provider openai has that model's price; another provider's prefix has none."""
    spans = [
        SpanRecord(
            "chat",
            1,
            2,
            start_unix_nano=1_760_000_000_000_000_000,
            attributes={
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": model,
                "gen_ai.usage.input_tokens": 1000,
                "gen_ai.usage.output_tokens": 100,
            },
        )
        for model in ("openai/gpt-4o-mini", "gpt-4o-mini", "somebody/gpt-4o-mini-x")
    ]
    found = [Cost(CostConfig(warn_unknown=False))(span).attributes.get("gen_ai.usage.cost.amount") for span in spans]
    assert found[0] == found[1]
    assert found[0] is not None


@pytest.mark.parametrize(("sent", "status"), [(0.00021, "exact"), (0.0, "exact"), (0.0001, "estimated")])
def test_another_components_price(sent: float, status: str) -> None:
    """A price that somebody else computed confirms ours when it is equal, and makes it an estimate when it is not."""
    span = SpanRecord(
        "chat",
        1,
        2,
        start_unix_nano=1_760_000_000_000_000_000,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 100,
            "gen_ai.usage.cost.amount": sent,
            "gen_ai.usage.cost.currency": "USD",
            "gen_ai.usage.cost.source": "local",
        },
    )
    found = Cost(CostConfig())(span).attributes
    assert (found["spanwise.cost.status"], found["gen_ai.usage.cost.amount"]) == (status, 0.00021)
    assert found.get("spanwise.cost.reason") == (None if status == "exact" else "another component has another price")
