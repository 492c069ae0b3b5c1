"""`Piece` and `Fact`: what a text is put together from, before anybody knows where in it a value will stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple


FREE: Final = "free"
"""Family of what a redactor may take or leave: the user name before a password, the expiry date behind a card."""

NAME: Final = "name"
"""Family of names and places: labelled, but outside the main score, since no rule can tell them from other words."""


class Piece(NamedTuple):
    """A run of characters that is either a planted value or something around it.

    Attributes:
        text: The characters.
        family: Family of the value; empty for the text around values.
        kind: Kind of the value.
        fixed: Whether noise leaves the characters as they are: the word that gives a value its meaning.
    """

    text: str
    family: str = ""
    kind: str = ""
    fixed: bool = False

    def with_text(self, text: str) -> Piece:
        """The same piece with other characters."""
        return self._replace(text=text)


class Fact(NamedTuple):
    """Something that ought to be taken out, the words people write beside it and the names programs give it.

    Attributes:
        pieces: The value; several pieces where only a part of it is secret (`postgres://user:` `password` `@host`).
        words: Phrases that stand beside the value in prose.
        keys: Names under which it stands in JSON, YAML, tables and code.
        bare: Whether the value can be told for what it is without a word beside it.
    """

    pieces: tuple[Piece, ...]
    words: tuple[str, ...]
    keys: tuple[str, ...]
    bare: bool = True

    @property
    def value(self) -> str:
        """All characters of the fact."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def inline(self) -> bool:
        """Whether the value fits in one line."""
        return all("\n" not in piece.text for piece in self.pieces)


def fact(value: str, family: str, kind: str, words: Iterable[str], keys: Iterable[str], *, bare: bool = True) -> Fact:
    """A fact whose whole value is one planted piece."""
    return Fact((Piece(value, family, kind),), tuple(words), tuple(keys), bare)


def plain(text: str) -> Piece:
    """A piece that is no value."""
    return Piece(text)


def fixed(text: str) -> Piece:
    """A piece that is no value and that noise must not touch."""
    return Piece(text, fixed=True)


def mapped(pieces: Iterable[Piece], change: Callable[[str], str]) -> list[Piece]:
    """`pieces` with `change` applied to the characters of each; for encodings that treat characters one by one."""
    return [piece.with_text(change(piece.text)) for piece in pieces]


def words(text: str) -> tuple[str, ...]:
    """`a b c` as a tuple; an underscore stands for a space inside a word."""
    return tuple(word.replace("_", " ") for word in text.split())
