"""`Rule`: how one shape of value is suspected cheaply and then decided exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import re2


class Hit(NamedTuple):
    """Bytes `start` to `end` are a value of `kind`."""

    start: int
    end: int
    kind: str


Decide: TypeAlias = Callable[[bytes, int], Hit | None]
"""Given text and the position of the trigger byte, the value found there or `None`. Bounded or disjoint work only."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One shape of value.

    Attributes:
        kind: The kind it finds.
        gate: RE2 pattern that is true of every text the rule can find something in. The trigger byte is the first
            byte of the match, or the second when `bare` is true and the pattern starts with one byte of context.
        triggers: The bytes the rule may be asked to decide at.
        decide: The exact rule.
        bare: The gate states its own left side; others are preceded by anything but a letter or digit.
    """

    kind: str
    gate: bytes
    triggers: bytes
    decide: Decide
    bare: bool = False


DIGITS: Final = b"0123456789"
LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ALPHANUMERIC: Final = frozenset(DIGITS + LETTERS)
_DIGIT_SET: Final = frozenset(DIGITS)
_ESCAPED_BREAKS: Final = frozenset(b"nrt")


def compiled(pattern: bytes) -> re2._Regexp:
    """`pattern` for bytes: one byte is one character, so that text which is no valid UTF-8 is read as well."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.dot_nl = True
    options.max_mem = 64 << 20
    return re2.compile(pattern, options)


def left_free(data: bytes, start: int) -> bool:
    """Whether no letter or digit stands directly before `start`; an escaped line break (a backslash and n) may."""
    if start == 0 or data[start - 1] not in ALPHANUMERIC:
        return True
    return start > 1 and data[start - 2] == 0x5C and data[start - 1] in _ESCAPED_BREAKS


def right_free(data: bytes, end: int) -> bool:
    """Whether no letter or digit stands directly behind `end`."""
    return end >= len(data) or data[end] not in ALPHANUMERIC


def digit_before(data: bytes, start: int, separators: bytes) -> bool:
    """Whether a digit and one of `separators` stand before `start`: the number is the tail of a longer one."""
    return start > 1 and data[start - 1] in separators and data[start - 2] in _DIGIT_SET


def digit_behind(data: bytes, end: int, separators: bytes) -> bool:
    """Whether one of `separators` and a digit stand behind `end`: the number is the head of a longer one."""
    return end + 1 < len(data) and data[end] in separators and data[end + 1] in _DIGIT_SET
