"""Numbers of patients and of those who treat them."""

# ruff: noqa: E501

from __future__ import annotations

from random import Random
from typing import Final

from stdnum.ca import bc_phn

from tests.corpus.account import luhn
from tests.corpus.form import digits, fill, grouped
from tests.corpus.piece import Fact, fact


_MBI_LETTERS: Final = "ACDEFGHJKMNPQRTUVWXY"


def _letters(chance: Random, count: int) -> str:
    return "".join(chance.choices(_MBI_LETTERS, k=count))


def nhs(chance: Random) -> Fact:
    """A British NHS number: ten digits, the last a check digit modulo 11."""
    check = 10
    first = ""
    while check == 10:
        first = f"{chance.choice('4679')}{digits(chance, 8)}"
        check = -sum(int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)) % 11
    number = f"{first}{check}"
    value = chance.choice(
        (number, grouped(number, (3, 3, 4), " "), grouped(number, (3, 3, 4), " "), grouped(number, (3, 3, 4), "-"))
    )
    return fact(
        value, "health", "gb_nhs", ("NHS number", "NHS no.", "NHS No"), ("nhs_number", "nhsNumber", "nhs"), bare=False
    )


def npi(chance: Random) -> Fact:
    """A US provider number: Luhn behind the prefix 80840."""
    first = f"{chance.choice('12')}{digits(chance, 8)}"
    return fact(first + luhn(f"80840{first}"), "health", "us_npi", ("NPI", "NPI number", "provider NPI"),
                ("npi", "provider_npi"), bare=False)  # fmt: skip


def mbi(chance: Random) -> Fact:
    """A US Medicare beneficiary identifier: eleven places in fixed classes without S, L, O, I, B, Z."""
    value = (
        f"{chance.randint(1, 9)}{_letters(chance, 1)}{fill(chance, '{d1}')}{fill(chance, '{d1}')}"
        f"{_letters(chance, 1)}{chance.choice(_MBI_LETTERS + '0123456789')}{fill(chance, '{d1}')}"
        f"{_letters(chance, 2)}{fill(chance, '{d2}')}"
    )
    dashed = grouped(value, (4, 3, 4), "-")
    return fact(chance.choice((value, dashed)), "health", "us_mbi", ("Medicare number", "MBI", "Medicare beneficiary identifier"),
                ("mbi", "medicare_number", "medicareId"), bare=False)  # fmt: skip


def dea(chance: Random) -> Fact:
    """A US DEA registration: two letters, six digits and a check digit."""
    number = digits(chance, 6)
    total = sum(map(int, number[::2])) + 2 * sum(map(int, number[1::2]))
    value = f"{chance.choice('ABFM')}{fill(chance, '{A1}')}{number}{total % 10}"
    return fact(
        value, "health", "us_dea", ("DEA number", "DEA registration", "DEA #"), ("dea", "dea_number"), bare=False
    )


def kvnr(chance: Random) -> Fact:
    """A German health insurance number: a letter, eight digits and a check digit (Luhn over the letter's place)."""
    letter, number = fill(chance, "{A1}"), digits(chance, 8)
    full = f"{ord(letter) - 64:02d}{number}"
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(full))
    return fact(f"{letter}{number}{total % 10}", "health", "de_kvnr",
                ("Krankenversichertennummer", "KVNR", "Versichertennummer"), ("kvnr", "versichertennummer"), bare=False)  # fmt: skip


def au_medicare(chance: Random) -> Fact:
    """An Australian Medicare card: eight digits, a check digit and the issue number."""
    first = f"{chance.randint(2, 6)}{digits(chance, 7)}"
    check = sum(int(digit) * weight for digit, weight in zip(first, (1, 3, 7, 9, 1, 3, 7, 9), strict=True)) % 10
    number = f"{first}{check}{chance.randint(1, 9)}"
    return fact(chance.choice((number, grouped(number, (4, 5, 1), " "))), "health", "au_medicare",
                ("Medicare card", "Medicare number", "Medicare card number"), ("medicare", "medicare_card"), bare=False)  # fmt: skip


def bc_health(chance: Random) -> Fact:
    """A health number of British Columbia."""
    check, first = "11", ""
    while len(check) != 1:
        first = f"9{digits(chance, 8)}"
        check = str(bc_phn.calc_check_digit(first[1:]))
    return fact(grouped(first + check, (4, 3, 3), " "), "health", "ca_bc_phn", ("PHN", "personal health number"),
                ("phn", "health_number"), bare=False)  # fmt: skip


def mrn(chance: Random) -> Fact:
    """A hospital's own number of a patient."""
    value = fill(chance, chance.choice(("{d8}", "{d7}", "{A2}{d6}", "{d3}-{d2}-{d3}")))
    return fact(value, "health", "mrn", ("MRN", "medical record number", "patient ID", "patient number"),
                ("mrn", "medical_record_number", "patient_id"), bare=False)  # fmt: skip


HEALTH: Final = (nhs, nhs, npi, mbi, mbi, dea, kvnr, au_medicare, bc_health, mrn)
