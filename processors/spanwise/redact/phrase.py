"""Finder of the words that open a wallet."""

from __future__ import annotations

from typing import Final

from spanwise.redact.pattern import compiled
from spanwise.redact.wallet import seed_phrase as is_phrase


_LENGTHS: Final = (24, 21, 18, 15, 12)
_NAMES: Final = compiled(
    rb"(?i)(?:seed phrase|seed_phrase|seedphrase|recovery phrase|recovery_phrase|mnemonic|backup phrase|secret phrase"
    rb"|wallet phrase|seed words|recovery words|12 words|24 words|bip39|bip-39)"
    rb"(?:[\"']\])?[^0-9A-Za-z\[\]]{1,6}(?:(?:is|are|was)[^0-9A-Za-z\[\]]{1,3})?"
)
_WORD: Final = compiled(rb"(?:\d{1,2}[.)] ?)?[A-Za-z]{3,8}")
_GAP: Final = compiled(rb"(?:[ ,]|\\n|\s){1,3}")


def seed_phrase(data: bytes, start: int) -> tuple[int, int] | None:
    """As many words behind a word that names them as BIP-39 allows; words of the sentence that goes on are left."""
    named = _NAMES.match(data, start)
    if named is None:
        return None
    ends: list[int] = []
    place = named.end()
    while len(ends) < _LENGTHS[0] and (word := _WORD.match(data, place)) is not None:
        ends.append(word.end())
        gap = _GAP.match(data, word.end())
        if gap is None:
            break
        place = gap.end()
    for length in _LENGTHS:
        if len(ends) >= length and is_phrase(data[named.end() : ends[length - 1]]):
            return named.end(), ends[length - 1]
    return None
