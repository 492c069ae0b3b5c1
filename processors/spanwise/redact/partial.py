"""What `partial` leaves of a value: enough to recognise one's own, too little to learn somebody else's."""

from __future__ import annotations

import re
from typing import Final

from spanwise.redact.canonical import AT, plain_text
from spanwise.redact.kinds import family_of, label


SHOWN: Final = 4
"""Characters that are left of a number or a key."""

_NEVER: Final = frozenset({"url_credentials", "private_key", "jwt"})
_NEVER_FAMILIES: Final = frozenset({"birth"})
_SHORTEST_NUMBER: Final = 9
_SHORTEST_SECRET: Final = 20
_DOMAIN: Final = re.compile(r"(?:(?!\d{5})[a-z0-9.\-]){3,255}")
_LONG_NUMBER: Final = re.compile(r"[0-9]{5}")


def partial(kind: str, value: str) -> str:
    """What is left of `value`; the label of `kind` when anything left would be too much.

    E-mail: first character and domain, `j***@example.com`. IPv4: the first three numbers, `203.0.113.*`. IPv6 and MAC
    addresses: the first three groups. Everything else: the last four letters and digits, `****4242`, of a value with
    at least nine of them, of a secret with at least twenty. Dates of birth, passwords in URLs, private keys and JSON
    web tokens leave nothing.
    """
    text = plain_text(value)
    if kind == "email":
        left = _email(text)
    elif kind == "ipv4":
        left = _ipv4(text)
    elif kind == "ipv6" or kind.startswith("mac"):
        left = _groups(text.lower())
    elif kind in _NEVER or family_of(kind) in _NEVER_FAMILIES:
        left = ""
    else:
        left = _tail(text, _SHORTEST_SECRET if family_of(kind) in {"secret", "crypto", ""} else _SHORTEST_NUMBER)
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
    return ".".join((*numbers[:3], "*")) if right else ""


def _groups(text: str) -> str:
    groups = re.split(r"[:\-]", text)[:3]
    right = len(groups) == 3 and all(re.fullmatch(r"[0-9a-f]{1,4}", group) for group in groups)
    return ":".join((*groups, "*")) if right else ""


def _tail(text: str, shortest: int) -> str:
    letters = [letter for letter in text if letter.isascii() and letter.isalnum()]
    return "****" + "".join(letters[-SHOWN:]) if len(letters) >= shortest else ""
