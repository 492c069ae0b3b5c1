"""Prices of one's own: what a policy may say, what it is told when it is wrong, and what goes before what."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cost import Cost, CostConfig, OwnPrices
from spanwise.cost.glob import covers, matches
from spanwise.pipeline import PipelineConfig
from spanwise.policy import PolicyError, Reader, read_policy
from spanwise.record import SpanRecord
from spanwise.record.span import AttributeValue
from tests.steps import steps


NOVEMBER_S = 1_793_491_200


def own(prices: object) -> OwnPrices:
    """The section `prices`, which has no mistakes."""
    reader = Reader(prices, path=("prices",))
    found = OwnPrices.read(reader)
    assert reader.problems == []
    return found


def priced(prices: object, at_s: int = NOVEMBER_S, /, **attributes: AttributeValue) -> dict[str, AttributeValue]:
    """What the step writes on a chat span of three seconds; `__` in a keyword stands for a dot."""
    named: dict[str, AttributeValue] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1",
        "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 0,
    }  # fmt: skip
    named |= {name.replace("__", "."): value for name, value in attributes.items()}
    named = {name: value for name, value in named.items() if value is not None}
    record = SpanRecord(
        "chat", 1, 2, start_unix_nano=at_s * 10**9, end_unix_nano=(at_s + 3) * 10**9, attributes=named
    )  # fmt: skip
    return Cost(CostConfig(prices=own(prices), warn_unknown=False))(record).attributes


def usd(prices: object, at_s: int = NOVEMBER_S, /, **attributes: AttributeValue) -> AttributeValue:
    """The amount on that span."""
    return priced(prices, at_s, **attributes).get("gen_ai.usage.cost.amount")


OVERRIDE = {"model": "gpt-4.1*", "provider": "openai", "input_mtok": 1.5}


def test_an_override_lies_over_the_book() -> None:
    """What it names has its price, the rest keeps the book's, and the rule names both."""
    cost = priced({"overrides": [OVERRIDE]}, gen_ai__usage__output_tokens=1_000_000)
    assert cost["gen_ai.usage.cost.amount"] == 1.5 + 8
    assert cost["spanwise.cost.rule"] == "own/prices.overrides[0] over openai/gpt-4.1"
    assert cost["spanwise.cost.status"] == "exact"


def test_the_first_entry_that_concerns_a_call_is_taken() -> None:
    """Order decides, nothing else."""
    assert usd({"overrides": [{**OVERRIDE, "model": "gpt-4.1", "input_mtok": 1}, OVERRIDE]}) == 1
    assert usd({"overrides": [{**OVERRIDE, "model": "gpt-4o*", "input_mtok": 1}, OVERRIDE]}) == 1.5


@pytest.mark.parametrize(
    ("day_s", "expected"),
    [(1_767_225_599, 2.0), (1_767_225_600, 1.5), (1_769_903_999, 1.5), (1_769_904_000, 2.0)],
)
def test_days_are_both_included(day_s: int, expected: float) -> None:
    """From the first second of 2026-01-01 to the last of 2026-01-31, in UTC, also for calls asked about in turn."""
    assert usd({"overrides": [{**OVERRIDE, "from": "2026-01-01", "until": "2026-01-31"}]}, day_s) == expected


def test_one_step_sees_an_entry_begin() -> None:
    """A step that priced a call before the entry's first day prices the next call by the entry."""
    step = Cost(CostConfig(prices=own({"overrides": [{**OVERRIDE, "from": "2026-01-01"}]})))
    amounts = []
    for at_s in (1_767_225_599, 1_767_225_600, 1_767_225_599):
        attributes: dict[str, AttributeValue] = {
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1",
            "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 0,
        }  # fmt: skip
        amounts.append(
            step(SpanRecord("c", 1, 2, start_unix_nano=at_s * 10**9, attributes=attributes)).attributes[
                "gen_ai.usage.cost.amount"
            ]
        )
    assert amounts == [2.0, 1.5, 2.0]


def test_service_tiers() -> None:
    """An entry without a tier is for standard calls; one with a tier for that tier; `*` for all."""
    tier = {"openai__response__service_tier": "flex", "gen_ai__request__model": "gpt-5"}
    entry = {"model": "gpt-5", "input_mtok": 1, "output_mtok": 1}
    assert usd({"overrides": [entry]}, **tier) == 0.625
    assert usd({"overrides": [{**entry, "service_tier": "flex"}]}, **tier) == 1
    assert usd({"overrides": [{**entry, "service_tier": ["priority", "*"]}]}, **tier) == 1
    assert usd({"overrides": [{**entry, "service_tier": "flex"}]}, gen_ai__request__model="gpt-5") == 1.25
    unknown = priced(
        {"overrides": [{**entry, "service_tier": "scale"}]}, **{**tier, "openai__response__service_tier": "scale"}
    )
    assert (unknown["spanwise.cost.status"], unknown["gen_ai.usage.cost.amount"]) == ("exact", 1)


