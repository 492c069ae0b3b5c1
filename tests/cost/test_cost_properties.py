"""What every price must satisfy, whatever the model: sums, parts, and that nothing is billed twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cost import PriceBook, Quote
from spanwise.cost.quote import Terms, Usage
from spanwise.cost.tariff import Tariff


AT_S = 1_793_491_200
BOOK = PriceBook.bundled()
TARIFFS = list(BOOK.tariffs())
COUNTS = st.integers(0, 400_000)

tariffs = st.sampled_from(TARIFFS)


def quote(tariff: Tariff, usage: Usage) -> Quote:
    """`usage` at the standard prices of `tariff`."""
    return BOOK.rule(tariff.at(AT_S, None)).quoting(tuple(usage))(usage)


def amount(tariff: Tariff, usage: Usage) -> Decimal:
    """The price of `usage`, which has one."""
    found = quote(tariff, usage).amount
    assert found is not None
    return found


@settings(max_examples=500, deadline=None)
@given(tariffs, COUNTS, COUNTS, COUNTS, COUNTS, st.integers(0, 5))
def test_the_buckets_are_the_amount(
    tariff: Tariff, uncached: int, read: int, written: int, output: int, searches: int
) -> None:
    """Buckets sum to the amount to the last digit, as the bill does line by line; micro-dollars round it half up."""
    usage = {
        "input_tokens": uncached + read + written, "cache_read_tokens": read, "cache_write_tokens": written,
        "output_tokens": output, "web_searches": searches,
    }  # fmt: skip
    rule = BOOK.rule(tariff.at(AT_S, None))
    found = rule.quoting(tuple(usage))(usage)
    assert found.amount is not None
    assert sum(found.buckets.values(), Decimal(0)) == found.amount
    assert sum((charge.amount for charge in rule.charges(usage)), Decimal(0)) == found.amount
    assert found.usd == float(found.amount)
    assert abs(found.amount * 10**6 - found.micro_usd) <= Decimal("0.5")


@settings(max_examples=500, deadline=None)
@given(tariffs, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_no_token_is_billed_twice(
    tariff: Tariff, text: int, audio: int, read: int, audio_read: int, output: int
) -> None:
    """The lines of a bill count every input token once and every output token once, however they are split."""
    usage = {
        "input_tokens": text + audio + read + audio_read, "cache_read_tokens": read + audio_read,
        "input_audio_tokens": audio + audio_read, "cache_audio_read_tokens": audio_read, "output_tokens": output,
        "output_reasoning_tokens": output // 2, "output_audio_tokens": 0,
    }  # fmt: skip
    rule = BOOK.rule(tariff.at(AT_S, None))
    charges = rule.charges(usage)
    billed = dict.fromkeys(("input", "output"), 0)
    for charge in charges:
        side = "output" if charge.bucket == "output" else "input"
        billed[side] += charge.units if charge.usage_key.endswith("tokens") else 0
    assert billed["input"] == (usage["input_tokens"] if rule.prices("input_tokens") else 0)
    assert billed["output"] == (usage["output_tokens"] if rule.prices("output_tokens") else 0)


DEARER_CACHE = {
    tariff.name
    for tariff in TARIFFS
    if amount(tariff, {"input_tokens": 1000, "cache_read_tokens": 1000, "output_tokens": 0})
    > amount(tariff, {"input_tokens": 1000, "output_tokens": 0})
}


def test_a_cache_that_costs_more_is_the_sources() -> None:
    """Only a handful of the 2,330 models have a cached price above the full one; they are the book's, not ours."""
    assert len(DEARER_CACHE) <= 10, DEARER_CACHE


@settings(max_examples=500, deadline=None)
@given(tariffs, COUNTS, COUNTS, COUNTS)
def test_a_cached_token_costs_no_more(tariff: Tariff, uncached: int, read: int, output: int) -> None:
    """That some input tokens came out of the cache never makes a call dearer."""
    if tariff.name in DEARER_CACHE:
        return
    plain = {"input_tokens": uncached + read, "output_tokens": output}
    assert amount(tariff, {**plain, "cache_read_tokens": read}) <= amount(tariff, plain)


@settings(max_examples=500, deadline=None)
@given(
    tariffs, COUNTS, COUNTS, st.sampled_from(["input_tokens", "output_tokens"]), st.integers(1, 500_000),
)  # fmt: skip
def test_more_of_anything_costs_no_less(tariff: Tariff, input_: int, output: int, key: str, more: int) -> None:
    """The price never falls when a count rises, thresholds included."""
    less = {"input_tokens": input_, "output_tokens": output}
    assert amount(tariff, less) <= amount(tariff, {**less, key: less[key] + more})


@settings(max_examples=300, deadline=None)
@given(tariffs, COUNTS, COUNTS, st.integers(0, 100), st.integers(0, 100))
def test_parts_without_a_price_of_their_own_change_nothing(
    tariff: Tariff, input_: int, output: int, read: int, reasoned: int
) -> None:
    """Splitting a bucket into parts that have no own price bills what the whole would: never more, never less."""
    rule = BOOK.rule(tariff.at(AT_S, None))
    parts = {
        "cache_read_tokens": input_ * read // 100, "output_reasoning_tokens": output * reasoned // 100,
        "input_text_tokens": input_, "output_text_tokens": output // 2,
    }  # fmt: skip
    silent = {key: count for key, count in parts.items() if not rule.prices(key)}
    whole = {"input_tokens": input_, "output_tokens": output}
    assert amount(tariff, {**whole, **silent}) == amount(tariff, whole)


@settings(max_examples=300, deadline=None)
@given(
    tariffs,
    st.permutations(["input_tokens", "output_tokens", "cache_read_tokens", "web_searches", "output_reasoning_tokens"]),
)
def test_the_order_of_counts_does_not_matter(tariff: Tariff, keys: list[str]) -> None:
    """The same counts in another order cost the same, also after a call with other counts of the same model."""
    counts = dict.fromkeys(keys, 10) | {"input_tokens": 5000, "output_tokens": 700}
    provider, _, model = tariff.name.partition("/")
    first = BOOK.quote_at(provider, model, dict(sorted(counts.items())), AT_S)
    other = {"input_tokens": 1, "output_tokens": 1, "a": 1, "b": 1, "c": 1}
    BOOK.quote_at(provider, model, other, AT_S)
    assert BOOK.quote_at(provider, model, {key: counts[key] for key in keys}, AT_S) == first


@pytest.mark.parametrize(
    ("sums", "scale", "micro"),
    [(15, 7, 2), (14, 7, 1), (5, 7, 1), (4, 7, 0), (1, 0, 1_000_000), (123, 3, 123_000), (25, 7, 3)],
)
def test_micro_dollars(sums: int, scale: int, micro: int) -> None:
    """Half a millionth is rounded up, at any scale."""
    assert Quote(Terms("exact", "", "", scale, 10**scale, ("input",)), (sums, sums)).micro_usd == micro


def test_a_quote_tells_itself() -> None:
    """A quote shows its parts, equals another with the same, and differs from one with another reason."""
    one = BOOK.quote_at("openai", "gpt-4o", {"input_tokens": 1000, "output_tokens": 0}, AT_S)
    same = BOOK.quote_at("openai", "gpt-4o", {"output_tokens": 0, "input_tokens": 1000}, AT_S)
    assert one == same and hash(one) == hash(same)
    assert one != one.estimated("why") and one != "0.0025"
    assert "amount=Decimal('0.0025" in repr(one) and "status='exact'" in repr(one)
    assert BOOK.quote_at("openai", "nothing", {"input_tokens": 1}, AT_S).usd == 0.0
