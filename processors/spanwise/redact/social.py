"""Finders of nine-digit United States numbers whose dashes alone give them away: social security and taxpayer."""

from __future__ import annotations

from typing import Final

from spanwise.redact import checksum
from spanwise.redact.edge import digit_before, digit_behind, left_free, right_free
from spanwise.redact.identity import us_itin
from spanwise.redact.pattern import compiled


_DASHED: Final = compiled(rb"\d{3}-\d\d-\d{4}")


def _dashed(data: bytes, start: int) -> bytes | None:
    """The dashed number at `start`, when it is neither the head nor the tail of a longer one."""
    if not left_free(data, start) or digit_before(data, start, b"-."):
        return None
    match = _DASHED.match(data, start)
    if match is None or not right_free(data, match.end()) or digit_behind(data, match.end(), b"-."):
        return None
    return data[start : match.end()]


def ssn(data: bytes, start: int) -> tuple[int, int] | None:
    """A US social security number with dashes."""
    text = _dashed(data, start)
    return (start, start + len(text)) if text and checksum.ssn(text.replace(b"-", b"")) else None


def itin(data: bytes, start: int) -> tuple[int, int] | None:
    """A US individual taxpayer identification number with dashes."""
    text = _dashed(data, start)
    return (start, start + len(text)) if text and us_itin(text) else None
