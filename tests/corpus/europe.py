"""One function per national number of Europe: a valid one, printed as in its country."""

# ruff: noqa: E501

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Final

from stdnum.at import vnr
from stdnum.bg import egn
from stdnum.ee import ik
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import utr
from stdnum.ie import vat as ie_vat
from stdnum.iso7064 import mod_11_10
from stdnum.it import codicefiscale
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.pt import nif
from stdnum.ro import cnp
from stdnum.ru import inn
from stdnum.si import emso
from stdnum.tr import tckimlik
from stdnum.ua import rntrc

from tests.corpus.account import luhn
from tests.corpus.form import digits, fill, grouped


_CONSONANTS: Final = "BCDFGHLMNPRSTV"
_NINO_FIRST: Final = "ABCEHJKLMNPRSTWXYZ"


def _date(chance: Random, first: int = 1940, last: int = 1999) -> dt.date:
    return dt.date(chance.randint(first, last), chance.randint(1, 12), chance.randint(1, 28))


def _weighted(text: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(text, weights, strict=True))


def _icao_check(text: str) -> str:
    """The check digit of a machine-readable travel document (ICAO 9303)."""
    return str(sum(int(letter, 36) * (7, 3, 1)[place % 3] for place, letter in enumerate(text)) % 10)


def gb_nino(chance: Random) -> str:
    """A British National Insurance number."""
    prefix = "GB"
    while prefix in ("GB", "NK", "TN", "ZZ", "BG", "KN", "NT"):
        prefix = chance.choice(_NINO_FIRST) + chance.choice("ABCEGHJKLMNPRSTWXYZ")
    number = f"{prefix}{digits(chance, 6)}{chance.choice('ABCD')}"
    return grouped(number, (2,), " ") if chance.random() < 0.5 else number


def gb_utr(chance: Random) -> str:
    """A British taxpayer reference."""
    rest = digits(chance, 9)
    return f"{utr.calc_check_digit(rest)!s}{rest}"


def gb_license(chance: Random) -> str:
    """A British driving licence number."""
    born = _date(chance)
    return (f"{fill(chance, '{A5}')}{born.year // 10 % 10}{born.month:02d}{born.day:02d}{born.year % 10}"
            f"{fill(chance, '{A2}')}9{fill(chance, '{A2}')}")  # fmt: skip


def de_tax_id(chance: Random) -> str:
    """A German tax number: among the first ten digits one stands twice, the last is a check digit (ISO 7064)."""
    letters = list("1234567890")
    chance.shuffle(letters)
    letters[chance.randint(1, 9)] = letters[0]
    while letters[0] == "0":
        chance.shuffle(letters)
    first = "".join(letters)
    number = first + str(mod_11_10.calc_check_digit(first))
    return grouped(number, (2, 3), " ") if chance.random() < 0.5 else number


