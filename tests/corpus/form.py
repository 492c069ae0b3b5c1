"""Random strings of a written form: `ghp_{n36}` is a prefix and thirty-six letters and digits."""

from __future__ import annotations

import functools
import re
import string
from random import Random
from typing import Final


_CLASSES: Final = {
    "d": string.digits,
    "1": "123456789",
    "2": "23456789",
    "a": string.ascii_lowercase,
    "A": string.ascii_uppercase,
    "L": string.ascii_letters,
    "n": string.ascii_letters + string.digits,
    "l": string.ascii_lowercase + string.digits,
    "u": string.ascii_uppercase + string.digits,
    "h": "0123456789abcdef",
    "H": "0123456789ABCDEF",
    "w": string.ascii_letters + string.digits + "_-",
    "b": string.ascii_letters + string.digits + "+/",
    "t": string.ascii_uppercase + "234567",
    "q": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
    "p": string.ascii_letters + string.digits + "!#$%*+?@^~.-_",
}
_FIELD: Final = re.compile(r"\{(\w)(\d+)(?:-(\d+))?\}")


@functools.cache
def _parts(form: str) -> tuple[tuple[str, str, int, int], ...]:
    parts: list[tuple[str, str, int, int]] = []
    last = 0
    for match in _FIELD.finditer(form):
        parts.append((form[last : match.start()], _CLASSES[match[1]], int(match[2]), int(match[3] or match[2])))
        last = match.end()
    parts.append((form[last:], "", 0, 0))
    return tuple(parts)


def fill(chance: Random, form: str) -> str:
    """`form` with every field filled: `{n36}` by 36 characters of class `n`, `{w20-40}` by twenty to forty of `w`."""
    result = ""
    for literal, letters, least, most in _parts(form):
        result += literal
        if letters:
            length = least if least == most else chance.randint(least, most)
            result += "".join(chance.choices(letters, k=length))
    return result


def digits(chance: Random, count: int) -> str:
    """`count` digits."""
    return "".join(chance.choices(string.digits, k=count))


def numbers(chance: Random, pattern: str) -> str:
    """`pattern` with a digit for every `#`."""
    return "".join(chance.choice(string.digits) if letter == "#" else letter for letter in pattern)


def grouped(text: str, sizes: tuple[int, ...], separator: str) -> str:
    """`text` cut into groups of `sizes`, the last size repeated."""
    groups: list[str] = []
    place = index = 0
    while place < len(text):
        size = sizes[min(index, len(sizes) - 1)]
        groups.append(text[place : place + size])
        place += size
        index += 1
    return separator.join(groups)


def uuid(chance: Random) -> str:
    """A random UUID (version 4)."""
    text = f"{chance.getrandbits(128):032x}"
    variant = "89ab"[chance.getrandbits(2)]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
