"""The forms of what stands in for a value, and how they are told from values.

A label is `[EMAIL]`. A token is `[EMAIL~k2~bkqmhtgplcnsdfrj]`: kind, key, and 64 bits in letters. There is no digit in
it that a number could be found in, no sign that a rule takes for the gap between a word and its value, and no vowel.
"""

from __future__ import annotations

import re
from typing import Final

from spanwise.redact import kinds
from spanwise.redact.kinds import DROPPED
from spanwise.redact.pattern import compiled


LETTERS: Final = "bcdfghjklmnpqrst"
"""A token's digits, from 0 to 15."""

LENGTH: Final = 16
"""Letters of a token: 64 bits, so that two of a billion values share one with a probability of 3 %."""

_DIGITS: Final = str.maketrans("0123456789abcdef", LETTERS)
_FORM: Final = compiled(rb"\[([A-Z][A-Z0-9_]{0,79})(?:~[a-z][a-z0-9]{0,7}~[b-t]{16})?\]")
_PARTIAL: Final = re.compile(
    r"\*{4}[A-Za-z0-9]{4}|[^\W\d_]?\*{3}@(?:(?!\d{5})[a-z0-9.\-]){3,255}|[0-9]\*{3}@(?:(?!\d{5})[a-z0-9.\-]){3,255}"
    r"|(?:[0-9]{1,3}\.){2}\*\.\*|(?:[0-9a-f]{1,4}:){3}\*"
)


def token(kind: str, key_id: str, digest: bytes) -> str:
    """The token of a value of `kind` whose keyed hash is `digest`."""
    return f"[{kind.upper()}~{key_id}~{digest.hex()[:LENGTH].translate(_DIGITS)}]"


def is_token(text: str) -> bool:
    """Whether `text` is a label, a token or `[DROPPED]`, and so nobody's."""
    return bool(text) and text[0] == "[" and tokens(text.encode("utf-8", "surrogatepass")) == [(0, len(text))]


def tokens(data: bytes) -> list[tuple[int, int]]:
    """Where labels and tokens of known kinds stand in `data`: what overlaps one of these places is no value.

    `[X4111111111111111]` is none, because there is no such kind.
    """
    known = kinds.labels()
    return [
        match.span()
        for match in _FORM.finditer(data)
        if b"[" + match.group(1) + b"]" in known or match.group() == DROPPED.encode()
    ]


def is_partial(text: str) -> bool:
    """Whether `text` has no more in it than `spanwise.redact.partial` leaves."""
    return len(text) < 300 and _PARTIAL.fullmatch(text) is not None
