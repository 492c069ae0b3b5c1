"""Finders of payment cards and international bank accounts."""

from __future__ import annotations

from typing import Final

from spanwise.redact import checksum
from spanwise.redact.edge import DIGITS, digit_before, digit_behind, left_free, right_free
from spanwise.redact.matcher import Matcher
from spanwise.redact.pattern import compiled


_CARD: Final = Matcher(rb"\d{4}(?:[ .\-]?\d){8,15}")
_OUTLINE: Final = bytes.maketrans(b"0123456789.-", b"9999999999  ")
_OUTLINES: Final = frozenset(
    [b"9" * length for length in range(13, 20)]
    + [b"9999 9999 9999 " + b"9" * last for last in range(1, 5)]
    + [b"9999 9999 9999 %s %s" % (b"9" * fourth, b"9" * last) for fourth in range(1, 5) for last in range(1, 4)]
    + [b"9999 999999 9999", b"9999 999999 99999"]
)
"""The groups in which cards are printed: every digit as 9, what separates them as a space."""
_IBAN: Final = compiled(rb"(?:[A-Za-z0-9][ \-]?){14,33}")


def card(data: bytes, start: int) -> tuple[int, int] | None:
    """A card number, plain or in the groups cards are printed in, with the prefix, length and check digit of a network.

    Longer readings are tried first; digits that follow in another group (an expiry date) are left alone.
    """
    if not left_free(data, start) or digit_before(data, start, b"."):
        return None
    match = _CARD.match(data, start, len(data))
    if match is None:
        return None
    text = data[start : match[0][1]]
    for end in range(len(text), 12, -1):
        if text[end - 1] not in DIGITS or data[start + end : start + end + 1].isalnum():
            continue
        digits = text[:end].translate(None, b" .-")
        if len(digits) < 13:
            return None
        whole = not digit_behind(data, start + end, b".") or b"." in text[:end]
        if whole and text[:end].translate(_OUTLINE) in _OUTLINES and checksum.card(digits):
            return start, start + end
    return None


def iban(data: bytes, start: int) -> tuple[int, int] | None:
    """A bank account number of a country of the IBAN registry, in one run or in groups, with the right check digits."""
    if not left_free(data, start):
        return None
    length = checksum.iban_length(data[start : start + 2].decode("latin-1").upper())
    match = _IBAN.match(data, start) if length else None
    if match is None:
        return None
    text = match.group()
    taken = end = 0
    while taken < length and end < len(text):
        taken += text[end] not in b" -"
        end += 1
    if taken < length or not right_free(data, start + end):
        return None
    account = text[:end].translate(None, b" -").decode("ascii").upper()
    return (start, start + end) if checksum.iban(account) else None
