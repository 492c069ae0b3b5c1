"""Pricing one call: our book and step against genai-prices, in one process.

Run as `python -m tests.bench.bench_cost`. Prints microseconds of CPU time and ratios; the ratio is what can be compared
between machines. `--cold` prints what a fresh process pays for the book instead, best of several processes.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from spanwise.cost import Cost, CostConfig, OwnPrices, PriceBook
from spanwise.cost.book import BUNDLED
from spanwise.policy import Reader
from spanwise.record import AttributeValue, SpanRecord


AT = datetime(2026, 11, 1, tzinfo=UTC)
AT_S = int(AT.timestamp())
COUNTS = {"input_tokens": 1240, "cache_read_tokens": 1024, "output_tokens": 310}
CHAT: dict[str, AttributeValue] = {
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "server.address": "api.openai.com",
    "gen_ai.request.model": "gpt-4o-mini", "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
    "gen_ai.usage.input_tokens": 1240, "gen_ai.usage.cache_read.input_tokens": 1024,
    "gen_ai.usage.output_tokens": 310, "openai.response.service_tier": "default",
}  # fmt: skip
OTHER: dict[str, AttributeValue] = {"gen_ai.operation.name": "execute_tool"}
ROUNDS = 15
PROCESSES = 12

BARE = "import sys, time; start = time.process_time()"
IN_AN_APPLICATION = "import time, opentelemetry.sdk.trace, spanwise.pipeline; start = time.process_time()"
BOOK = "from spanwise.cost import PriceBook; PriceBook.bundled()"
STEP = "from spanwise.cost import Cost, CostConfig; Cost(CostConfig()).pricer"
COLD = (
    ("book, in an application", IN_AN_APPLICATION, BOOK),
    ("book and step, in an application", IN_AN_APPLICATION, STEP),
    ("book, with every import of a bare process", BARE, BOOK),
)


def best_us(call: Callable[[], object], calls: int) -> float:
    """Microseconds of CPU time per call, the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(calls):
            call()
        best = min(best, time.process_time() - start)
    return best / calls * 1e6


def load_ms() -> float:
    """Milliseconds from the file to a book in memory, imports left out."""
    return best_us(lambda: PriceBook(BUNDLED.read_bytes()), 3) / 1e3


def first_ms(provider: str, model: str) -> float:
    """Milliseconds of the first quote of a model in a fresh book."""
    fresh = PriceBook(BUNDLED.read_bytes())
    start = time.process_time()
    fresh.quote(provider, model, COUNTS, at=AT)
    return (time.process_time() - start) * 1e3


def span(attributes: dict[str, AttributeValue]) -> SpanRecord:
    """A span record as the step receives it."""
    return SpanRecord("chat", 1, 2, start_unix_nano=AT_S * 10**9, attributes=dict(attributes))


def step_us(config: CostConfig, attributes: dict[str, AttributeValue]) -> float:
    """What the step costs a span, the making of the record left out."""
    step = Cost(config)
    return best_us(lambda: step(span(attributes)), 3000) - best_us(lambda: span(attributes), 3000)


def own_prices() -> OwnPrices:
    """A hundred entries, of which the last concerns the call."""
    overrides = [{"model": f"model-{number}", "input_mtok": 1} for number in range(99)]
    return OwnPrices.read(Reader({"overrides": [*overrides, {"model": "gpt-4o-mini*", "input_mtok": 0.1}]}))


def cold() -> None:
    """What a fresh process pays before its first priced call."""
    for name, before, work in COLD:
        code = f"{before}\n{work}\nprint(time.process_time() - start)"
        took = [
            float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
            for _ in range(PROCESSES)
        ]
        sys.stdout.write(f"{name:52} {min(took) * 1e3:9.2f} ms\n")


def main() -> None:
    """Measure and print."""
    from genai_prices import Usage as TheirUsage
    from genai_prices import calc_price

    book = PriceBook.bundled()
    usage = TheirUsage(**COUNTS)
    flex = {"service_tier": "flex"}
    reference = best_us(lambda: calc_price(usage, "gpt-4o-mini", provider_id="openai", genai_request_timestamp=AT), 300)
    rows = [
        ("genai-prices calc_price", reference),
        ("book.quote_at", best_us(lambda: book.quote_at("openai", "gpt-4o-mini", COUNTS, AT_S), 20_000)),
        ("book.quote_at, tiers", best_us(lambda: book.quote_at("google", "gemini-2.5-pro", COUNTS, AT_S), 20_000)),
        ("book.quote_at, service tier", best_us(lambda: book.quote_at("openai", "gpt-5", COUNTS, AT_S, flex), 20_000)),
        ("book.quote", best_us(lambda: book.quote("openai", "gpt-4o-mini", COUNTS, at=AT), 10_000)),
        ("book.quote_at and its amount as Decimal", best_us(
            lambda: book.quote_at("openai", "gpt-4o-mini", COUNTS, AT_S).amount, 10_000)),
        ("step on a priced span", step_us(CostConfig(), CHAT)),
        ("step on a priced span, 100 prices of one's own", step_us(CostConfig(prices=own_prices()), CHAT)),
        ("step on another span", step_us(CostConfig(), OTHER)),
    ]  # fmt: skip
    for name, took in rows:
        sys.stdout.write(f"{name:52} {took:9.2f} us   {reference / max(took, 0.01):8.1f} x\n")
    sys.stdout.write(f"{'load of the book':52} {load_ms():9.2f} ms\n")
    sys.stdout.write(f"{'first quote of a model, openai':52} {first_ms('openai', 'gpt-4o-mini'):9.2f} ms\n")
    sys.stdout.write(f"{'first quote of a model, openrouter':52} {first_ms('openrouter', 'no-such-model'):9.2f} ms\n")


if __name__ == "__main__":
    cold() if "--cold" in sys.argv[1:] else main()
