"""Results for people and for programs."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.corpus.score import Score, Tally


def markdown(result: Score, engine: str, by: str) -> str:
    """A table of the groups, a line of the total, and what concerns all texts."""
    rows = [_row(name, tally) for name, tally in sorted(result.groups.items())]
    head = f"| {by} | planted | found | recall | right | false | precision |\n|:--|--:|--:|--:|--:|--:|--:|\n"
    return f"{engine}\n\n{head}{''.join(rows)}{_row('**all**', result.total)}\n{summary(result)}"


def _row(name: str, tally: Tally) -> str:
    return (f"| {name} | {tally.planted} | {tally.found} | {tally.recall:.2%} | {tally.right} | {tally.wrong} "
            f"| {tally.precision:.2%} |\n")  # fmt: skip


def summary(result: Score) -> str:
    """Clean texts, over-redaction and speed in sentences."""
    speed = result.size / result.seconds / 1e6 if result.seconds else 0.0
    return (
        f"{result.texts} texts ({result.size / 1e6:.1f} MB), {result.clean} of them clean; {result.altered} clean ones altered "
        f"({result.altered / max(result.clean, 1):.2%}). Outside planted values {result.over} of {result.outside} characters were "
        f"taken ({result.over / max(result.outside, 1):.3%}). {result.seconds:.2f} s in the engine, {speed:.2f} MB/s.\n"
    )


def as_json(result: Score, engine: str) -> dict[str, object]:
    """All figures under names."""
    return {
        "engine": engine,
        "texts": result.texts,
        "bytes": result.size,
        "seconds": round(result.seconds, 3),
        "clean": result.clean,
        "clean_altered": result.altered,
        "characters_outside": result.outside,
        "characters_over_redacted": result.over,
        "total": _figures(result.total),
        "groups": {name: _figures(tally) for name, tally in sorted(result.groups.items())},
    }


def _figures(tally: Tally) -> dict[str, float]:
    return {"planted": tally.planted, "found": tally.found, "right": tally.right, "false": tally.wrong,
            "recall": round(tally.recall, 5), "precision": round(tally.precision, 5)}  # fmt: skip


def misses(result: Score, chance: Random, only: str = "") -> Iterator[str]:
    """What went wrong, shuffled, one line each."""
    chosen = [miss for miss in result.misses if miss.kind.startswith(only) or miss.what == only]
    chance.shuffle(chosen)
    for miss in chosen:
        place = f"{miss.text.template}, {miss.text.locale}, {miss.text.noise}"
        yield f"{miss.what} {miss.kind} ({place}): {miss.around!r}\n"
