"""Check digits of national numbers that python-stdnum does not know, and of those it knows only in part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from spanwise.redact.checksum import luhn


_NINO_NEVER: Final = (b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ")
_TAIWAN_LETTERS: Final = b"ABCDEFGHJKLMNPQRSTUVXYWZIO"  # places 0 to 25 stand for the numbers 10 to 35
_SINGAPORE: Final = {"S": "JZIHGFEDCBA", "T": "GFEDCBAJZIH", "F": "XWUTRQPNMLK", "G": "TRQPNMLKXWU", "M": "KLJNPQRTUWX"}
_JAPAN: Final = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def digits_of(value: bytes) -> list[int]:
    """The digits of `value` as numbers, in order; everything else is skipped."""
    return [byte - 48 for byte in value if 48 <= byte <= 57]


def weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    """The sum of each digit times its weight, as far as the shorter of the two goes."""
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def is_date(year: int, month: int, day: int) -> bool:
    """Whether the calendar has that day."""
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def us_itin(value: bytes) -> bool:
    """US individual taxpayer number: begins with 9, and its group is one the Internal Revenue Service assigns."""
    digits = value.translate(None, b" -")
    group = int(digits[3:5])
    assigned = 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99
    return len(digits) == 9 and digits[0] == 0x39 and assigned


def uk_nino(value: bytes) -> bool:
    """UK national insurance number: its prefix is one that is allocated. There is no check digit."""
    text = value.translate(None, b" -").upper()
    return text[0] not in b"DFIQUV" and text[1] not in b"DFIOQUV" and text[:2] not in _NINO_NEVER


def hu_taj(value: bytes) -> bool:
    """Hungarian social security number (TAJ): nine digits, the last is the check digit."""
    digits = digits_of(value)
    return len(digits) == 9 and weighted(digits[:8], (3, 7) * 4) % 10 == digits[8]


def hu_tax(value: bytes) -> bool:
    """Hungarian tax identification of a person: ten digits that begin with 8."""
    digits = digits_of(value)
    return len(digits) == 10 and digits[0] == 8 and weighted(digits[:9], range(1, 10)) % 11 == digits[9]


def lu_matricule(value: bytes) -> bool:
    """Luxembourgish identification: birth date, serial, a Luhn digit and a Verhoeff digit."""
    from stdnum import verhoeff

    text = value.translate(None, b" -.").decode("ascii")
    if len(text) != 13 or not is_date(int(text[:4]), int(text[4:6]), int(text[6:8])):
        return False
    return luhn(text[:12].encode()) and verhoeff.is_valid(text[:11] + text[12])


def hk_hkid(value: bytes) -> bool:
    """Hong Kong identity card: one or two letters, six digits and a check digit or A."""
    text = value.translate(None, b"() -").decode("ascii").upper()
    body, check = text[:-1].rjust(8), text[-1]
    numbers = [36 if letter == " " else int(letter, 36) for letter in body]
    total = weighted(numbers, (9, 8, 7, 6, 5, 4, 3, 2)) + (10 if check == "A" else int(check, 36))
    return total % 11 == 0


def tw_id(value: bytes) -> bool:
    """Taiwanese identity card: a letter and nine digits."""
    number = _TAIWAN_LETTERS.index(value[:1].upper()) + 10
    return weighted([number // 10, number % 10, *digits_of(value)], (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1)) % 10 == 0


def sg_nric(value: bytes) -> bool:
    """Singaporean identity card or foreign identification: letter, seven digits, check letter."""
    text = value.decode("ascii").upper()
    offset = {"T": 4, "G": 4, "M": 3}.get(text[0], 0)
    if text[0] == "M":
        return _SINGAPORE["M"][10 - (weighted(digits_of(value), (2, 7, 6, 5, 4, 3, 2)) + offset) % 11] == text[-1]
    total = weighted(digits_of(value), (2, 7, 6, 5, 4, 3, 2))
    return _SINGAPORE[text[0]][total % 11] == text[-1]


def ae_eid(value: bytes) -> bool:
    """Emirates identity card: 784, year of birth, serial, Luhn digit."""
    digits = value.translate(None, b" -")
    return len(digits) == 15 and digits.startswith(b"784") and luhn(digits)


def sa_id(value: bytes) -> bool:
    """Saudi national or residence number: ten digits that begin with 1 or 2, with a Luhn digit."""
    return len(value) == 10 and value[0] in b"12" and luhn(value)


def ru_snils(value: bytes) -> bool:
    """Russian insurance number (SNILS): nine digits and a check number of two."""
    digits = digits_of(value)
    check = weighted(digits[:9], range(9, 0, -1)) % 101 % 100
    return len(digits) == 11 and check == digits[9] * 10 + digits[10]


def kz_iin(value: bytes) -> bool:
    """Kazakh individual number: birth date, century, serial and check digit."""
    digits = digits_of(value)
    if len(digits) != 12 or not is_date(2000, int(value[2:4]), min(int(value[4:6]), 28) or 0):
        return False
    check = weighted(digits[:11], range(1, 12)) % 11
    if check == 10:
        check = weighted(digits[:11], (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)) % 11
    return check == digits[11]


def jp_my_number(value: bytes) -> bool:
    """Japanese individual number: twelve digits, the last is the check digit."""
    digits = digits_of(value)
    rest = weighted(digits[:11], _JAPAN) % 11
    return len(digits) == 12 and digits[11] == (0 if rest <= 1 else 11 - rest)


def lk_nic(value: bytes) -> bool:
    """Sri Lankan identity card of the old form: the day of the year is one, plus 500 for women."""
    day = int(value[2:5])
    return 1 <= day <= 366 or 501 <= day <= 866


def uy_ci(value: bytes) -> bool:
    """Uruguayan identity card: six or seven digits and a check digit."""
    digits = digits_of(value)
    body = [0] * (8 - len(digits)) + digits[:-1]
    return len(digits) in (7, 8) and -weighted(body, (2, 9, 8, 7, 6, 3, 4)) % 10 == digits[-1]


def kw_civil(value: bytes) -> bool:
    """Kuwaiti civil number: century, birth date, serial and check digit."""
    digits = digits_of(value)
    if len(digits) != 12 or digits[0] not in (2, 3) or not is_date(2000, int(value[3:5]), min(int(value[5:7]), 28)):
        return False
    return 11 - weighted(digits[:11], (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11 == digits[11]


def de_insurance(value: bytes) -> bool:
    """German pension insurance number: area, birth date, letter, serial and check digit (VKVV, section 4)."""
    text = value.translate(None, b" -").decode("ascii").upper()
    body = text[:8] + f"{ord(text[8]) - 64:02d}" + text[9:11]
    sums = (int(digit) * weight for digit, weight in zip(body, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    return sum(number // 10 + number % 10 for number in sums) % 10 == int(text[11])


def emso(value: bytes) -> bool:
    """Unique citizen number of the states that were Yugoslavia: birth date, region, serial and check digit."""
    digits = digits_of(value)
    if len(digits) != 13 or not is_date(2000, int(value[2:4]), min(int(value[:2]), 28) or 0):
        return False
    rest = weighted(digits[:12], (7, 6, 5, 4, 3, 2) * 2) % 11
    return digits[12] == (0 if rest == 0 else 11 - rest)


def cn_resident(value: bytes) -> bool:
    """Chinese resident identity number: region, birth date, serial and check character (GB 11643)."""
    text = value.decode("ascii").upper()
    if not is_date(int(text[6:10]), int(text[10:12]), int(text[12:14])) or not "11" <= text[:2] <= "83":
        return False
    weights = [2**place % 11 for place in range(17, 0, -1)]
    return "10X98765432"[weighted([int(digit) for digit in text[:17]], weights) % 11] == text[17]


def br_cpf(value: bytes) -> bool:
    """Brazilian CPF, without the eleven equal digits that pass its check."""
    digits = digits_of(value)
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    first = weighted(digits[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = weighted(digits[:10], range(11, 1, -1)) * 10 % 11 % 10
    return digits[9:] == [first, second]


def es_nss(value: bytes) -> bool:
    """Spanish social security number: province, serial and a check number of two digits, modulo 97."""
    digits = value.translate(None, b" -/")
    body = digits[:2] + digits[2:10].lstrip(b"0") if digits[2:3] == b"0" else digits[:10]
    return len(digits) == 12 and int(body) % 97 == int(digits[10:])


def pl_id_card(value: bytes) -> bool:
    """Polish identity card: three letters, check digit, five digits."""
    text = value.replace(b" ", b"").decode("ascii").upper()
    numbers = [int(letter, 36) for letter in text]
    return len(text) == 9 and weighted(numbers, (7, 3, 1, 9, 7, 3, 1, 7, 3)) % 10 == 0


def dk_cpr_checked(value: bytes) -> bool:
    """Danish personal number whose last digit checks the others, as it did for everybody until 2007."""
    digits = digits_of(value)
    is_day = len(digits) == 10 and is_date(2000, int(value[2:4]), int(value[:2]))
    return is_day and weighted(digits, (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


def mx_clabe(value: bytes) -> bool:
    """Mexican standardised account number: 17 digits and a check digit."""
    digits = digits_of(value)
    total = sum(digit * weight % 10 for digit, weight in zip(digits[:17], (3, 7, 1) * 6, strict=False))
    return len(digits) == 18 and -total % 10 == digits[17]


def es_dni(value: bytes) -> bool:
    """Spanish identity number, its digits perhaps with dots: the letter is the remainder modulo 23."""
    text = value.translate(None, b" .-").upper()
    return text[-1] == b"TRWAGMYFPDXBNJZSQVHLCKE"[int(text[:-1]) % 23]
