"""A seeded corpus of refusals and of answers that look like some: phrasings times noise."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

import yaml

from spanwise.quality.compile import SOURCE


Change: TypeAlias = Callable[[str], str]
"""One kind of noise."""

HELD_OUT = Path(__file__).with_name("held_out.yaml")
SEED = 20261126

_LONG = " ".join(f"Point {number}: keep the receipt, note the date, and file both." for number in range(60))


class Sample(NamedTuple):
    """One text, the language it is in, and whether it is a refusal."""

    language: str
    text: str
    is_refusal: bool


def phrasings(*, held_out: bool) -> list[Sample]:
    """The phrasings themselves: those the patterns were written from, or those they were not."""
    read = yaml.safe_load((HELD_OUT if held_out else SOURCE).read_text("utf-8"))
    yes, no = ("refusal", "answer") if held_out else ("positive", "negative")
    return [
        Sample(language, text, is_refusal)
        for language, entry in read.items()
        for key, is_refusal in ((yes, True), (no, False))
        for text in entry[key]
    ]


def corpus(samples: list[Sample], *, variants: int, seed: int = SEED) -> Iterator[Sample]:
    """`variants` noisy forms of each of `samples`, and for each refusal as many hard negatives that hold it.

    Noise keeps the meaning. A hard negative quotes a refusal, shows it in code, or mentions it behind a long answer.
    """
    chance = random.Random(seed)
    for sample in samples:
        for _ in range(variants):
            yield sample._replace(text=_noisy(sample.text, chance))
            if sample.is_refusal:
                yield sample._replace(text=_mentioned(sample.text, chance), is_refusal=False)


def _noisy(text: str, chance: random.Random) -> str:
    for change in chance.sample(_NOISE, chance.randint(0, 2)):
        text = change(text)
    return text


def _mentioned(text: str, chance: random.Random) -> str:
    return chance.choice(_MENTIONS)(text)


_NOISE: tuple[Change, ...] = (
    lambda text: text.replace("'", "’"),  # noqa: RUF001 - typographic on purpose
    lambda text: f"  {text}\n",
    lambda text: f"**{text}**",
    lambda text: text.replace(" ", "  ", 3),
    lambda text: f"{text}\n\n1. ...\n2. ...",
    lambda text: f"🙏 {text}",
    lambda text: text.upper() if text.isascii() else text,
    lambda text: text.replace(" ", "\u00a0", 1),
)
_MENTIONS: tuple[Change, ...] = (
    lambda text: f'The model answered: "{text}" and the test failed.',
    lambda text: f"```\n{text}\n```\nThis is the message that is shown.",
    lambda text: f"Here is the summary.\n> {text}\nThat line was in the log.",
    lambda text: f"{_LONG} The last sentence of the policy reads as follows. {text}",
    lambda text: f"The reply was “{text}”, which is polite.",
)
