"""Redaction throughput against the obvious way: one `re` pattern per kind, `finditer` each, for 14 kinds.

Run `python -m tests.bench.bench_redact`. Prints MB/s and ratios of one run; asserts nothing. `prose` is what people
wrote: the descriptions of the installed distributions, cleaned once. `text` is a mixture of prose, code and JSON full
of dates, hashes and numbers. The engine makes its searches at the first text, and learns shapes as it reads.
"""

from __future__ import annotations

import importlib.metadata
import random
import re
import sys
import time
from collections.abc import Callable

import orjson

from spanwise.record import SpanRecord
from spanwise.redact import Redactor


NAIVE = [
    re.compile(pattern)
    for pattern in (
        r"\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b",
        r"(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b",
        r"\b(?:\d[ -]?){13,19}\b",
        r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
        r"\b(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}\b",
        r"\bsk-[A-Za-z0-9_-]{20,}",
        r"\bsk-ant-[A-Za-z0-9_-]{20,}",
        r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
        r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
        r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
        r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    )
]
CLEAN = (
    "The retriever returned eight passages, and the answer cites three of them. ",
    "def run(batch: list[str]) -> dict[str, float]:\n    return {name: score(name) for name in batch}\n",
    'In 2025-04-14T12:30:00.123Z the job took 12.75 s and 1,240 tokens ("gpt-4.1-2025-04-14").\n',
    "Traceback (most recent call last): File app.py, line 412, in main: ValueError: bad row 17\n",
    "Order ORD-12345678 was sent on 2024-11-03 for $1,299.00; see https://docs.example.org/guide/v1.2.3#step-4. ",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8, run 550e8400-e29b-41d4-a716-446655440000. ",
    '{"role": "assistant", "content": "Nothing to report.", "score": 0.8731} ',
)
PLANTED = (
    "joe.smith@example.com",
    "4111 1111 1111 1111",
    "+1 415 555 0132",
    "192.168.14.20",
    "sk-proj-" + "aB3dE5gH" * 5,
)


def text(size: int, every: int = 0) -> str:
    """`size` characters of prose, code and JSON with decoys; one value per `every` characters when that is not 0."""
    chance = random.Random(7)
    pieces: list[str] = []
    length = planted = 0
    while length < size:
        piece = chance.choice(CLEAN)
        if every and length // every >= planted:
            piece += f" {chance.choice(PLANTED)} "
            planted += 1
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)[:size]


def prose(least: int = 400_000) -> str:
    """At least `least` characters that people wrote, as far as this environment has them."""
    pieces: list[str] = []
    length = 0
    for distribution in importlib.metadata.distributions():
        body = (distribution.read_text("METADATA") or "").partition("\n\n")[2]
        pieces.append(body)
        length += len(body)
        if length >= least:
            break
    return "".join(pieces)


def planted(text: str, every: int) -> str:
    """`text` with a value in every `every` characters."""
    chance = random.Random(7)
    pieces = [text[start : start + every] for start in range(0, len(text), every)]
    return "".join(f"{piece} {chance.choice(PLANTED)} " for piece in pieces)


def naive(text: str) -> str:
    """The text searched once per pattern; what is found is replaced from the end."""
    spans = sorted((match.span() for pattern in NAIVE for match in pattern.finditer(text)), reverse=True)
    for start, end in spans:
        text = text[:start] + "[X]" + text[end:]
    return text


def seconds(work: Callable[[], object], least: float = 0.3) -> float:
    """CPU seconds of one call: the best of five rounds."""
    work()
    start = time.process_time()
    work()
    rounds = max(1, int(least / 5 / max(time.process_time() - start, 1e-7)))
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(rounds):
            work()
        best = min(best, (time.process_time() - start) / rounds)
    return best


def messages(body: str) -> str:
    """`body` as the content of a chat with two messages."""
    half = len(body) // 2
    parts = ({"role": role, "parts": [{"type": "text", "content": part}]} for role, part in
             (("system", body[:half]), ("user", body[half:])))  # fmt: skip
    return orjson.dumps(list(parts)).decode()


def span(body: str) -> SpanRecord:
    """A chat span with twenty attributes and `body` as its input."""
    plain = {f"app.attribute_{number}": f"value {number}" for number in range(18)}
    return SpanRecord("chat gpt-4.1", 1, 2, attributes={**plain, "gen_ai.input.messages": messages(body)})


def report_prose(redactor: Redactor) -> None:
    """Prints how fast prose is read: by a process that has read nothing yet, and by one that has."""
    out = sys.stdout.write
    started = time.process_time()
    redactor.find(PLANTED[0])
    made = time.process_time()
    body = redactor.find(prose()).text
    cold = time.process_time() - made
    out(f"the first text of a process: {(made - started) * 1000:.0f} ms\n")
    out(f"then {len(body) // 1000} KB of prose it has not seen, values taken out: {len(body) / cold / 1e6:.0f} MB/s\n")
    for name, text in (("clean prose", body), ("prose, 1 value per 2 KB", planted(body, 2_000))):
        parts = [text[start : start + 100_000] for start in range(0, len(text), 100_000)]
        took = seconds(lambda parts=parts: [redactor.find(part) for part in parts])  # type: ignore[misc]
        out(f"{name:<28}{took * 1e6:>12.1f}{len(text) / took / 1e6:>9.0f} MB/s\n")


def main() -> None:
    """Prints the table."""
    redactor = Redactor()
    report_prose(redactor)
    out = sys.stdout.write
    out(f"{'text':<28}{'us':>12}{'MB/s':>9}{'naive us':>12}{'ratio':>8}\n")
    for size in (1_000, 10_000, 100_000):
        for name, every in (("clean", 0), ("sparse (1 per 2 KB)", 2_000), ("dense (1 per 100 B)", 100)):
            body = text(size, every)
            ours = seconds(lambda body=body: redactor.find(body))  # type: ignore[misc]
            theirs = seconds(lambda body=body: naive(body))  # type: ignore[misc]
            out(f"{size // 1000:>3} KB {name:<21}{ours * 1e6:>12.1f}{size / ours / 1e6:>9.0f}{theirs * 1e6:>12.1f}"
                f"{theirs / ours:>7.0f}x\n")  # fmt: skip
    for size in (1_000, 10_000, 100_000):
        for name, every in (("clean", 0), ("sparse", 2_000)):
            body = text(size, every)
            ours = seconds(lambda body=body: redactor(span(body))) - seconds(lambda body=body: span(body))  # type: ignore[misc]
            out(f"{size // 1000:>3} KB {'chat span, ' + name:<21}{ours * 1e6:>12.1f}{size / ours / 1e6:>9.0f}\n")


if __name__ == "__main__":
    main()
