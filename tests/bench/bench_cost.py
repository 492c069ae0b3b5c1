"""Pricing one call: our book and step against genai-prices, in one process.

Run as `python -m tests.bench.bench_cost`. Prints microseconds and ratios; the ratio is what can be compared between
machines.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from genai_prices import Usage as TheirUsage
from genai_prices import calc_price

from spanwise.cost import Cost, CostConfig, PriceBook, book
from spanwise.record import SpanRecord


AT = datetime(2026, 11, 1, tzinfo=UTC)
START_UNIX_NANO = int(AT.timestamp()) * 10**9
COUNTS = {"input_tokens": 1240, "cache_read_tokens": 1024, "output_tokens": 310}
ROUNDS = 7


def best_us(call: Callable[[], object], calls: int) -> float:
    """Microseconds per call, the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(calls):
            call()
        best = min(best, time.perf_counter() - start)
    return best / calls * 1e6


def load_ms() -> float:
    """Milliseconds from the file to a book in memory, imports left out."""
    text = Path(book.__file__).with_name("book.json")
    return best_us(lambda: PriceBook(text.read_bytes()), 3) / 1e3


def first_ms(provider: str, model: str) -> float:
    """Milliseconds of the first quote of a model in a fresh book."""
    fresh = PriceBook(Path(book.__file__).with_name("book.json").read_bytes())
    start = time.perf_counter()
    fresh.quote(provider, model, COUNTS, at=AT)
    return (time.perf_counter() - start) * 1e3


def span(attributes: dict[str, str | int]) -> SpanRecord:
    """A span record as the step receives it."""
    return SpanRecord("chat", 1, 2, start_unix_nano=START_UNIX_NANO, attributes=dict(attributes))


def main() -> None:
    """Measure and print."""
    prices = PriceBook.bundled()
    usage = TheirUsage(**COUNTS)
    step = Cost(CostConfig())
    chat: dict[str, str | int] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "server.address": "api.openai.com",
        "gen_ai.request.model": "gpt-4o-mini", "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
        "gen_ai.usage.input_tokens": 1240, "gen_ai.usage.cache_read.input_tokens": 1024,
        "gen_ai.usage.output_tokens": 310, "openai.response.service_tier": "default",
    }  # fmt: skip
    other: dict[str, str | int] = {"gen_ai.operation.name": "execute_tool"}
    reference = best_us(lambda: calc_price(usage, "gpt-4o-mini", provider_id="openai", genai_request_timestamp=AT), 300)
    rows = [
        ("genai-prices calc_price", reference),
        ("book.quote", best_us(lambda: prices.quote("openai", "gpt-4o-mini", COUNTS, at=AT), 5000)),
        (
            "book.quote, service tier",
            best_us(lambda: prices.quote("openai", "gpt-5", COUNTS, at=AT, context={"service_tier": "flex"}), 5000),
        ),
        ("book.quote_at", best_us(lambda: prices.quote_at("openai", "gpt-4o-mini", COUNTS, 1_793_491_200), 5000)),
        (
            "step on a priced span (record made: see next line)",
            best_us(lambda: step(span(chat)), 2000),
        ),
        ("making that record", best_us(lambda: span(chat), 2000)),
        ("step on another span", best_us(lambda: step(span(other)), 2000) - best_us(lambda: span(other), 2000)),
    ]
    write = sys.stdout.write
    for name, took in rows:
        write(f"{name:52} {took:9.2f} us   {reference / max(took, 0.01):8.1f} x\n")
    write(f"{'load of the book':52} {load_ms():9.2f} ms\n")
    write(f"{'first quote of a model, openai':52} {first_ms('openai', 'gpt-4o-mini'):9.2f} ms\n")
    write(f"{'first quote of a model, openrouter':52} {first_ms('openrouter', 'no-such-model'):9.2f} ms\n")


if __name__ == "__main__":
    main()