def de_pension(chance: Random) -> str:
    """A German pension number: area, birth date, letter, serial and check digit."""
    born = _date(chance)
    area = chance.choice(("02", "08", "13", "15", "19", "24", "53", "65"))
    letter = fill(chance, "{A1}")
    serial = f"{chance.randint(0, 99):02d}"
    plain = f"{area}{born:%d%m%y}{ord(letter) - 64:02d}{serial}"
    products = (int(digit) * weight for digit, weight in zip(plain, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    check = sum(sum(divmod(product, 10)) for product in products) % 10
    value = f"{area}{born:%d%m%y}{letter}{serial}{check}"
    return f"{value[:2]} {value[2:8]} {value[8]} {value[9:]}" if chance.random() < 0.5 else value


def de_id_card(chance: Random) -> str:
    """A German identity card."""
    body = chance.choice("LMNPRTVWXY") + "".join(chance.choices("CFGHJKLMNPRTVWXYZ0123456789", k=8))
    return body + _icao_check(body)


def de_passport(chance: Random) -> str:
    """A German passport."""
    return "C" + "".join(chance.choices("CFGHJKLMNPRTVWXYZ0123456789", k=7)) + fill(chance, "{d1}")


def fr_nir(chance: Random) -> str:
    """A French social security number with its key."""
    born = _date(chance)
    body = f"{chance.choice('12')}{born:%y%m}{chance.randint(1, 95):02d}{chance.randint(1, 600):03d}{chance.randint(1, 999):03d}"
    number = body + str(nir.calc_check_digits(body))
    return f"{grouped(number[:13], (1, 2, 2, 2, 3, 3), ' ')} {number[13:]}" if chance.random() < 0.6 else number


def fr_tax(chance: Random) -> str:
    """A French tax number: the first ten digits modulo 511 stand at the end."""
    body = f"{chance.choice('0123')}{digits(chance, 9)}"
    number = f"{body}{int(body) % 511:03d}"
    return grouped(number, (2, 2, 3), " ") if chance.random() < 0.5 else number


def es_dni(chance: Random) -> str:
    """A Spanish identity number."""
    number = digits(chance, 8)
    return f"{number}{chance.choice(('', '', '-'))}{dni.calc_check_digit(number)!s}"


def es_nie(chance: Random) -> str:
    """A Spanish number of a foreigner."""
    number = f"{chance.choice('XYZ')}{digits(chance, 7)}"
    check = str(nie.calc_check_digit(number))
    return chance.choice((f"{number}{check}", f"{number[0]}-{number[1:]}-{check}"))


def it_codice_fiscale(chance: Random) -> str:
    """An Italian tax code."""
    born = _date(chance)
    letters = "".join(chance.choices(_CONSONANTS, k=6))
    day = born.day + chance.choice((0, 40))
    town = f"{chance.choice('ABCDEFGHIL')}{chance.randint(1, 999):03d}"
    body = f"{letters}{born:%y}{'ABCDEHLMPRST'[born.month - 1]}{day:02d}{town}"
    return body + str(codicefiscale.calc_check_digit(body))


def nl_bsn(chance: Random) -> str:
    """A Dutch citizen number: weights nine to two, the last digit counts minus one."""
    check = 10
    while check == 10:
        first = f"{chance.randint(1, 9)}{digits(chance, 7)}"
        check = _weighted(first, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    number = f"{first}{check}"
    return grouped(number, (4, 2, 3), ".") if chance.random() < 0.2 else number


def pl_pesel(chance: Random) -> str:
    """A Polish person number."""
    body = f"{_date(chance):%y%m%d}{digits(chance, 4)}"
    return body + str(pesel.calc_check_digit(body))


def pl_nip(chance: Random) -> str:
    """A Polish tax number."""
    check = 10
    while check == 10:
        first = f"{chance.randint(1, 9)}{chance.randint(1, 9)}{chance.randint(1, 9)}{digits(chance, 6)}"
        check = _weighted(first, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11
    number = f"{first}{check}"
    return grouped(number, (3, 3, 2), "-") if chance.random() < 0.5 else number


def pl_id_card(chance: Random) -> str:
    """A Polish identity card: three letters, a check digit, five digits."""
    letters, number = fill(chance, "{A3}"), digits(chance, 5)
    total = sum(
        int(letter, 36) * weight for letter, weight in zip(letters + number, (7, 3, 1, 7, 3, 1, 7, 3), strict=True)
    )
    value = f"{letters}{total % 10}{number}"
    return f"{value[:3]} {value[3:]}" if chance.random() < 0.4 else value


def se_personnummer(chance: Random) -> str:
    """A Swedish person number, with or without the century."""
    born = _date(chance)
    body = f"{born:%y%m%d}{digits(chance, 3)}"
    dash = chance.choice(("-", "-", ""))
    century = chance.choice(("", str(born.year)[:2]))
    return f"{century}{body[:6]}{dash}{body[6:]}{luhn(body)}"


def be_nn(chance: Random) -> str:
    """A Belgian national number."""
    body = f"{_date(chance):%y%m%d}{chance.randint(1, 997):03d}"
    number = f"{body}{97 - int(body) % 97:02d}"
    return f"{number[:2]}.{number[2:4]}.{number[4:6]}-{number[6:9]}.{number[9:]}" if chance.random() < 0.7 else number


def pt_nif(chance: Random) -> str:
    """A Portuguese tax number of a person."""
    body = f"{chance.choice('123')}{digits(chance, 7)}"
    return body + str(nif.calc_check_digit(body))


def no_fodselsnummer(chance: Random) -> str:
    """A Norwegian birth number."""
    body, first, second = "", "10", "10"
    while "10" in (first, second):
        body = f"{_date(chance):%d%m%y}{chance.randint(0, 499):03d}"
        first = str(fodselsnummer.calc_check_digit1(body))
        second = str(fodselsnummer.calc_check_digit2(body + first))
    number = body + first + second
    return f"{number[:6]} {number[6:]}" if chance.random() < 0.5 else number


def dk_cpr(chance: Random) -> str:
    """A Danish person number."""
    return f"{_date(chance):%d%m%y}-{chance.randint(0, 3)}{digits(chance, 3)}"


def fi_hetu(chance: Random) -> str:
    """A Finnish person number."""
    born = _date(chance)
    serial = f"{chance.randint(2, 899):03d}"
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{born:%d%m%y}{serial}") % 31]
    return f"{born:%d%m%y}-{serial}{check}"


def ie_pps(chance: Random) -> str:
    """An Irish public service number, old form or new."""
    number, letter = digits(chance, 7), chance.choice(("", "A", "B"))
    return f"{number}{ie_vat.calc_check_digit(number + letter)!s}{letter}"


def at_svnr(chance: Random) -> str:
    """An Austrian social security number."""
    check, serial, born = "10", "", ""
    while len(check) > 1:
        serial, born = str(chance.randint(100, 999)), f"{_date(chance):%d%m%y}"
        check = str(vnr.calc_check_digit(f"{serial}0{born}"))
    return f"{serial}{check} {born}" if chance.random() < 0.6 else f"{serial}{check}{born}"


def ch_ahv(chance: Random) -> str:
    """A Swiss social security number: it is an EAN-13."""
    body = f"756{digits(chance, 9)}"
    check = -_weighted(body, (1, 3) * 6) % 10
    return grouped(f"{body}{check}", (3, 4, 4, 2), ".")


def cz_rc(chance: Random) -> str:
    """A Czech birth number of ten digits."""
    born = _date(chance, 1954, 1999)
    body = f"{born:%y}{born.month + chance.choice((0, 50)):02d}{born:%d}{digits(chance, 3)}"
    return f"{body[:6]}/{body[6:]}{int(body) % 11 % 10}"


def ro_cnp(chance: Random) -> str:
    """A Romanian personal code."""
    body = f"{chance.choice('12')}{_date(chance):%y%m%d}{chance.randint(1, 46):02d}{chance.randint(1, 999):03d}"
    return body + str(cnp.calc_check_digit(body))


def bg_egn(chance: Random) -> str:
    """A Bulgarian civil number."""
    body = f"{_date(chance):%y%m%d}{digits(chance, 3)}"
    return body + str(egn.calc_check_digit(body))


def hr_oib(chance: Random) -> str:
    """A Croatian person number."""
    body = digits(chance, 10)
    return body + str(mod_11_10.calc_check_digit(body))


def si_emso(chance: Random) -> str:
    """A Slovenian person number."""
    born = _date(chance)
    body = f"{born:%d%m}{born.year % 1000:03d}50{chance.randint(0, 999):03d}"
    return body + str(emso.calc_check_digit(body))


def lt_asmens(chance: Random) -> str:
    """A Lithuanian personal code."""
    body = f"{chance.choice('34')}{_date(chance):%y%m%d}{digits(chance, 3)}"
    return body + str(ik.calc_check_digit(f"{body}0"))


def ee_ik(chance: Random) -> str:
    """An Estonian personal code."""
    body = f"{chance.choice('34')}{_date(chance):%y%m%d}{digits(chance, 3)}"
    return body + str(ik.calc_check_digit(f"{body}0"))


def gr_amka(chance: Random) -> str:
    """A Greek social security number."""
    body = f"{_date(chance):%d%m%y}{digits(chance, 4)}"
    return body + luhn(body)


def tr_tckimlik(chance: Random) -> str:
    """A Turkish identity number."""
    body = f"{chance.randint(1, 9)}{digits(chance, 8)}"
    return body + str(tckimlik.calc_check_digits(body))


def ru_inn(chance: Random) -> str:
    """A Russian tax number of a person."""
    body = f"{chance.randint(1, 92):02d}{digits(chance, 8)}"
    return body + str(inn.calc_personal_check_digits(body))


def ru_snils(chance: Random) -> str:
    """A Russian insurance number."""
    body = f"{chance.randint(2, 9)}{digits(chance, 8)}"
    check = _weighted(body, (9, 8, 7, 6, 5, 4, 3, 2, 1)) % 101 % 100
    return f"{grouped(body, (3,), '-')} {check:02d}"


def ua_rnokpp(chance: Random) -> str:
    """A Ukrainian taxpayer number."""
    body = f"{chance.randint(2, 3)}{digits(chance, 8)}"
    return body + str(rntrc.calc_check_digit(body))
