"""Cards, bank accounts and what stands beside them; every check digit is right."""

# ruff: noqa: E501

from __future__ import annotations

from random import Random
from typing import Final

from stdnum.es import ccc

from tests.corpus.form import digits, fill, grouped
from tests.corpus.piece import FREE, Fact, Piece, fact, words


# Prefixes, length and printed groups of each network (ISO/IEC 7812 and the networks' own tables).
_NETWORKS: Final[tuple[tuple[str, int, tuple[int, ...]], ...]] = (
    ("4", 16, (4,)), ("4", 16, (4,)), ("51", 16, (4,)), ("53", 16, (4,)), ("55", 16, (4,)), ("2221", 16, (4,)),
    ("2530", 16, (4,)), ("34", 15, (4, 6, 5)), ("37", 15, (4, 6, 5)), ("6011", 16, (4,)), ("65", 16, (4,)),
    ("36", 14, (4, 6, 4)), ("3530", 16, (4,)), ("3566", 16, (4,)), ("6304", 16, (4,)), ("6221", 16, (4,)),
)  # fmt: skip
CARD_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "en": ("card number", "credit card", "card", "Visa card"),
    "de": ("Kreditkartennummer", "Kreditkarte", "Kartennummer"),
    "fr": ("carte bancaire", "numéro de carte", "carte de crédit"),
    "es": ("tarjeta de crédito", "número de tarjeta", "tarjeta"),
    "it": ("carta di credito", "numero della carta"),
    "nl": ("creditcardnummer", "creditcard", "kaartnummer"),
    "pt": ("cartão de crédito", "número do cartão"),
    "pl": ("numer karty", "karta kredytowa"),
    "sv": ("kortnummer", "kreditkort"),
    "ja": ("カード番号", "クレジットカード"),
}
# Form of the account behind the check digits (SWIFT IBAN registry): `n` digits, `a` capitals, `c` both.
_IBANS: Final = {
    "DE": "n18", "FR": "n10c11n2", "GB": "a4n14", "ES": "n20", "IT": "a1n10c12", "NL": "a4n10", "PL": "n24", "SE": "n20",
    "BE": "n12", "AT": "n16", "CH": "n5c12", "PT": "n21", "DK": "n14", "NO": "n11", "FI": "n14", "IE": "a4n14",
    "CZ": "n20", "HU": "n24", "RO": "a4c16", "GR": "n7c16", "LU": "n3c13", "BR": "n23a1c1", "TR": "n6c16", "SA": "n2c18",
    "AE": "n19", "IL": "n19", "HR": "n17", "SK": "n20", "LT": "n16", "EE": "n16", "BG": "a4n6c8", "MT": "a4n5c18",
}  # fmt: skip
IBAN_COUNTRIES: Final = tuple(_IBANS)
_FIELDS: Final = {"n": "d", "a": "A", "c": "u"}
_BANKS: Final = words(
    "DEUT COBA BNPA CHAS BARC HBUK INGB UNCR NDEA ESSE PKOP BBVA CAIX ITAU RABO BOFA CITI SOGE MIDL ABNA"
)