def test_tiers_by_prompt_length() -> None:
    """Above the threshold the higher price holds for all tokens of the call."""
    entry = {**OVERRIDE, "tiers": [{"above": 999_999, "input_mtok": 3}]}
    assert usd({"overrides": [entry]}) == 3
    assert usd({"overrides": [entry]}, gen_ai__usage__input_tokens=999_999) == pytest.approx(1.4999985)


def test_tenants() -> None:
    """A price for one tenant is for its calls only."""
    prices = {"discounts": [{"tenant": "acme-*", "percent": 50}, {"provider": "openai", "percent": 10}]}
    assert usd(prices, spanwise__tenant="acme-eu") == 1
    assert usd(prices, spanwise__tenant="other") == 1.8
    assert usd(prices) == 1.8


def test_discounts() -> None:
    """A percentage is taken off, a rate is what is left; neither stacks, and neither touches an override."""
    assert usd({"discounts": [{"percent": "12.5"}]}) == 1.75
    assert usd({"discounts": [{"provider": "open*", "rate": "0.9"}, {"percent": 50}]}) == 1.8
    assert priced({"discounts": [{"rate": "0.9", "name": "deal"}]})["spanwise.cost.rule"] == "openai/gpt-4.1+deal*0.9"
    assert usd({"overrides": [OVERRIDE], "discounts": [{"percent": 50}]}) == 1.5
    assert usd({"discounts": [{"percent": 100}]}) == 0


SENT: dict[str, AttributeValue] = {
    "gen_ai__usage__cost__amount": 0.5,
    "gen_ai__usage__cost__currency": "USD",
    "gen_ai__usage__cost__source": "provider",
}


def test_what_the_provider_sent_goes_first() -> None:
    """It is kept before every price of one's own, unless a discount is agreed on amounts that are sent."""
    kept = priced({"overrides": [OVERRIDE], "discounts": [{"percent": 50}]}, **SENT)
    assert (kept["gen_ai.usage.cost.amount"], kept["spanwise.cost.status"]) == (0.5, "provider")
    paid = priced({"discounts": [{"percent": 10, "apply_to": "provider", "name": "deal"}]}, **SENT)
    assert (paid["gen_ai.usage.cost.amount"], paid["spanwise.cost.status"]) == (0.45, "exact")
    assert (paid["gen_ai.usage.cost.source"], paid["spanwise.usage.sent_cost"]) == ("local", 0.5)
    assert (paid["spanwise.cost.rule"], paid["spanwise.cost.micro_usd"]) == ("sent+deal*0.9", 450_000)
    foreign = priced(
        {"discounts": [{"percent": 10, "apply_to": "both"}]}, **{**SENT, "gen_ai__usage__cost__currency": "EUR"}
    )
    assert (foreign["gen_ai.usage.cost.amount"], foreign["spanwise.cost.status"]) == (0.5, "provider")


def test_a_discount_on_what_was_sent_is_not_taken_twice() -> None:
    """A span that is priced again starts from what the provider sent."""
    prices = {"discounts": [{"percent": 10, "apply_to": "provider"}]}
    once = priced(prices, **SENT)
    again = {name: value for name, value in once.items() if not name.startswith("spanwise.cost.")}
    twice = priced(prices, **{name.replace(".", "__"): value for name, value in again.items()})
    assert twice == once
    dropped = priced({}, **{name.replace(".", "__"): value for name, value in again.items()})
    assert (dropped["gen_ai.usage.cost.amount"], dropped["spanwise.cost.status"]) == (0.5, "provider")


def test_private_models() -> None:
    """A machine of one's own is paid by the second, the request or the token, and takes nothing from the book."""
    local = {"gen_ai__provider__name": "vllm", "gen_ai__request__model": "llama-70b-ours"}
    model = {"model": "llama-*-ours", "second": "0.001", "request": "0.01"}
    assert usd({"models": [model]}, **local) == pytest.approx(0.013)
    assert usd({"models": [{**model, "input_mtok": 1}]}, **local) == pytest.approx(1.013)
    named = priced({"models": [{"model": "gpt-4.1", "request": 1}]}, gen_ai__usage__output_tokens=10**6)
    assert (named["gen_ai.usage.cost.amount"], named["spanwise.cost.rule"]) == (1, "own/prices.models[0]")
    assert named["spanwise.cost.other"] == 1


