"""The policy in a real Collector against the same steps in Python: microseconds of CPU time for each span.

Run as `python -m tests.bench.bench_ottl`; needs the Collector that `python -m tests.stack.engines otelcol` builds. Four
Collectors run one after the other: one that only receives, and one each with prices, with redaction, and with both.
What they take above the first is compared with our steps, which run in this process on the same spans. Ratios are what
can be compared between machines.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from spanwise.cost import Cost, CostConfig, OwnPrices, PriceBook
from spanwise.deploy.collector.ottl.price import compiled as compiled_prices
from spanwise.deploy.collector.ottl.redaction import compiled as compiled_rules
from spanwise.record import AttributeValue, SpanRecord
from spanwise.redact import RedactConfig, Redactor
from spanwise.semconv import attributes as attr
from tests.stack.pipe import Pipe, request


SPANS: Final = 1000
ROUNDS: Final = 5
TICKS: Final = os.sysconf("SC_CLK_TCK")
START: Final = 1_794_312_000 * 10**9
PROSE: Final = "The quarterly report says that the new index made queries on the archive faster by a third. " * 10
MODELS: Final = (
    ("openai", "gpt-4o-mini-2024-07-18"), ("openai", "gpt-5"), ("anthropic", "claude-sonnet-4-5"),
    ("gcp.gemini", "gemini-2.5-flash"), ("openai", "gpt-4o-2024-08-06-of-ours"), ("vllm", "our-own-llama"),
)  # fmt: skip
"""Most are looked up by their name; one is found by a pattern only, one by nothing."""


def spans(text: str) -> list[SpanRecord]:
    """Spans of chats with some twenty attributes, and `text` in their messages where there is one."""
    return [_span(number, text) for number in range(1, SPANS + 1)]


def _span(number: int, text: str) -> SpanRecord:
    provider, model = MODELS[number % len(MODELS)]
    attributes: dict[str, AttributeValue] = {
        attr.GEN_AI_OPERATION_NAME: "chat", attr.GEN_AI_PROVIDER_NAME: provider,
        attr.SERVER_ADDRESS: "gateway.internal", attr.SERVER_PORT: 443,
        attr.GEN_AI_REQUEST_MODEL: model, attr.GEN_AI_RESPONSE_MODEL: model,
        attr.GEN_AI_RESPONSE_ID: f"chatcmpl-{number:024x}", attr.GEN_AI_CONVERSATION_ID: f"conversation-{number}",
        attr.GEN_AI_USAGE_INPUT_TOKENS: 1240 + number, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 310,
        attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: 1024, attr.GEN_AI_RESPONSE_FINISH_REASONS: ["stop"],
        attr.GEN_AI_REQUEST_TEMPERATURE: 0.2, attr.GEN_AI_REQUEST_MAX_TOKENS: 1024, attr.SPANWISE_TENANT: "acme",
        "app.feature": "search", "app.version": "3.14.1", "thread.name": "MainThread", "code.function.name": "answer",
    }  # fmt: skip
    if text:
        message = {"role": "user", "parts": [{"type": "text", "content": text}]}
        attributes[attr.GEN_AI_INPUT_MESSAGES] = json.dumps([message])
    return SpanRecord("chat", number, number, start_unix_nano=START, end_unix_nano=START + 10**9, attributes=attributes)


def collector_us(processors: Mapping[str, Any], bodies: Mapping[str, bytes], folder: Path) -> dict[str, float]:
    """CPU time of the Collector for each span, the best of several rounds, by the kind of spans."""
    taken = {}
    with Pipe(processors, folder, keeps=False) as pipe:
        for name, body in bodies.items():
            pipe.post(body)
            rounds = [_cpu_s(pipe, body) for _ in range(ROUNDS)]
            taken[name] = min(rounds) / SPANS / REPEATS * 1e6
    return taken


REPEATS: Final = 4


def _cpu_s(pipe: Pipe, body: bytes) -> float:
    before = _used_s(pipe.process.pid)
    for _ in range(REPEATS):
        pipe.post(body)
    return _used_s(pipe.process.pid) - before


def _used_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def step_us(step: Callable[[SpanRecord], object], text: str) -> float:
    """CPU time of one of our steps for each span, the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        fresh = spans(text)
        start = time.process_time()
        for span in fresh:
            step(span)
        best = min(best, time.process_time() - start)
    return best / SPANS * 1e6


def started_s(processors: Mapping[str, Any], folder: Path) -> float:
    """CPU time from the start of the Collector until it is ready."""
    with Pipe(processors, folder) as pipe:
        return _used_s(pipe.process.pid)


def main() -> None:
    """Print the table."""
    book = PriceBook.bundled()
    prices = compiled_prices(book, OwnPrices()).processors
    rules = compiled_rules(RedactConfig()).processors
    hit = PROSE.replace("faster by a third", "known as passport 123, dni: 12345678", 1)
    texts = {
        "no content": "",
        "1 KB, clean": PROSE[:1000],
        "1 KB, a value": hit[:1000],
        "9 KB, clean": PROSE[:900] * 10,
    }
    bodies = {name: request(spans(text)) for name, text in texts.items()}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        received = collector_us({}, bodies, place)
        found = {
            "prices": collector_us(prices, bodies, place),
            "redaction": collector_us(rules, bodies, place),
            "both": collector_us({**prices, **rules}, bodies, place),
        }
        ready = {name: started_s(each, place) for name, each in (("nothing", {}), ("prices", prices), ("rules", rules))}
    cost, redactor = Cost(CostConfig(book=book, warn_unknown=False)), Redactor()
    redactor(_span(1, PROSE))
    heads = ("receive", "prices", "ours", "ratio", "redaction", "ours", "ratio", "both")
    print(f"{'us a span':<16}" + "".join(f"{head:>10}" for head in heads))
    for name, text in texts.items():
        base = received[name]
        price, rule = (found[key][name] - base for key in ("prices", "redaction"))
        ours = step_us(cost, text), step_us(redactor, text)
        row = (base, price, ours[0], price / ours[0], rule, ours[1], rule / ours[1], found["both"][name] - base)
        print(f"{name:<16}" + "".join(f"{value:>10.2f}" for value in row), flush=True)
    print("CPU seconds until ready: " + ", ".join(f"{name} {taken:.2f}" for name, taken in ready.items()))


if __name__ == "__main__":
    main()