def luhn(payload: str) -> str:
    """The check digit behind `payload` (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(payload)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return str(-total % 10)


def card_number(chance: Random) -> tuple[str, tuple[int, ...]]:
    """A card number without separators, and the groups it is printed in."""
    prefix, length, groups = chance.choice(_NETWORKS)
    payload = prefix + digits(chance, length - 1 - len(prefix))
    return payload + luhn(payload), groups


def card(chance: Random, language: str) -> Fact:
    """A payment card, sometimes with its expiry date (which may stay) and its security code (which may not)."""
    number, groups = card_number(chance)
    printed = chance.choice((number, number, grouped(number, groups, " "), grouped(number, groups, " "),
                             grouped(number, groups, "-"), grouped(number, groups, ".")))  # fmt: skip
    pieces = [Piece(printed, "payment", "card")]
    roll = chance.random()
    if roll < 0.15:
        expiry = f"{chance.randint(1, 12):02d}/{chance.randint(26, 32)}"
        pieces += [Piece(chance.choice((" exp ", ", valid until ", " "))), Piece(expiry, FREE, "expiry")]
        if roll < 0.08:
            pieces += [Piece(chance.choice((" CVV ", ", CVC: ", " cvv2=")), fixed=True),
                       Piece(digits(chance, 4 if len(number) == 15 else 3), "payment", "cvv")]  # fmt: skip
    return Fact(tuple(pieces), CARD_WORDS[language], ("card_number", "card", "pan", "cardNumber", "credit_card"))


def iban_number(chance: Random, country: str) -> str:
    """An IBAN with the right check digits (ISO 13616, mod 97)."""
    form = _IBANS[country]
    account = ""
    while form:
        size = len(form[1:]) - len(form[1:].lstrip("0123456789"))
        account += fill(chance, f"{{{_FIELDS[form[0]]}{form[1 : 1 + size]}}}")
        form = form[1 + size :]
    account = _with_own_digits(country, account)
    turned = "".join(str(int(letter, 36)) for letter in f"{account}{country}00")
    return f"{country}{98 - int(turned) % 97:02d}{account}"


def _with_own_digits(country: str, account: str) -> str:
    """`account` with the check digits that some countries have inside it."""
    if country == "BE":
        return f"{account[:10]}{int(account[:10]) % 97 or 97:02d}"
    if country == "NO":
        total = sum(int(digit) * weight for digit, weight in zip(account, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=False))
        # A remainder of ten has no digit: another account is taken instead.
        return (
            f"{account[:10]}{-total % 11}"
            if -total % 11 < 10
            else _with_own_digits(country, f"{int(account) + 10:011d}")
        )
    return account[:8] + str(ccc.calc_check_digits(account)) + account[10:] if country == "ES" else account


def iban(chance: Random, country: str) -> Fact:
    """A bank account, in one run or in groups of four."""
    number = iban_number(chance, country)
    printed = chance.choice((number, number, grouped(number, (4,), " "), grouped(number, (4,), " "),
                             grouped(number, (4,), "-"), number.lower()))  # fmt: skip
    return fact(
        printed, "payment", "iban", ("IBAN", "iban", "IBAN-Nr.", "account (IBAN)"), ("iban", "account_iban", "IBAN")
    )


def bic(chance: Random, country: str) -> Fact:
    """A SWIFT code (ISO 9362), which only a word tells from any other eight letters."""
    value = (
        chance.choice(_BANKS)
        + country
        + fill(chance, "{u1}{A1}")
        + chance.choice(("", "", "XXX", fill(chance, "{d3}")))
    )
    return fact(value, "payment", "swift", ("SWIFT", "BIC", "SWIFT/BIC", "BIC code", "SWIFT code"),
                ("bic", "swift", "swift_code", "swiftBic"), bare=False)  # fmt: skip


def us_account(chance: Random) -> Fact:
    """A US routing number (ABA check digit) or an account number, beside the words for them."""
    if chance.random() < 0.5:
        return fact(digits(chance, chance.randint(9, 12)), "payment", "us_account", ("account number", "bank account number"),
                    ("account_number", "bank_account_number"), bare=False)  # fmt: skip
    first = f"{chance.randint(1, 12):02d}{digits(chance, 6)}"
    total = sum(int(digit) * weight for digit, weight in zip(first, (3, 7, 1, 3, 7, 1, 3, 7), strict=True))
    return fact(f"{first}{-total % 10}", "payment", "us_routing", ("routing number", "ABA routing number", "ABA number"),
                ("routing_number", "aba_routing"), bare=False)  # fmt: skip


def gb_account(chance: Random) -> Fact:
    """A British sort code and account number, beside the words for them."""
    sort = grouped(digits(chance, 6), (2,), "-")
    pieces = (Piece(sort, "payment", "gb_sort_code"), Piece(chance.choice((" account number ", ", account no: ")), fixed=True),
              Piece(digits(chance, 8), "payment", "gb_account"))  # fmt: skip
    return Fact(pieces, ("sort code", "Sort code"), ("sort_code", "sortCode"), bare=False)
