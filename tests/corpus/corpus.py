"""`corpus`: texts of every template, locale and noise, the same ones for the same seed."""

# ruff: noqa: E501

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Final, NamedTuple

from tests.corpus import letter, program
from tests.corpus.noise import NOISES
from tests.corpus.piece import Fact, Piece
from tests.corpus.scene import LOCALES, Scene
from tests.corpus.text import Text, assemble


SIZE: Final = 20_000
SEED: Final = 20_261_125
_CLEAN: Final = 0.36
_PROSE_NOISE: Final = ("casing", "punctuation", "breaks", "separators", "typos", "zero_width", "full_width", "json", "unicode_escape",
                       "percent", "base64", "entities", "markdown", "decomposed")  # fmt: skip
_PROGRAM_NOISE: Final = ("separators", "zero_width", "full_width", "json", "json", "unicode_escape", "base64")


class Template(NamedTuple):
    """A sort of text.

    Attributes:
        name: As results call it.
        make: Gives the pieces.
        weight: How often it occurs.
        noises: What may be done to it.
        most: How many values it holds at most.
        suited: Whether a value can stand in it.
    """

    name: str
    make: Callable[[Scene, list[Fact]], list[Piece]]
    weight: int
    noises: tuple[str, ...] = _PROGRAM_NOISE
    most: int = 4
    suited: Callable[[Fact], bool] = lambda _: True


def _inline(fact: Fact) -> bool:
    return fact.inline


def _short(fact: Fact) -> bool:
    return _value(fact) and len(fact.value) < 300


def _value(fact: Fact) -> bool:
    """Whether the value can stand where a single value is expected: not a header line, not a URL of its own."""
    return fact.inline and fact.keys[0] != "header"


TEMPLATES: Final[tuple[Template, ...]] = (
    Template("chat", letter.chat, 22, _PROSE_NOISE, 3),
    Template("ticket", letter.ticket, 10, _PROSE_NOISE, 4),
    Template("mail", letter.mail, 8, _PROSE_NOISE, 4),
    Template("document", letter.document, 7, _PROSE_NOISE, 4),
    Template("markdown", letter.markdown, 7, ("casing", "typos", "zero_width", "json", "full_width", "separators"), 4, _inline),
    Template("table", letter.table, 4, ("casing", "zero_width", "json", "separators"), 4, _inline),
    Template("mathematics", letter.mathematics, 3, ("json", "zero_width"), 1, _inline),
    Template("tool_call", program.tool_call, 10, most=5),
    Template("tool_result", program.tool_result, 8, most=5),
    Template("messages", program.messages, 8),
    Template("csv", program.csv, 4, ("json", "separators", "base64"), 4, _value),
    Template("html", program.html, 5, ("json", "entities"), 4, _inline),
    Template("sql", program.sql, 4, ("json", "zero_width"), 3, _value),
    Template("log", program.log, 7, ("json", "casing", "zero_width"), 4),
    Template("traceback", program.traceback, 4, ("json", "zero_width"), 3),
    Template("curl", program.curl, 4, ("json", "entities"), 3, _inline),
    Template("env", program.env, 5, ("json", "base64", "breaks"), 5),
    Template("yaml", program.yaml, 4, ("json", "base64"), 4, _inline),
    Template("code", program.code, 6, ("json", "zero_width"), 4),
    Template("url", program.url, 4, ("json", "entities", "percent"), 3, _short),
    Template("ids", program.ids, 6, ("json", "breaks", "punctuation"), 1, _inline),
)  # fmt: skip
_CUMULATIVE: Final = [sum(template.weight for template in TEMPLATES[: place + 1]) for place in range(len(TEMPLATES))]
_PLAIN: Final = 0.45


def corpus(size: int = SIZE, *, seed: int = SEED) -> Iterator[Text]:
    """`size` texts; the first ones of a larger corpus with the same `seed` are those of a smaller one."""
    chance = Random(seed)
    for _ in range(size):
        yield _text(chance)


def _text(chance: Random) -> Text:
    template = chance.choices(TEMPLATES, cum_weights=_CUMULATIVE)[0]
    scene = Scene(chance, chance.choice(LOCALES))
    count = 0 if chance.random() < _CLEAN else chance.randint(1, template.most)
    pieces = template.make(scene, [scene.fact(template.suited) for _ in range(count)])
    noise = "plain" if chance.random() < _PLAIN else chance.choice(template.noises)
    noisy = NOISES[noise](chance, pieces)
    # A noise that found nothing to change has left a plain text.
    return assemble(noisy, template=template.name, locale=scene.locale, noise="plain" if noisy == pieces else noise)


def digest(texts: Iterable[Text]) -> str:
    """SHA-256 over every character and label of `texts`."""
    total = hashlib.sha256()
    for text in texts:
        total.update(json.dumps(text, ensure_ascii=True).encode())
    return total.hexdigest()
