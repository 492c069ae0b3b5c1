"""Check digit of a vehicle identification number."""

from __future__ import annotations

from typing import Final


_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_NUMBERS: Final = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))


def vin(value: bytes) -> bool:
    """Whether the ninth character of `value` is its check digit (ISO 3779 form, 49 CFR 565.15)."""
    text = value.decode("ascii").upper()
    if len(text) != 17 or not set(text) <= _NUMBERS.keys() | set("0123456789") or text.isdigit():
        return False
    total = sum((int(letter) if letter.isdigit() else _NUMBERS[letter]) * weight
                for letter, weight in zip(text, _WEIGHTS, strict=True))  # fmt: skip
    return "0123456789X"[total % 11] == text[8]
