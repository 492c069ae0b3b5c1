"""Payment cards, bank accounts and social security numbers."""

from __future__ import annotations

from typing import Final

from spanwise.redact import checksum
from spanwise.redact.rule import DIGITS, LETTERS, Hit, Rule, compiled, digit_before, digit_behind, left_free, right_free


_CARD: Final = compiled(rb"\d{4}(?:[ .\-]?\d){8,15}")
_CARD_GROUPS: Final = compiled(
    rb"\d+|\d{4}([ .\-])\d{4}[ .\-]\d{4}[ .\-]\d{1,4}(?:[ .\-]\d{1,3})?|\d{4}[ \-.]\d{6}[ \-.]\d{4,5}"
)
_IBAN: Final = compiled(rb"(?:[A-Za-z0-9][ \-]?){14,33}")
_SSN: Final = compiled(rb"(\d{3})-(\d{2})-(\d{4})")
_SSN_NAMED: Final = compiled(
    rb"(?i)(?:ssn|social[ _\-]?security)(?:[ _]?(?:number|no|num))?(?:[^A-Za-z0-9]{1,12}|(?: is | was |: ?)){1,2}"
    rb"(\d{3}[ .\-]?\d{2}[ .\-]?\d{4})"
)


def card(data: bytes, start: int) -> Hit | None:
    """A card number, plain or in the groups cards are printed in, with the prefix, length and check digit of a network.

    Longer readings are tried first; digits that follow in another group (an expiry date) are left alone.
    """
    if not left_free(data, start) or digit_before(data, start, b"."):
        return None
    match = _CARD.match(data, start)
    if match is None:
        return None
    text = match.group()
    for end in range(len(text), 12, -1):
        if text[end - 1] not in DIGITS or data[start + end : start + end + 1].isalnum():
            continue
        digits = text[:end].translate(None, b" .-")
        if len(digits) < 13:
            return None
        whole = not digit_behind(data, start + end, b".") or b"." in text[:end]
        if whole and _CARD_GROUPS.fullmatch(text[:end]) and checksum.card(digits):
            return Hit(start, start + end, "card")
    return None


def iban(data: bytes, start: int) -> Hit | None:
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
    return Hit(start, start + end, "iban") if checksum.iban(account) else None


def ssn(data: bytes, start: int) -> Hit | None:
    """A US social security number with dashes."""
    if not left_free(data, start) or digit_before(data, start, b"-."):
        return None
    match = _SSN.match(data, start)
    if match is None or not right_free(data, match.end()) or digit_behind(data, match.end(), b"-."):
        return None
    return Hit(start, match.end(), "ssn") if checksum.ssn(b"".join(match.groups())) else None


def ssn_named(data: bytes, start: int) -> Hit | None:
    """Nine digits in any grouping behind the words that name them; the words stay. A label is no such word."""
    match = None if data.startswith(b"[SSN]", max(0, start - 1)) else _SSN_NAMED.match(data, start)
    if match is None or not right_free(data, match.end(1)) or digit_behind(data, match.end(1), b"-."):
        return None
    return Hit(match.start(1), match.end(1), "ssn") if checksum.ssn(match.group(1).translate(None, b" .-")) else None


RULES: Final = (
    Rule("card", rb"[2-6]\d{3}(?:[ .\-]?\d){9}", b"23456", card),
    Rule("iban", rb"[A-Za-z]{2}\d\d(?:[ \-]?[A-Za-z0-9]){11}", LETTERS, iban),
    Rule("ssn", rb"\d{3}-\d\d-\d{4}", DIGITS, ssn),
    Rule("ssn", rb"(?i)(?:ssn|social[ _\-]?security)[^0-9]{1,40}\d{3}[ .\-]?\d\d[ .\-]?\d{4}", b"sS", ssn_named,
         bare=True),
)  # fmt: skip