def test_a_private_model_needs_no_usage() -> None:
    """By the second a call has a price without any counts; by the token it has not."""
    local = {
        "gen_ai__provider__name": "vllm", "gen_ai__request__model": "ours", "gen_ai__usage__input_tokens": None,
        "gen_ai__usage__output_tokens": None,
    }  # fmt: skip
    assert usd({"models": [{"model": "ours", "second": 2}]}, **local) == 6
    by_token = priced({"models": [{"model": "ours", "input_mtok": 2}]}, **local)
    assert (by_token["spanwise.cost.status"], by_token["spanwise.cost.reason"]) == ("unpriced", "no usage")


def test_images_and_other_units() -> None:
    """Images, searches, pages, characters and seconds of audio have prices by the piece."""
    prices = {"models": [{
        "model": "ours", "image": "0.04", "web_search": "0.01", "page": "0.002", "character": "0.00001",
        "audio_second": "0.0001",
    }]}  # fmt: skip
    counts = {
        "spanwise__usage__output_images": 2, "spanwise__usage__web_searches": 1, "spanwise__usage__input_pages": 5,
        "spanwise__usage__input_characters": 1000, "spanwise__usage__input_audio_seconds": 30,
    }  # fmt: skip
    assert usd(prices, gen_ai__request__model="ours", **counts) == pytest.approx(0.08 + 0.01 + 0.01 + 0.01 + 0.003)


def test_currencies() -> None:
    """The amount stays in US dollars at the fixed rate; what is billed is kept beside it."""
    prices = {
        "currencies": {"EUR": {"usd": "1.25", "date": "2026-10-01"}},
        "overrides": [{**OVERRIDE, "input_mtok": 2, "currency": "EUR"}],
    }
    cost = priced(prices)
    assert (cost["gen_ai.usage.cost.amount"], cost["gen_ai.usage.cost.currency"]) == (2.5, "USD")
    assert (cost["spanwise.cost.billed.amount"], cost["spanwise.cost.billed.currency"]) == (2.0, "EUR")
    assert "spanwise.cost.billed.amount" not in priced({"overrides": [OVERRIDE]})


POLICY = """\
prices:
  currencies:
    EUR: {usd: 1.25}
    euro: {usd: 1, date: 2026-01-01}
  overrides:
    - {provider: openai, input_mtok: 2}
    - {model: "gpt-*", input_mtok: abc}
    - {model: gpt-4.1, input_mtok: 1, currency: GBP}
    - {model: x, input_mtok: 1, from: 2026-02-01, until: 2026-01-01}
    - {model: y, inptu_mtok: 1}
    - {model: z, input_mtok: 1, service_tier: fex}
    - {model: "z*", input_mtok: 1}
    - {model: zz, input_mtok: 3}
    - {model: w, input_mtok: -1}
    - {model: v, output_mtok: 1, tiers: [{above: 10, input_mtok: 2}]}
  discounts:
    - {provider: a, percent: 10, rate: 0.9}
    - {provider: b}
    - {percent: 5, apply_to: invoice}
    - {provider: c, percent: 7}
"""
COMPLAINTS = [
    (3, "prices.currencies.EUR.date", "is missing"),
    (4, "prices.currencies.euro", "ISO 4217"),
    (6, "prices.overrides[0].model", "is missing"),
    (7, "prices.overrides[1].input_mtok", "found 'abc'"),
    (8, "prices.overrides[2].currency", "found 'GBP'; accepted: USD"),
    (8, "prices.overrides[2]", "never applies: prices.overrides[1] stands above it"),
    (9, "prices.overrides[3].until", "found 2026-01-01"),
    (10, "prices.overrides[4].inptu_mtok", "Did you mean input_mtok?"),
    (11, "prices.overrides[5].service_tier", "found 'fex'"),
    (13, "prices.overrides[7]", "never applies: prices.overrides[6] stands above it"),
    (14, "prices.overrides[8].input_mtok", "found -1"),
    (15, "prices.overrides[9].tiers[0]", "no base price"),
    (17, "prices.discounts[0]", "found both of percent and rate"),
    (18, "prices.discounts[1]", "found neither of percent and rate"),
    (19, "prices.discounts[2].apply_to", "found 'invoice'"),
    (20, "prices.discounts[3]", "never applies: prices.discounts[2] stands above it"),
]


