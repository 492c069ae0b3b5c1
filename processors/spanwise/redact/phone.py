"""Telephone numbers."""

from __future__ import annotations

from typing import Final

from spanwise.redact.rule import DIGITS, Hit, Rule, compiled, digit_before, digit_behind, left_free, right_free


# Country codes that ITU-T E.164 assigns.
_COUNTRY: Final = (
    rb"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|5[09]\d|6[789]\d"
    rb"|8[058]\d|9[679]\d)"
)
_INTERNATIONAL: Final = compiled(rb"(?:\+|00)" + _COUNTRY + rb"(?:[ .()/\-]{0,2}\d){6,13}")
_SIX_MORE: Final = rb"(?:[ .()/\-]{0,2}\d){6}"
_AMERICAN: Final = compiled(
    rb"(?:1[ .\-])?(?:\([2-9]\d\d\) ?[.\-]?[2-9]\d\d[ .\-]\d{4}|[2-9]\d\d(?:-[2-9]\d\d-|\.[2-9]\d\d\.)\d{4})"
)
_NATIONAL: Final = compiled(rb"0[1-9]\d{0,3}(?:[ /\-]\d{2,8}){1,4}")
_SPACED: Final = compiled(rb"\(0\d{1,4}\) ?\d{2,8}(?:[ /\-]\d{2,8}){0,3}")
_WORD: Final = (
    rb"(?i)(?:phone|mobile|\btel|telephone|\bcell|\bfax|\bsms|whatsapp|msisdn)(?:[ _]?(?:number|no|num|nr))?"
    rb"(?:[^0-9A-Za-z]{1,24}|[^0-9A-Za-z]{1,4}is[^0-9A-Za-z]{1,4})"
)
_NAMED: Final = compiled(_WORD + rb"(\(?\d(?:[ .()/\-]{0,2}\d){6,14})")
_DATE: Final = compiled(rb"\d{4}[\-/.]\d\d[\-/.]\d\d|\d\d[\-/.]\d\d[\-/.](?:19|20)\d\d")
_LONGEST: Final = 15  # digits, E.164


def international(data: bytes, start: int) -> Hit | None:
    """A number with `+` or `00` and an assigned country code: 8 to 15 digits."""
    if not left_free(data, start):
        return None
    match = _INTERNATIONAL.match(data, start)
    if match is None:
        return None
    # `00` without a separator anywhere is an id padded with zeros.
    if data[start] == 0x30 and (match.group().isdigit() or digit_before(data, start, b".-:/")):
        return None
    end = _whole(data, start, match.end(), least=8)
    return Hit(start, end, "phone") if end else None


def _whole(data: bytes, start: int, end: int, least: int) -> int:
    """The last end of a group of digits up to `end` where a number may stop; 0 when there is none."""
    while end > start:
        text = data[start:end]
        digits = sum(byte in DIGITS for byte in text)
        if digits < least:
            return 0
        if digits <= _LONGEST and right_free(data, end) and text.count(b"(") == text.count(b")"):
            return end
        tail = text.rstrip(DIGITS)
        end = start + len(tail.rstrip(b" .()/-"))
    return 0


def american(data: bytes, start: int) -> Hit | None:
    """A number of the North American plan with its separators; area and exchange do not start with 0 or 1."""
    if not left_free(data, start) or digit_before(data, start, b".-/"):
        return None
    match = _AMERICAN.match(data, start)
    if match is None or not right_free(data, match.end()) or digit_behind(data, match.end(), b".-/"):
        return None
    # An id such as ORD-415-555-0132 goes on to the left.
    if start > 1 and data[start - 1] in b"-." and data[start - 2 : start - 1].isalnum():
        return None
    return Hit(start, match.end(), "phone")


def national(data: bytes, start: int) -> Hit | None:
    """A number with a leading 0 in groups: 10 or 11 digits, and no date."""
    if not left_free(data, start) or digit_before(data, start, b".-/: ") or data[max(0, start - 1) : start] == b"/":
        return None
    match = (_SPACED if data[start] == 0x28 else _NATIONAL).match(data, start)
    if match is None or _DATE.match(data, start) or not right_free(data, match.end()):
        return None
    digits = sum(byte in DIGITS for byte in match.group())
    if digits not in (10, 11) or digit_behind(data, match.end(), b".-/: "):
        return None
    return Hit(start, match.end(), "phone")


def named(data: bytes, start: int) -> Hit | None:
    """7 to 15 digits in any grouping behind a word that says telephone; the word stays. A label is no such word."""
    match = None if data.startswith(b"[PHONE]", max(0, start - 1)) else _NAMED.match(data, start)
    if match is None or _DATE.match(data, match.start(1)):
        return None
    end = _whole(data, match.start(1), match.end(1), least=7)
    return Hit(match.start(1), end, "phone") if end and not digit_behind(data, end, b".") else None


RULES: Final = (
    Rule("phone", rb"(?:\+|00)[1-9]\d?" + _SIX_MORE, b"+0", international),
    Rule("phone", rb"(?:1[ .\-])?(?:\([2-9]\d\d\)[ .\-]{0,2}|[2-9]\d\d[.\-])[2-9]\d\d[ .\-]\d{4}", b"(123456789",
         american),
    Rule("phone", rb"\(?0[1-9](?:\) ?|[ /\-])?\d(?:\) ?|[ /\-])?\d(?:\) ?|[ /\-])?\d(?:[ /\-]?\d){5}", b"(0", national),
    Rule("phone", _WORD.replace(rb"\b", b"") + rb"\(?\d" + _SIX_MORE, b"pPmMtTcCfFsSwW", named, bare=True),
)  # fmt: skip
