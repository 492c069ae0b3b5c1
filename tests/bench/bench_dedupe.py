"""Deduplication per span: calls seen once, calls seen twice, a long loop under one parent, and spans of other kinds.

Run as `python -m tests.bench.bench_dedupe`. Prints microseconds of the step itself, the making of the records left out,
and ratios against the price of one call, which is what can be compared between machines.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable

from spanwise.cost import Cost, CostConfig
from spanwise.dedupe import Dedupe, DedupeConfig
from spanwise.record import Scope, SpanRecord, Step


ROUNDS = 7
SPANS = 5000
START_UNIX_NANO = 1_793_491_200_000_000_000
OURS, THEIRS = Scope("spanwise.openai"), Scope("openinference.instrumentation.langchain")


def call(number: int, scope: Scope = OURS, span_id: int = 0, parent: int = 0) -> SpanRecord:
    """A model call as the step receives it: 20 attributes, as our instrumentation writes them."""
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "server.address": "api.openai.com",
        "gen_ai.request.model": "gpt-4o-mini", "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
        "gen_ai.response.id": f"chatcmpl-{number:029d}", "gen_ai.usage.input_tokens": 1240,
        "gen_ai.usage.cache_read.input_tokens": 1024, "gen_ai.usage.output_tokens": 310,
        "openai.response.service_tier": "default", "server.port": 443, "gen_ai.request.max_tokens": 500,
        "gen_ai.request.temperature": 1, "gen_ai.output.type": "text", "gen_ai.request.stream": "false",
        "gen_ai.conversation.id": "c", "user.id": "u", "session.id": "s", "gen_ai.prompt.name": "p",
        "gen_ai.prompt.version": "3",
    }  # fmt: skip
    start = START_UNIX_NANO + number * 1_000_000
    return SpanRecord(
        "chat gpt-4o-mini",
        number + 1,
        span_id or number + 1,
        parent,
        start_unix_nano=start,
        end_unix_nano=start + 900_000,
        attributes=dict(attributes),
        scope=scope,
    )


def once(number: int) -> SpanRecord:
    """A call nobody else sees, a trace of its own."""
    return call(number)


def looped(number: int) -> SpanRecord:
    """One of many calls in sequence under the same parent."""
    span = call(number, parent=7)
    span.trace_id = 1
    return span


def twice(number: int) -> SpanRecord:
    """A call and, every second time, the framework's span around it."""
    if number % 2 == 0:
        return call(number, span_id=number + 1, parent=number + 2)
    framework = call(number - 1, THEIRS, span_id=number + 1)
    del framework.attributes["gen_ai.response.id"]
    return framework


def tool(number: int) -> SpanRecord:
    """A span that is no inference."""
    return SpanRecord("execute_tool", number + 1, number + 1, attributes={"gen_ai.operation.name": "execute_tool"})


def best_us(step: Callable[[], Step], make: Callable[[int], SpanRecord]) -> float:
    """Microseconds per span of the step that `step` builds, the best of several rounds, less an empty loop."""
    best = float("inf")
    for _ in range(ROUNDS):
        ready, spans = step(), [make(number) for number in range(SPANS)]
        gc.collect()
        start = time.perf_counter()
        for _span in spans:
            pass
        empty = time.perf_counter() - start
        start = time.perf_counter()
        for span in spans:
            ready(span)
        best = min(best, time.perf_counter() - start - empty)
    return best / SPANS * 1e6


def remembered_bytes() -> float:
    """Bytes per remembered span when the memory is full, attributes and ids included."""
    step = Dedupe(DedupeConfig(max_calls=SPANS * 2))
    tracemalloc.start()
    for number in range(SPANS - 1):
        step(call(number))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / step.remembered


def main() -> None:
    """Measure and print."""
    reference = best_us(lambda: Cost(CostConfig()), once)
    rows = [
        ("price of a call, for comparison", reference),
        ("call seen once", best_us(Dedupe, once)),
        ("call in a loop under one parent", best_us(Dedupe, looped)),
        ("call and the framework's span around it, mean", best_us(Dedupe, twice)),
        ("span that is no inference", best_us(Dedupe, tool)),
    ]
    for name, took in rows:
        sys.stdout.write(f"{name:52} {took:9.2f} us   {reference / max(took, 0.01):8.1f} x\n")
    sys.stdout.write(f"{'memory per remembered span':52} {remembered_bytes():9.0f} bytes\n")


if __name__ == "__main__":
    main()