def test_every_mistake_is_named_with_its_line(tmp_path: Path) -> None:
    """Each complaint has file, line, key, what was found and what is accepted, all at once."""
    (tmp_path / "spanwise.yaml").write_text(POLICY)
    with pytest.raises(PolicyError) as caught:
        PipelineConfig.from_policy(read_policy(tmp_path / "spanwise.yaml"))
    lines = caught.value.lines
    for line, key, words in COMPLAINTS:
        assert any(f"spanwise.yaml:{line}: {key}: " in text and words in text for text in lines), (line, key, lines)


def test_a_policy_without_mistakes(tmp_path: Path) -> None:
    """The section reaches the step, and an entry knows its line."""
    (tmp_path / "spanwise.yaml").write_text("prices:\n  discounts:\n    - {percent: 50}\n")
    config = PipelineConfig.from_policy(read_policy(tmp_path / "spanwise.yaml"))
    prices = config.cost.prices
    assert prices is not None
    assert prices.place(prices.discounts[0].path).endswith("spanwise.yaml:3")


def test_options_without_a_file() -> None:
    """Nested options of a configuration file set prices as well."""
    config = PipelineConfig.from_options({"prices": {"discounts": [{"percent": 50}]}})
    assert config.cost.prices is not None and len(config.cost.prices.discounts) == 1


def test_own_prices_cost_nothing_per_call() -> None:
    """A hundred entries that do not concern a call are looked at once: the next one makes as many calls as with two."""
    assert _calls_made(100) == _calls_made(2)


def _calls_made(entries: int) -> int:
    """Functions that the step calls for a model that it has seen before, beside `entries` for others."""
    prices = own({"overrides": [{"model": f"model-{number}", "input_mtok": 1} for number in range(entries)]})
    step, made = Cost(CostConfig(prices=prices)), 0
    step(_span())
    span = _span()

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal made
        made += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        step(span)
    finally:
        sys.setprofile(before)
    assert made > 10
    return made


def _span() -> SpanRecord:
    attributes: dict[str, AttributeValue] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4.1",
        "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 1,
    }  # fmt: skip
    return SpanRecord("c", 1, 2, start_unix_nano=NOVEMBER_S * 10**9, attributes=attributes)


def test_an_unknown_model_warns_once_and_stays_unknown(caplog: pytest.LogCaptureFixture) -> None:
    """With prices of one's own too: a status, a reason, one warning, no amount."""
    step = Cost(CostConfig(prices=own({"overrides": [OVERRIDE]})))
    with caplog.at_level(logging.WARNING, "spanwise.cost"):
        for _ in range(3):
            span = _span()
            span.attributes["gen_ai.request.model"] = "nobody-knows"
            step(span)
    assert len(caplog.records) == 1
    assert span.attributes["spanwise.cost.status"] == "unpriced"
    assert "gen_ai.usage.cost.amount" not in span.attributes


PATTERNS = st.text("ab*", max_size=6)


@settings(max_examples=500, deadline=None)
@given(PATTERNS, PATTERNS, st.text("ab", max_size=6))
def test_what_covers_a_pattern_matches_what_it_matches(wide: str, narrow: str, name: str) -> None:
    """A pattern that covers another one matches every name that the other one matches."""
    if covers(wide, narrow) and matches(narrow, name):
        assert matches(wide, name)


@settings(max_examples=500, deadline=None)
@given(PATTERNS, st.text("ab", max_size=8))
def test_patterns(pattern: str, name: str) -> None:
    """A star stands for any characters, none included; nothing else is special."""
    import fnmatch

    assert matches(pattern, name.upper()) == fnmatch.fnmatchcase(name, pattern)


class Read(str):
    """A name in lower case that counts its characters as they are read from left to right."""

    read = 0

    def lower(self) -> Read:
        """The same object, so that it goes on counting."""
        return self

    def find(self, piece: str, start: int = 0, end: int | None = None, /) -> int:  # type: ignore[override]
        """Where `piece` is: what was read ends behind it, or at `end`."""
        last = len(self) if end is None else end
        place = super().find(piece, start, last)
        self.read += (last if place < 0 else place + len(piece)) - start
        return place


@pytest.mark.parametrize("end", ["b", "*b*"])
@pytest.mark.parametrize("length", [200, 20_000, 40_000])
def test_a_hostile_name_is_read_once(length: int, end: str) -> None:
    """Many stars and a long name: no character is read twice, and the steps are those of the pattern alone."""
    pattern, name = "*a" * 100 + end, "a" * length
    assert steps(lambda: matches(pattern, name), most=1_000) == steps(lambda: matches(pattern, name[:100]))
    read = Read(name)
    assert not matches(pattern, read)
    assert read.read == (length if end == "*b*" else 0)
