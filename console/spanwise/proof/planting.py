"""`Planting`: which canary was put into which carrier of which application."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from spanwise.proof.canary import Canary, Mint
from spanwise.proof.carrier import CARRIERS, PIECES, RESOURCE, Carrier
from spanwise.proof.disguise import JSON, SPLIT, WHOLE, can_hide, disguised
from spanwise.proof.example import Example


class Planting(NamedTuple):
    """One canary in one carrier.

    Attributes:
        canary: What was planted.
        carrier: Where.
        mark: A word that stands beside it, by which its arrival is known. It has no digits, and is no value of anybody.
    """

    canary: Canary
    carrier: Carrier
    mark: str


_LETTERS: Final = "bcdfghjk"
MARK_FORM: Final = rb"plant[b-k]+plant"
"""What every mark looks like, as a pattern."""


class Planner:
    """Decides what is planted where.

    Every carrier gets a value of every family, every kind gets into some carrier, and of every family there is a value
    in every disguise. Which ones is up to chance, so that every run looks elsewhere.

    Args:
        examples: Of all rules.
        mint: Makes the values.
        chance: Where chance comes from.
    """

    def __init__(self, examples: Sequence[Example], mint: Mint, chance: random.Random) -> None:
        self._mint = mint
        self._chance = chance
        self._of_kind: dict[str, list[Example]] = {}
        self._kinds: dict[str, list[str]] = {}
        for example in examples:
            self._of_kind.setdefault(example.kind, []).append(example)
            kinds = self._kinds.setdefault(example.family, [])
            if example.kind not in kinds:
                kinds.append(example.kind)
        self._number = 0

    @property
    def families(self) -> list[str]:
        """All families."""
        return list(self._kinds)

    @property
    def kinds(self) -> set[str]:
        """All kinds."""
        return set(self._of_kind)

    def thorough(self) -> Iterator[Planting]:
        """Every kind, every carrier, every disguise."""
        carriers = [carrier for carrier in CARRIERS if carrier is not RESOURCE]
        self._chance.shuffle(carriers)
        for number, kind in enumerate(self._of_kind):
            for carrier in (carriers[number % len(carriers)], CARRIERS[0]):  # one of them takes any text
                planted = list(self._plant([kind], carrier))
                yield from planted
                if planted:
                    break
        yield from self.every_carrier()
        for name in WHOLE:
            for kinds in self._kinds.values():
                possible = [carrier for carrier in CARRIERS if carrier.alone or not name.startswith(JSON)]
                yield from self._plant(kinds, self._chance.choice(possible), name)
        for carrier in PIECES:
            for kinds in self._kinds.values():
                yield from self._plant(kinds, carrier, SPLIT)

    def every_carrier(self) -> Iterator[Planting]:
        """A value of every family in every carrier."""
        for carrier in CARRIERS:
            for kinds in self._kinds.values():
                yield from self._plant(kinds, carrier)

    def _plant(self, kinds: Sequence[str], carrier: Carrier, disguise: str = "") -> Iterator[Planting]:
        """A value of one of `kinds` in `carrier`; nothing when none of them can stand there."""
        for kind in self._chance.sample(kinds, len(kinds)):
            examples = self._of_kind[kind]
            for example in self._chance.sample(examples, len(examples)):
                if disguise and not can_hide(example, disguise):
                    continue
                canary = self._mint.fresh(example)
                if canary is None:
                    continue
                if disguise:
                    canary = disguised(canary, disguise)
                if carrier.accepts(canary.text):
                    self._number += 1
                    yield Planting(canary, carrier, _mark(self._number))
                    return


def _mark(number: int) -> str:
    letters = ""
    while number:
        number, digit = divmod(number, len(_LETTERS))
        letters = _LETTERS[digit] + letters
    return f"plant{letters.rjust(5, 'b')}plant"
