"""Check digits and number ranges: what tells a real number from a number that only looks like it."""

from __future__ import annotations

from typing import Final


_DOUBLED: Final = bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)[(byte - 48) % 256 % 10] for byte in range(256))
"""For each ASCII digit the sum of the digits of its double."""


# Bank account lengths by country, from the SWIFT IBAN registry.
_IBAN_LENGTHS: Final[dict[str, int]] = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FK FO FI GL NL SD", 19: "MK SI", 20: "AT BA EE KZ XK LT LU MN",
        21: "HR LV LI CH", 22: "BH BG CR GE DE IE ME RS GB VA", 23: "GI IL IQ OM SO TL AE",
        24: "AD CZ MD PK RO SA SK ES SE TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip

# Issuer ranges as (first prefix, last prefix, accepted lengths); ISO/IEC 7812 and the networks' own tables.
_CARD_RANGES: Final = (
    (b"4", b"4", frozenset({13, 16, 19})),
    (b"51", b"55", frozenset({16})),
    (b"2221", b"2720", frozenset({16})),
    (b"34", b"34", frozenset({15})),
    (b"37", b"37", frozenset({15})),
    (b"300", b"305", frozenset({14, 16, 17, 18, 19})),
    (b"36", b"36", frozenset({14, 16, 17, 18, 19})),
    (b"38", b"39", frozenset({14, 16, 17, 18, 19})),
    (b"3528", b"3589", frozenset({16, 17, 18, 19})),
    (b"50", b"50", frozenset({13, 14, 15, 16, 17, 18, 19})),
    (b"56", b"58", frozenset({13, 14, 15, 16, 17, 18, 19})),
    (b"60", b"69", frozenset({13, 14, 15, 16, 17, 18, 19})),
)
_CARDS_BY_DIGIT: Final = {
    digit: [known for known in _CARD_RANGES if known[0][:1] == digit]
    for digit in {first[:1] for first, _, _ in _CARD_RANGES}
}


def luhn(digits: bytes) -> bool:
    """Whether the last of `digits` (ASCII) is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    plain = digits[-1::-2]
    return (sum(plain) - 48 * len(plain) + sum(digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def card(digits: bytes) -> bool:
    """Whether `digits` has the prefix and length of a card network and passes Luhn; one repeated digit never does."""
    length = len(digits)
    for first, last, lengths in _CARDS_BY_DIGIT.get(digits[:1], ()):
        if first <= digits[: len(first)] <= last and length in lengths:
            return len(set(digits)) > 1 and luhn(digits)
    return False


def iban_length(country: str) -> int:
    """Length of an IBAN of `country` (two capital letters); 0 when the country has none."""
    return _IBAN_LENGTHS.get(country, 0)


def iban(account: str) -> bool:
    """Whether `account` (capital letters and digits, no spaces) passes the mod-97 check of ISO 13616."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def ssn(digits: bytes) -> bool:
    """Whether nine `digits` can be a US social security number: area, group and serial are in the issued ranges."""
    return digits[:3] not in (b"000", b"666") and digits[0] != 0x39 and digits[3:5] != b"00" and digits[5:] != b"0000"
