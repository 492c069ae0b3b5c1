"""One function per national number from outside Europe: a valid one, printed as in its country."""

# ruff: noqa: E501

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Final

from stdnum import verhoeff
from stdnum.ar import cuit
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.jp import in_ as jp_in
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.nz import ird
from stdnum.th import pin

from tests.corpus.account import luhn
from tests.corpus.form import digits, fill, grouped


_CONSONANTS: Final = "BCDFGHLMNPRSTV"


def _date(chance: Random, first: int = 1940, last: int = 1999) -> dt.date:
    return dt.date(chance.randint(first, last), chance.randint(1, 12), chance.randint(1, 28))


def _weighted(text: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True))


def us_ssn_plain(chance: Random) -> str:
    """A US social security number without dashes."""
    area = 666
    while area == 666:
        area = chance.randint(1, 899)
    return f"{area:03d}{chance.randint(1, 99):02d}{chance.randint(1, 9999):04d}"


def us_ssn(chance: Random) -> str:
    """A US social security number with dashes."""
    return grouped(us_ssn_plain(chance), (3, 2, 4), "-")


def us_itin(chance: Random) -> str:
    """A US taxpayer number: it begins with nine, the middle group is 70 to 88."""
    return f"9{digits(chance, 2)}-{chance.randint(70, 88)}-{digits(chance, 4)}"


def br_cpf_plain(chance: Random) -> str:
    """A Brazilian taxpayer number without punctuation."""
    number = digits(chance, 9)
    for _ in range(2):
        total = sum(int(digit) * weight for digit, weight in zip(number, range(len(number) + 1, 1, -1), strict=True))
        number += str(-total % 11 % 10 if -total % 11 < 10 else 0)
    return number


def br_cpf(chance: Random) -> str:
    """A Brazilian taxpayer number as it is printed."""
    number = br_cpf_plain(chance)
    return f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"


def jp_my_number(chance: Random) -> str:
    """A Japanese My Number."""
    body = digits(chance, 11)
    number = body + str(jp_in.calc_check_digit(body))
    return grouped(number, (4,), " ") if chance.random() < 0.5 else number


def il_id(chance: Random) -> str:
    """An Israeli identity number."""
    body = f"{chance.choice('0235')}{digits(chance, 7)}"
    return body + luhn(body)


def za_id(chance: Random) -> str:
    """A South African identity number."""
    body = f"{_date(chance):%y%m%d}{digits(chance, 4)}{chance.choice('01')}8"
    return body + luhn(body)


def in_aadhaar(chance: Random) -> str:
    """An Indian Aadhaar number (Verhoeff)."""
    body = f"{chance.randint(2, 9)}{digits(chance, 10)}"
    return grouped(body + str(verhoeff.calc_check_digit(body)), (4,), chance.choice((" ", " ", "-", "")))


def in_pan(chance: Random) -> str:
    """An Indian tax number of a person."""
    return f"{fill(chance, '{A3}')}P{fill(chance, '{A1}')}{chance.randint(1, 9999):04d}{fill(chance, '{A1}')}"


def cn_ric(chance: Random) -> str:
    """A Chinese identity number."""
    area = chance.choice(("110101", "310104", "110105", "110108", "310101"))
    body = f"{area}{_date(chance):%Y%m%d}{chance.randint(1, 999):03d}"
    return body + str(ric.calc_check_digit(f"{body}0"))


def kr_rrn(chance: Random) -> str:
    """A Korean resident number."""
    body = f"{_date(chance):%y%m%d}{chance.choice('12')}{chance.randint(0, 95):02d}{digits(chance, 3)}"
    number = body + str(rrn.calc_check_digit(body))
    return f"{number[:6]}-{number[6:]}"


def sg_nric(chance: Random) -> str:
    """A Singaporean identity or foreigner number."""
    prefix, number = chance.choice("STFG"), digits(chance, 7)
    total = _weighted(number, (2, 7, 6, 5, 4, 3, 2)) + (4 if prefix in "TG" else 0)
    return f"{prefix}{number}{('JZIHGFEDCBA' if prefix in 'ST' else 'XWUTRQPNMLK')[total % 11]}"


def th_pin(chance: Random) -> str:
    """A Thai identity number."""
    body = f"{chance.randint(1, 8)}{digits(chance, 11)}"
    number = body + str(pin.calc_check_digit(body))
    return grouped(number, (1, 4, 5, 2, 1), "-") if chance.random() < 0.6 else number


def au_tfn(chance: Random) -> str:
    """An Australian tax file number: the weighted sum of nine digits is divisible by eleven."""
    number = "000000001"
    while _weighted(number, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11:
        number = f"{chance.randint(1, 9)}{digits(chance, 8)}"
    return grouped(number, (3,), " ") if chance.random() < 0.7 else number


def nz_ird(chance: Random) -> str:
    """A New Zealand tax number."""
    check, body = "10", ""
    while len(check) > 1:
        body = str(chance.randint(10_000_000, 14_999_999))
        check = str(ird.calc_check_digit(body))
    return grouped(body + check, (3,), "-")


def ca_sin(chance: Random) -> str:
    """A Canadian social insurance number."""
    body = f"{chance.choice('1234567')}{digits(chance, 7)}"
    return grouped(body + luhn(body), (3,), chance.choice((" ", " ", "-", "")))


def mx_curp(chance: Random) -> str:
    """A Mexican population code."""
    born = _date(chance)
    state = chance.choice(("DF", "JC", "NL", "PL", "VZ", "OC"))
    name = chance.choice(_CONSONANTS) + chance.choice("AEIU") + "".join(chance.choices(_CONSONANTS, k=2))
    body = f"{name}{born:%y%m%d}{chance.choice('HM')}{state}{''.join(chance.choices(_CONSONANTS, k=3))}{chance.randint(0, 9)}"
    return body + str(curp.calc_check_digit(body))


def cl_rut(chance: Random) -> str:
    """A Chilean tax number as it is printed."""
    body = str(chance.randint(5_000_000, 25_999_999))
    return f"{int(body):,}".replace(",", ".") + f"-{rut.calc_check_digit(body)!s}"


def ar_cuit(chance: Random) -> str:
    """An Argentine tax number."""
    body = f"{chance.choice(('20', '23', '27'))}{digits(chance, 8)}"
    return f"{body[:2]}-{body[2:]}-{cuit.calc_check_digit(body)!s}"


def pe_dni(chance: Random) -> str:
    """A Peruvian identity number, without the check digit nobody writes."""
    return digits(chance, 8)
