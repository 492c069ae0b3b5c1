"""Check digits of numbers of patients and of those who treat them."""

from __future__ import annotations

from spanwise.redact.checksum import luhn
from spanwise.redact.identity import digits_of, weighted


def npi(value: bytes) -> bool:
    """US national provider identifier: ten digits, Luhn with the prefix 80840 (45 CFR 162.406)."""
    return len(value) == 10 and value[0] in b"12" and luhn(b"80840" + value)


def dea(value: bytes) -> bool:
    """US registration of a prescriber: two letters and seven digits, the last is the check digit."""
    digits = digits_of(value[2:])
    total = sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])
    return len(digits) == 7 and total % 10 == digits[6]


def au_medicare(value: bytes) -> bool:
    """Australian Medicare card: eight digits, check digit, issue number, and perhaps the place on the card."""
    digits = digits_of(value)
    return 10 <= len(digits) <= 11 and 2 <= digits[0] <= 6 and weighted(digits, (1, 3, 7, 9) * 2) % 10 == digits[8]


def de_kvnr(value: bytes) -> bool:
    """German health insurance number: a letter, eight digits and a check digit (section 290 SGB V)."""
    letter = value[0] - 64 if value[0] < 0x60 else value[0] - 96
    digits = [letter // 10, letter % 10, *digits_of(value)]
    sums = [digit * (1 + place % 2) for place, digit in enumerate(digits[:10])]
    return len(digits) == 11 and sum(number // 10 + number % 10 for number in sums) % 10 == digits[-1]


def chi(value: bytes) -> bool:
    """Scottish community health index: birth date, serial and check digit, modulo 11."""
    digits = digits_of(value)
    day, month = int(value[:2]), int(value[2:4])
    check = -weighted(digits[:9], range(10, 1, -1)) % 11
    return len(digits) == 10 and 1 <= day <= 31 and 1 <= month <= 12 and check == digits[9]
