"""One spelling for each value, so that the same person has the same token however the value was written."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Final

from spanwise.redact.kinds import family_of


AT: Final = re.compile(r"@|%40|&#64;|&#x40;|\\u0040| ?(?:\(at\)|\[at\]|\{at\}|<at>) ?", re.IGNORECASE)
"""The spellings of the at sign that rules read."""

_DOT: Final = re.compile(r" ?(?:\(dot\)|\[dot\]|\{dot\}|<dot>|\(\.\)|\[\.\]) ?", re.IGNORECASE)
_LONGEST: Final = 4096
_ALPHANUMERIC_KINDS: Final = frozenset({"imei", "imsi", "iccid"})
_WORD_FAMILIES: Final = frozenset({"name", "birth"})
_WORD_KINDS: Final = frozenset({"postal_address", "postal_code"})
_DIGIT_KINDS: Final = frozenset({"phone", "card", "ssn"})
_ALPHANUMERIC_FAMILIES: Final = frozenset({"payment", "national", "vehicle", "health"})


def canonical(kind: str, value: str) -> str:
    """`value` of `kind` in the spelling that its token is made of.

    E-mail: lower case, the domain as IDNA wants it. Phone, card, social security: digits, without `+` or `00`. Other
    numbers of payment, national, vehicle and health families: capital letters and digits. Addresses of the network:
    as `ipaddress` writes them. Names, postal addresses and dates of birth: lower case, one space between words.
    Everything else: as it is, without space around it and invisible characters.
    """
    plain = plain_text(value)
    if kind == "email":
        return _email(plain)
    if kind in _DIGIT_KINDS:
        return _phone(plain) if kind == "phone" else _digits(plain)
    if kind in {"ipv4", "ipv6"}:
        return _address(plain)
    if kind == "mac_address":
        return "".join(letter for letter in plain.lower() if letter.isalnum())
    family = family_of(kind)
    if family in _WORD_FAMILIES or kind in _WORD_KINDS:
        return " ".join(plain.casefold().split())
    if family in _ALPHANUMERIC_FAMILIES or kind in _ALPHANUMERIC_KINDS:
        return "".join(letter for letter in plain.upper() if letter.isalnum())
    return plain


def plain_text(value: str) -> str:
    """`value` in compatibility form, without invisible characters, digits of every script as 0 to 9."""
    if value.isascii():
        return value.strip()
    letters = unicodedata.normalize("NFKC", value[:_LONGEST]) + value[_LONGEST:]
    return "".join(map(_plain, letters)).strip()


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.category(letter) == "Cf":
        return ""
    digit = unicodedata.digit(letter, -1)
    return letter if digit < 0 else str(digit)


def _email(text: str) -> str:
    sign = AT.search(text)
    if sign is None:
        return text.lower()
    local, domain = text[: sign.start()], _DOT.sub(".", text[sign.end() :])
    return f"{local.casefold()}@{_ascii_domain(domain.rstrip('.'))}"


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain.lower()
    try:
        return domain.lower().encode("idna").decode("ascii")
    except UnicodeError:  # no domain name; its own spelling is as good as any
        return domain.casefold()


def _digits(text: str) -> str:
    return "".join(letter for letter in text if "0" <= letter <= "9")


def _phone(text: str) -> str:
    digits = _digits(text)
    return digits[2:] if digits.startswith("00") else digits


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text.lower()
