"""The price book: its file, its bounds, and what every price must satisfy."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.cost import PriceBook
from spanwise.cost import compile as compiler
from spanwise.cost.book import BUNDLED
from spanwise.cost.match import compiled
from spanwise.cost.quote import Quote
from spanwise.cost.recent import Recent
from tests.cost.reference import PROVIDERS
from tests.steps import steps


AT = datetime(2026, 11, 1, tzinfo=UTC)
BOOK = PriceBook.bundled()


def test_the_file_is_what_the_compiler_writes() -> None:
    """`book.json` is generated: run `python -m spanwise.cost.compile` when this fails."""
    assert compiler.BOOK.read_bytes() == compiler.render()


def test_the_file_names_its_source_and_stays_small() -> None:
    """Name, version, licence and source stand in the file; it has fewer than 1.5 million bytes."""
    text = compiler.BOOK.read_bytes()
    assert len(text) < 1_500_000
    for words in (b"genai-prices", b"0.2.3", b"MIT", b"Copyright (c) Pydantic Services Inc.", b"not to be edited"):
        assert words in text[:3000]
    assert (BOOK.name, BOOK.version, BOOK.date) == ("genai-prices", "0.2.3", date(2026, 11, 10))


def test_pricing_needs_nothing_of_the_source() -> None:
    """At run time neither genai-prices nor pydantic is imported."""
    code = (
        "import sys; from datetime import datetime; from spanwise.cost import PriceBook; "
        "q = PriceBook.bundled().quote('openai', 'gpt-4o', {'input_tokens': 1, 'output_tokens': 1}, "
        "at=datetime(2026, 11, 1)); assert q.amount; "
        "assert not {'genai_prices', 'pydantic', 'httpx', 'httpx2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([
        (provider.id, model.id) for provider in PROVIDERS for model in provider.models
        if provider.id in {"openai", "anthropic", "google", "aws", "mistral", "groq", "x-ai", "deepseek"}
    ]),
    st.lists(st.integers(0, 300_000), min_size=4, max_size=4),
    st.integers(0, 3),
    st.integers(1, 400_000),
)  # fmt: skip
def test_more_tokens_never_cost_less(model: tuple[str, str], parts: list[int], which: int, more: int) -> None:
    """One kind of token more, all others equal, costs as much or more; and the buckets are the amount."""

    def amount(uncached: int, read: int, written: int, output: int) -> Decimal | None:
        usage = {
            "input_tokens": uncached + read + written, "cache_read_tokens": read, "cache_write_tokens": written,
            "output_tokens": output,
        }  # fmt: skip
        quote = BOOK.quote(*model, usage, at=AT)
        assert quote.amount is None or sum(quote.buckets.values(), Decimal(0)) == quote.amount
        return quote.amount

    less = amount(*parts)
    parts[which] += more
    greater = amount(*parts)
    assert (less is None) == (greater is None)
    assert less is None or greater is None or less <= greater


HOSTILE = [
    "x" * 10_000, "gpt-4o" + "\n" * 300, "gpt-4o\x00", "\x1b[31mgpt-4o", "gpt-4o\ud800", "gpt-\uff14o",
    "gpt-5.4-\uff12\uff10\uff12\uff16-01-01",
    "-tts" * 2000, "claude-" + "a" * 250, "", " ", "mistral" * 40,
]  # fmt: skip


RAW = orjson.loads(BUNDLED.read_bytes())


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("place", ["model", "provider", "url"])
def test_hostile_names(name: str, place: str) -> None:
    """Long, forged and unprintable names are unknown, or a model that matches, after as few steps as any name.

    What cannot be looked up is told before the book is asked, what can is compared with one clause after the other,
    and what was asked before is remembered.
    """
    names: dict[str, str | None] = {"model": "gpt-4o", "provider": None, "url": None, place: name}

    def ask(book: PriceBook) -> Quote:
        assert book.provider_at(name) is None
        return book.quote(
            names["provider"], str(names["model"]), {"input_tokens": 1, "output_tokens": 1}, at=AT, url=names["url"]
        )

    quote = ask(PriceBook(RAW))  # whatever is compiled at first is compiled now
    is_refused = len(name) > 256 or not name.isprintable() or not name.isascii()
    book = PriceBook(RAW)
    assert steps(lambda: ask(book)) < (100 if is_refused else 5_000)
    assert steps(lambda: ask(book)) < 50
    assert len(quote.rule) < 200
    if is_refused:
        assert quote.status == "unpriced"


def test_patterns_of_the_book_are_of_an_engine_that_takes_linear_time() -> None:
    """No pattern of the book can be expensive, whatever the name: google-re2 looks at each character once."""
    assert type(compiled("(a+)+b")) is type(re2.compile("a"))


def test_strangers_cannot_grow_the_memory() -> None:
    """Names without end, known or not, as models, providers or hosts: what is remembered stays bounded."""
    book = PriceBook(compiler.BOOK.read_bytes())
    usage = {"input_tokens": 1, "output_tokens": 1}

    def flood(first: int, last: int) -> None:
        for number in range(first, last):
            book.quote("anthropic", f"claude-2-{number}", usage, at=AT)
            book.quote(f"nobody-{number}", "gpt-4o", usage, at=AT)
            book.provider_at(f"https://{number}.example")

    flood(0, 6_000)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    flood(6_000, 12_500)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 4_000_000
    sizes: list[Callable[[], int]] = [book._found.__len__, book._missed.__len__, book._hosts.__len__]
    assert all(0 < size() <= 4096 for size in sizes)


def test_usage_of_many_shapes_is_bounded() -> None:
    """A rule forgets how it read rare combinations of counts, and still prices them right."""
    keys = ["cache_read_tokens", "web_searches", "output_reasoning_tokens", "input_text_tokens", "a", "b", "c", "d"]
    for number in range(256):
        extra = {key: 0 for place, key in enumerate(keys) if number >> place & 1}
        quote = BOOK.quote("openai", "gpt-4o", {"input_tokens": 1000, "output_tokens": 0, **extra}, at=AT)
        assert quote.amount == Decimal("0.0025")


def test_recent_keeps_what_is_used() -> None:
    """The cache drops what nobody asks for and keeps what somebody does."""
    cache: Recent[int, str] = Recent(10)
    cache.put(0, "kept")
    for number in range(1, 100):
        cache.put(number, "passing")
        assert cache.get(0) == "kept"
        assert len(cache) <= 10
    assert cache.get(1) is None


def test_naive_times_are_utc() -> None:
    """A time without a zone is read as UTC, and a zone is converted."""
    usage = {"input_tokens": 1000, "output_tokens": 1000}
    naive = BOOK.quote("deepseek", "deepseek-reasoner", usage, at=datetime(2026, 3, 1, 16, 30))
    aware = BOOK.quote("deepseek", "deepseek-reasoner", usage, at=datetime.fromisoformat("2026-03-02T01:30:00+09:00"))
    assert naive == aware
    assert naive.status == "exact"
