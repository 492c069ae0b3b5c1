"""Where a number or word may begin and end: what stands directly beside it."""

from __future__ import annotations

from typing import Final


DIGITS: Final = b"0123456789"
LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ALPHANUMERIC: Final = frozenset(DIGITS + LETTERS)
_DIGIT_SET: Final = frozenset(DIGITS)
_ESCAPED_BREAKS: Final = frozenset(b"nrt")


def left_free(data: bytes, start: int) -> bool:
    """Whether no letter or digit stands directly before `start`; an escaped line break (a backslash and n) may."""
    if start == 0 or data[start - 1] not in _ALPHANUMERIC:
        return True
    return start > 1 and data[start - 2] == 0x5C and data[start - 1] in _ESCAPED_BREAKS


def right_free(data: bytes, end: int) -> bool:
    """Whether no letter or digit stands directly behind `end`."""
    return end >= len(data) or data[end] not in _ALPHANUMERIC


def digit_before(data: bytes, start: int, separators: bytes) -> bool:
    """Whether a digit and one of `separators` stand before `start`: the number is the tail of a longer one."""
    return start > 1 and data[start - 1] in separators and data[start - 2] in _DIGIT_SET


def digit_behind(data: bytes, end: int, separators: bytes) -> bool:
    """Whether one of `separators` and a digit stand behind `end`: the number is the head of a longer one."""
    return end + 1 < len(data) and data[end] in separators and data[end + 1] in _DIGIT_SET
