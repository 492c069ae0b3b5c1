"""`Text`: one finished text of the corpus and the exact places of what was planted in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.corpus.piece import FREE, NAME, Piece


class Label(NamedTuple):
    """Where a planted value stands, in characters of the finished text."""

    start: int
    end: int
    family: str
    kind: str

    @property
    def scored(self) -> bool:
        """Whether the value has to be taken out; a name or an optional part may be."""
        return self.family not in (FREE, NAME)


class Text(NamedTuple):
    """One text of the corpus.

    Attributes:
        text: The characters, noise included.
        labels: What was planted, in the order of the text.
        template: What the text looks like: `chat`, `csv`, `curl`.
        locale: `de_DE`, or `mixed`.
        noise: What was done to it: `plain`, `zerowidth`, `json`.
    """

    text: str
    labels: tuple[Label, ...]
    template: str
    locale: str
    noise: str

    @property
    def clean(self) -> bool:
        """Whether nothing in it has to be taken out."""
        return not any(label.scored for label in self.labels)


def assemble(pieces: Iterable[Piece], *, template: str, locale: str, noise: str) -> Text:
    """The text that `pieces` make, with a label for every piece that is a value."""
    parts: list[str] = []
    labels: list[Label] = []
    place = 0
    for piece in pieces:
        parts.append(piece.text)
        end = place + len(piece.text)
        if piece.family and piece.text:
            labels.append(Label(place, end, piece.family, piece.kind))
        place = end
    return Text("".join(parts), tuple(labels), template, locale, noise)
