"""Disguises: ways in which a value gets past a search that reads a text only as it stands."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from spanwise.proof.canary import Canary
from spanwise.proof.example import Example


_ZERO_WIDTH: Final = "\u200b"
_WIDE: Final = {ord(digit): 0xFF10 + number for number, digit in enumerate("0123456789")}


def base64_text(canary: Canary) -> tuple[str, ...]:
    """The whole text in base64."""
    return (base64.b64encode(canary.text.encode()).decode("ascii"),)


def percent(canary: Canary) -> tuple[str, ...]:
    """Every byte of the value in percent-encoding."""
    return (canary.before + "".join(f"%{byte:02X}" for byte in canary.value.encode()) + canary.after,)


def zero_width(canary: Canary) -> tuple[str, ...]:
    """An invisible character between any two of the value."""
    return (canary.before + _ZERO_WIDTH.join(canary.value) + canary.after,)


def full_width(canary: Canary) -> tuple[str, ...]:
    """Full-width digits."""
    return (canary.before + canary.value.translate(_WIDE) + canary.after,)


def json_in_json(canary: Canary) -> tuple[str, ...]:
    """JSON in JSON in JSON."""
    return (json.dumps({"a": json.dumps({"b": json.dumps([canary.text])})}),)


def json_escapes(canary: Canary) -> tuple[str, ...]:
    """JSON with every character of the text as an escape."""
    return ('{"a":"' + "".join(f"\\u{ord(letter):04x}" for letter in canary.text) + '"}',)


def halves(canary: Canary) -> tuple[str, ...]:
    """Two texts that follow each other, with the border in the middle of the value."""
    middle = len(canary.value) // 2
    return canary.before + canary.value[:middle], canary.value[middle:] + canary.after


BASE64: Final = "base64"
JSON: Final = "JSON"
"""How the names of those begin that are documents."""

WHOLE: Final[Mapping[str, Callable[[Canary], tuple[str, ...]]]] = MappingProxyType(
    {
        BASE64: base64_text,
        "percent-encoding": percent,
        "zero-width characters": zero_width,
        "full-width digits": full_width,
        "JSON in JSON in JSON": json_in_json,
        "JSON escapes": json_escapes,
    }
)
"""Disguises of one text, by name."""

SPLIT: Final = "split over chunks"
"""The disguise that takes several texts."""


_SHORTEST_HALF: Final = 8
_SHORTEST_BASE64: Final = 24


def can_hide(example: Example, name: str) -> bool:
    """Whether `example` is long enough for `name`: shorter base64 is not read, and half a word says nothing."""
    if name == SPLIT:
        return len(example.value) >= 2 * _SHORTEST_HALF
    if name == BASE64:
        return len(example.text.encode()) >= _SHORTEST_BASE64
    return "%" not in example.value  # it is encoded already: what is encoded twice is another value when it is decoded


def disguised(canary: Canary, name: str) -> Canary:
    """`canary` in the disguise `name`."""
    pieces = halves(canary) if name == SPLIT else WHOLE[name](canary)
    return canary._replace(disguise=name, disguised=pieces)
