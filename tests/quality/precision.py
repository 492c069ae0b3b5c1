"""Precision and recall of the words of refusals: `python -m tests.quality.precision` prints the table of the README."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from spanwise.quality.compile import OUTPUT
from spanwise.quality.refusal import Refusals
from tests.quality.corpus import Sample, corpus, phrasings


class Rates(NamedTuple):
    """How many were right, of how many."""

    true: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """The share of what was called a refusal that is one."""
        return self.true / max(self.true + self.false, 1)

    @property
    def recall(self) -> float:
        """The share of the refusals that was found."""
        return self.true / max(self.true + self.missed, 1)


def refusals() -> Refusals:
    """The patterns as they are delivered."""
    phrases = json.loads(OUTPUT.read_text("utf-8"))
    return Refusals(phrases, tuple(phrases))


def rates(samples: Iterable[Sample], found: Refusals) -> dict[str, Rates]:
    """The rates of each language, and of `all`."""
    counted: Counter[tuple[str, str]] = Counter()
    for sample in samples:
        called = found.find(sample.text) is not None
        kind = "true" if called and sample.is_refusal else "false" if called else "missed" if sample.is_refusal else ""
        for key in (sample.language, "all"):
            counted[key, kind] += 1
    return {
        key: Rates(counted[key, "true"], counted[key, "false"], counted[key, "missed"])
        for key in dict.fromkeys(key for key, _ in counted)
    }


def main() -> None:
    """Print one row per language."""
    known = refusals()
    written = rates(corpus(phrasings(held_out=False), variants=200), known)
    others = rates(corpus(phrasings(held_out=True), variants=200), known)
    sys.stdout.write("| language | written from: precision | recall | held out: precision | recall |\n")
    sys.stdout.write("|---|---|---|---|---|\n")
    for key, one in written.items():
        other = others[key]
        sys.stdout.write(
            f"| {key} | {one.precision:.3f} | {one.recall:.3f} | {other.precision:.3f} | {other.recall:.3f} |\n"
        )


if __name__ == "__main__":
    main()
