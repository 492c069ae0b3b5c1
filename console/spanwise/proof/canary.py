"""`Canary`: a freshly made value that must not be seen anywhere, and the mint that makes them."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import Final, NamedTuple

from spanwise.proof.example import Example


class Canary(NamedTuple):
    """A value in a text.

    Attributes:
        rule, kind, family: What the value is.
        before, value, after: The text, in three parts.
        disguise: How the value was hidden in it; empty when it stands there as it is.
        disguised: The text with the value hidden, or cut into pieces that follow each other.
    """

    rule: str
    kind: str
    family: str
    before: str
    value: str
    after: str
    disguise: str = ""
    disguised: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text as it is planted, pieces joined."""
        return "".join(self.disguised) if self.disguise else f"{self.before}{self.value}{self.after}"


_CLASSES: Final = ("abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ", "234567", "0189")
"""Characters that may stand for each other: hexadecimal stays hexadecimal, and base32 stays base32."""

_CLASS: Final = {letter: letters for letters in _CLASSES for letter in letters}
_LETTERS: Final = frozenset(string.ascii_letters + string.digits)
_TRIES: Final = 150
_SHORTEST: Final = 6


class Mint:
    """Makes new values out of examples: of the same form, with check digits that are right.

    Args:
        is_value: Whether the middle part would be taken out of the text of an example. It is asked of every new value,
            because a rule alone knows its check digits.
        chance: Where chance comes from.
    """

    def __init__(self, is_value: Callable[[Example], bool], chance: random.Random) -> None:
        self._is_value = is_value
        self._chance = chance
        self._made: set[str] = set()
        self._hopeless: set[Example] = set()

    def fresh(self, example: Example) -> Canary | None:
        """A canary like `example` that was not made before; `None` when there is none.

        Where chance does not find check digits, as of addresses with a checksum of 32 bits, it is the example's own
        value, once.
        """
        if len(example.value) < _SHORTEST:
            return None
        places = [place for place, letter in enumerate(example.value) if letter in _LETTERS]
        for number in range(0 if example in self._hopeless else _TRIES):
            made = example._replace(value=self._changed(example.value, places, number))
            if self._is_new(made) and self._is_value(made):
                self._made.add(made.value)
                return Canary(*made)
        self._hopeless.add(example)
        if not self._is_new(example):
            return None
        self._made.add(example.value)
        return Canary(*example)

    def _is_new(self, example: Example) -> bool:
        return example.value not in self._made and example.value not in example.before + example.after

    def _changed(self, value: str, places: list[int], number: int) -> str:
        """`value` with some characters changed: the less of them, the more often that failed."""
        most = max(2, len(places) // (1 + number // 8))
        chosen = self._chance.sample(places, min(len(places), self._chance.randint(1, most)) if number else len(places))
        letters = list(value)
        for place in chosen:
            letters[place] = self._chance.choice(_CLASS[letters[place]])
        return "".join(letters)
