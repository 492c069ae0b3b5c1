"""Texts made of what rules look for, what almost is it, and what hides it."""

# ruff: noqa: E501, RUF001

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Callable
from random import Random
from typing import Final
from urllib.parse import quote

from spanwise.proof.example import Example, examples


SIGNS: Final = (
    "@", ":", "://", "?", "&", "=", "/", "-", "_", ".", ",", ";", " ", "\n", "\t", "\\n", '"', "'", "\\", '\\"', "{", "}",
    "[", "]", "(", ")", "+", "%", "%25", "%40", "&#64;", "\\u0040", "\\x40", "\u200b", "\u2060", "\xa0", "\u2011", "１",
    "٤", "é", "値", "😀", "\ud800", "\udc80", "\x00", "\x7f", "[EMAIL]", "[CARD]", "[EMAIL~k1~bcdfghjklmnpqrst]", "[DROPPED]",
    "key: ", "password=", "token ", "phone: ", "ssn ", "is ", "=>", "Bearer ", "-----BEGIN ", "eyJ", "sk-", "0x", "v1.", "::",
    '{"a":', '"content":', '[{"role":"user","content":"', '"}]', "null", "1e9", "-1", "4111111111111111", "10.0.0.1",
)  # fmt: skip
"""What stands around values, hides them, or looks like the beginning of one."""

_ALPHABETS: Final = (
    "0123456789", "0123456789 -.", "abcdef0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", "abcdefghijklmnopqrstuvwxyz ", "@.-_%+",
)  # fmt: skip


@functools.cache
def every_example() -> tuple[Example, ...]:
    """The positive examples of all rules."""
    return tuple(examples())


def piece(chance: Random) -> str:
    """Something short: a sign, a value, a part of one, almost one, or noise."""
    kind = chance.randrange(8)
    if kind < 2:
        return chance.choice(SIGNS)
    if kind < 7:
        example = chance.choice(every_example())
        return _CHANGES[kind - 2](example, chance)
    alphabet = chance.choice(_ALPHABETS)
    return "".join(chance.choice(alphabet) for _ in range(chance.randrange(40)))


def text(chance: Random, *, most: int = 20) -> str:
    """Up to `most` pieces, some of them hidden, repeated or put into JSON."""
    parts = []
    for _ in range(chance.randrange(1, most + 1)):
        part = piece(chance)
        if chance.randrange(6) == 0:
            part = hidden(part, chance)
        if chance.randrange(12) == 0:
            part *= chance.randrange(1, 12)
        parts.append(part)
    whole = chance.choice(("", " ", "\n")).join(parts)
    for _ in range(chance.randrange(-4, 4)):
        whole = in_json(whole, chance)
    return whole


def hidden(part: str, chance: Random) -> str:
    """`part` in a disguise."""
    return chance.choice(_DISGUISES)(part)


def in_json(part: str, chance: Random) -> str:
    """`part` as a string of a document."""
    value = part.encode("utf-8", "replace").decode()
    ascii_only = chance.randrange(2) == 0
    shapes = (
        [value], {"a": value}, {value[:40]: 1, "b": value}, [{"role": "user", "content": value}], {"password": value},
        [{"type": "text", "content": value[: len(value) // 2]}, {"type": "text", "content": value[len(value) // 2 :]}],
        {"n": 4111111111111111, "list": [value, value]},
    )  # fmt: skip
    document = json.dumps(chance.choice(shapes), ensure_ascii=ascii_only)
    return document[: len(document) - chance.randrange(4)] if chance.randrange(5) == 0 else document


def _whole(example: Example, _chance: Random) -> str:
    return example.text


def _value(example: Example, _chance: Random) -> str:
    return example.value


def _beginning(example: Example, chance: Random) -> str:
    return example.text[: chance.randrange(len(example.text) + 1)]


def _end(example: Example, chance: Random) -> str:
    return example.text[chance.randrange(len(example.text) + 1) :]


def _near_miss(example: Example, chance: Random) -> str:
    place = chance.randrange(len(example.text))
    return example.text[:place] + chance.choice(SIGNS) + example.text[place + chance.randrange(2) :]


_CHANGES: Final = (_whole, _value, _beginning, _end, _near_miss)


def _base64(part: str) -> str:
    return base64.b64encode(part.encode("utf-8", "replace")).decode("ascii")


def _url_base64(part: str) -> str:
    return base64.urlsafe_b64encode(part.encode("utf-8", "replace")).decode("ascii").rstrip("=")


def _percent(part: str) -> str:
    return quote(part.encode("utf-8", "replace"), safe="")


def _every_percent(part: str) -> str:
    return "".join(f"%{byte:02x}" for byte in part.encode("utf-8", "replace"))


def _zero_width(part: str) -> str:
    return "\u200b".join(part)


def _wide(part: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in part)


def _escapes(part: str) -> str:
    return "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else letter for letter in part)


_DISGUISES: Final[tuple[Callable[[str], str], ...]] = (
    _base64, _url_base64, _percent, _every_percent, _zero_width, _wide, _escapes,
)  # fmt: skip
