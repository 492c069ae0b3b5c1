"""What the checks of quality cost: `python -m tests.bench.bench_quality` prints microseconds and ratios.

Both halves are timed on calls with answers of several sizes, beside redaction of the
same call: the clean half runs both.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable

from spanwise.quality import Quality
from spanwise.record import SpanRecord
from spanwise.redact import Redactor
from spanwise.semconv import attributes as attr


_SYLLABLES = ("ra", "ke", "lo", "min", "ter", "so", "pal", "ed", "un", "gar", "den", "ist", "ov", "er", "que")
_SMALL = ("the", "and", "of", "to", "is", "in", "that", "it", "you", "for", "with", "are")
_ROUNDS = 30


def prose(size: int) -> str:
    """Sentences of small English words and invented ones, about as varied as prose; the same in every run."""
    chance = random.Random(size)
    words: list[str] = []
    while 7 * len(words) < size:
        words += [chance.choice(_SMALL), "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))]
        if len(words) % 12 == 0:
            words[-1] += "."
    return " ".join(words)[:size]


def call(size: int | None) -> SpanRecord:
    """A call whose answer has about `size` characters; without content for `None`."""
    found: dict[str, object] = {
        attr.GEN_AI_OPERATION_NAME: "chat",
        attr.GEN_AI_RESPONSE_FINISH_REASONS: ["stop"],
        attr.GEN_AI_USAGE_OUTPUT_TOKENS: 100,
    }
    if size is not None:
        text = prose(size)
        parts = [{"type": "text", "content": text}]
        asked = [{"type": "text", "content": "What do I have to do with the old rake that is in the garden?"}]
        found[attr.GEN_AI_OUTPUT_MESSAGES] = json.dumps([{"role": "assistant", "parts": parts}])
        found[attr.GEN_AI_INPUT_MESSAGES] = json.dumps([{"role": "user", "parts": asked}])
    return SpanRecord("chat", 1, 2, end_unix_nano=1, attributes=found)  # type: ignore[arg-type]


def median_us(work: Callable[[SpanRecord], object], size: int | None) -> float:
    """Median microseconds of `work` on a fresh call."""
    taken = []
    for _ in range(_ROUNDS):
        span = call(size)
        start_ns = time.perf_counter_ns()
        work(span)
        taken.append((time.perf_counter_ns() - start_ns) / 1000)
    return statistics.median(taken)


def main() -> None:
    """Print one row per size."""
    quality, redactor = Quality(), Redactor()
    quality.content(call(100))
    redactor(call(100))
    sys.stdout.write("| answer | structure | content | redaction | content / redaction |\n|---|---|---|---|---|\n")
    for size in (None, 100, 1_000, 10_000, 100_000):
        name = "none" if size is None else f"{size:,} characters"
        first, then, beside = (median_us(work, size) for work in (quality.structure, quality.content, redactor))
        sys.stdout.write(f"| {name} | {first:.1f} us | {then:.0f} us | {beside:.0f} us | {then / beside:.2f} |\n")


if __name__ == "__main__":
    main()
