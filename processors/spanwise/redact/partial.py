"""What `partial` leaves of a value: enough to recognise one's own, too little to learn somebody else's."""

from __future__ import annotations

import re
from typing import Final

from spanwise.redact.canonical import AT, plain_text
from spanwise.redact.kinds import WHOLE, family_of, label


SHOWN: Final = 4
"""Characters that are left of a number or a key."""

_NEVER: Final = frozenset({"url_credentials", "url_secret", "jwt", "postal_address", "postal_code"})
_NEVER_ENDS: Final = ("password", "passwd", "private_key", "extended_key", "seed_phrase", "_cvv", "_expiry")
_LEAST: Final = {
    "payment": 9, "contact": 9, "national": 9, "health": 9, "vehicle": 9, "network": 9, "secret": 20, "crypto": 20,
}  # fmt: skip
"""Letters and digits that a value of a family must have; values of other families leave nothing."""

_DOMAIN: Final = re.compile(r"(?:(?!\d{5})[a-z0-9.\-]){3,255}")
_LONG_NUMBER: Final = re.compile(r"[0-9]{5}")


def partial(kind: str, value: str) -> str:
    """What is left of `value`; the label of `kind` when anything left would be too much.

    E-mail: first character and domain, `j***@example.com`. IPv4: the first two numbers, `203.0.*.*`; three could be
    taken for a telephone number. IPv6 and MAC addresses: the first three groups. Everything else: the last four letters
    and digits, `****4242`, of a number with at least nine of them, of a secret with at least twenty. Names, dates of
    birth, postal addresses, passwords, private keys and JSON web tokens leave nothing.
    """
    text = plain_text(value)
    if kind == "email":
        left = _email(text)
    elif kind == "ipv4":
        left = _ipv4(text)
    elif kind in {"ipv6", "mac_address"}:
        left = _groups(text.lower())
    elif kind in _NEVER or kind.endswith(_NEVER_ENDS):
        left = ""
    else:
        left = _tail(text, _LEAST["secret"] if kind == WHOLE else _LEAST.get(family_of(kind), 0))
    return left or label(kind)


def _email(text: str) -> str:
    sign = AT.search(text)
    domain = text[sign.end() :].lower() if sign else ""
    if not sign or not _DOMAIN.fullmatch(domain) or _LONG_NUMBER.search(domain):
        return ""
    first = text[0] if text[0].isalnum() and sign.start() > 1 else ""
    return f"{first}***@{domain}"


def _ipv4(text: str) -> str:
    numbers = text.split(".")
    right = len(numbers) == 4 and all(number.isascii() and number.isdigit() and len(number) <= 3 for number in numbers)
    return ".".join((*numbers[:2], "*", "*")) if right else ""


def _groups(text: str) -> str:
    groups = re.split(r"[:\-]", text)[:3]
    right = len(groups) == 3 and all(re.fullmatch(r"[0-9a-f]{1,4}", group) for group in groups)
    return ":".join((*groups, "*")) if right else ""


def _tail(text: str, shortest: int) -> str:
    letters = [letter for letter in text if letter.isascii() and letter.isalnum()]
    return "****" + "".join(letters[-SHOWN:]) if len(letters) >= shortest > 0 else ""
