"""Finders of telephone numbers.

The numbering plans are those of `phonenumbers` (the data of Google's libphonenumber, from ITU-T E.164 and the
national plans). It is asked about bounded candidates only, and is imported when the first one stands in a text.
"""

from __future__ import annotations

import functools
from typing import Final

from spanwise.redact.edge import DIGITS, digit_before, digit_behind, left_free, right_free
from spanwise.redact.matcher import Matcher
from spanwise.redact.pattern import compiled


_INTERNATIONAL: Final = Matcher(rb"(?:\+|00)[1-9](?:[ .()/\-]{0,2}\d){7,14}")
_AMERICAN: Final = compiled(
    rb"(?:1[ .\-])?(?:\([2-9]\d\d\) ?[.\-]?[2-9]\d\d[ .\-]\d{4}|[2-9]\d\d(?:-[2-9]\d\d-|\.[2-9]\d\d\.)\d{4})"
)
_NATIONAL: Final = compiled(rb"0[1-9]\d{0,3}(?:[ /\-]\d{2,8}){1,4}")
_BRACKETED: Final = compiled(rb"\(0\d{1,4}\) ?\d{2,8}(?:[ /\-]\d{2,8}){0,3}")
_AREA_BRACKETED: Final = compiled(rb"\([1-9]\d\) ?9?\d{4}[ \-]\d{4}")
_DATE: Final = compiled(
    rb"\d{4}[\-/.]\d\d[\-/.]\d\d|\d\d[\-/. ]\d\d[\-/. ](?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d(?:\D|$)"
)
_DECIMAL: Final = compiled(rb"\d+\.\d+")
_NAMED_NUMBER: Final = compiled(rb"\(?\+?\(?\d(?:[ .()/\-]{0,3}\d){6,14}")
_LONGEST_NAME: Final = 64
_LONGEST: Final = 15  # digits, E.164
_LEADING_ZERO: Final[tuple[str, ...]] = (
    "GB", "FR", "DE", "IT", "AU", "NL", "BE", "CH", "AT", "SE", "FI", "IE", "JP", "KR", "ZA", "TR", "IL", "NZ", "TW",
    "ID", "MY", "TH", "VN", "PH", "RO", "BG", "UA", "EG",
)  # fmt: skip
"""Plans with a leading zero that stays when a number is dialled at home, the most frequent ones first."""

_SHORT: Final[tuple[str, ...]] = ("BE", "NZ", "IE", "SE", "IL")
"""Those of them in which nine digits, the zero included, are usual."""


def phone_international(data: bytes, start: int) -> tuple[int, int] | None:
    """A number with `+` or `00` and an assigned country code, as long as the plan of that country allows."""
    match = _INTERNATIONAL.match(data, start, len(data)) if left_free(data, start) else None
    if match is None:
        return None
    number = data[start : match[0][1]]
    # `00` without a separator anywhere is an id padded with zeros.
    if data[start] == 0x30 and (number.isdigit() or digit_before(data, start, b".-:/ ")):
        return None
    begin = start - 1 if start and data[start - 1] == 0x28 and _closes(number) else start
    end = _whole(data, begin, match[0][1], least=8)
    while end:
        digits = data[start:end].translate(None, b" .()/-+").decode("ascii")
        # Two zeros begin many numbers, a plus begins few: with zeros the number must be one that somebody can have.
        if (
            _is_assigned("+" + digits[2:], exact=True)
            if data[start] == 0x30
            else _is_assigned("+" + digits, exact=False)
        ):
            return begin, end
        # The last group may be something else: a price or a year.
        end = _whole(data, begin, _without_last_group(data, begin, end), least=8)
    return None


def _closes(number: bytes) -> bool:
    """Whether a bracket that was opened before `number` is closed in it, as in `(+34) 604 176 501`."""
    return 0 <= number.find(b")") < 5 and b"(" not in number


def _whole(data: bytes, start: int, end: int, *, least: int) -> int:
    """The last end of a group of digits up to `end` where a number may stop; 0 when there is none."""
    while end > start:
        text = data[start:end]
        digits = _digits(text)
        if digits < least:
            return 0
        if digits <= _LONGEST and right_free(data, end) and text.count(b"(") == text.count(b")"):
            return end
        end = _without_last_group(data, start, end)
    return 0


def _digits(text: bytes) -> int:
    return len(text) - len(text.translate(None, DIGITS))


def _without_last_group(data: bytes, start: int, end: int) -> int:
    return start + len(data[start:end].rstrip(DIGITS).rstrip(b" .()/-"))


@functools.lru_cache(maxsize=4096)
def _is_assigned(number: str, *, exact: bool) -> bool:
    """Whether the country code of `number` (`+` and digits) is assigned and its length occurs in that country.

    With `exact` its area and exchange must exist there as well.
    """
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    if exact:
        return phonenumbers.is_valid_number(parsed)
    return phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE


@functools.lru_cache(maxsize=4096)
def _is_dialled(text: str, regions: tuple[str, ...], *, as_printed: bool) -> bool:
    """Whether `text`, dialled at home, is in the numbering plan of one of `regions`.

    When `as_printed` is true its groups must be those in which that country prints the number.
    """
    import phonenumbers

    for region in regions:
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            printed = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
            if not as_printed or _groups(printed) == _groups(text):
                return True
    return False


def _groups(number: str) -> list[str]:
    return "".join(letter if letter.isdigit() else " " for letter in number).split()


def phone_american(data: bytes, start: int) -> tuple[int, int] | None:
    """A number of the North American plan with its separators; area and exchange do not start with 0 or 1."""
    if not left_free(data, start) or digit_before(data, start, b".-/"):
        return None
    match = _AMERICAN.match(data, start)
    if match is None or not right_free(data, match.end()) or digit_behind(data, match.end(), b".-/"):
        return None
    # An id such as ORD-415-555-0132 goes on to the left.
    if start > 1 and data[start - 1] in b"-." and data[start - 2 : start - 1].isalnum():
        return None
    return start, match.end()


def phone_national(data: bytes, start: int) -> tuple[int, int] | None:
    """A number with a leading 0 in groups, or a Brazilian one with its area in brackets, that some plan has."""
    if not left_free(data, start) or digit_before(data, start, b".-/: ") or data[max(0, start - 1) : start] == b"/":
        return None
    bracket = data[start] == 0x28
    match = (_BRACKETED if bracket else _NATIONAL).match(data, start)
    regions = _LEADING_ZERO
    if match is None and bracket:
        match, regions = _AREA_BRACKETED.match(data, start), ("BR",)
    if match is None or _DATE.match(data, start) or not right_free(data, match.end()):
        return None
    digits = _digits(match.group())
    if not 9 <= digits <= 12 or digit_behind(data, match.end(), b".-/: "):
        return None
    if digits < 10:
        regions = _SHORT
    text = match.group().decode("ascii")
    # Short ones and groups of one length are frequent among other numbers: they must look as a country prints them.
    as_printed = digits < 10 or len(set(map(len, _groups(text)))) == 1
    return match.span() if _is_dialled(text, regions, as_printed=as_printed) else None


def phone_named(data: bytes, start: int) -> tuple[int, int] | None:
    """7 to 15 digits in any grouping behind the word at `start` that says telephone; the word and dates stay.

    The rule's gate has said that nothing but the rest of a name stands between the word and the first digit.
    """
    place = start
    while place < min(len(data), start + _LONGEST_NAME) and data[place] not in DIGITS:
        if data[place] in b"[]" and data[place - 1 : place] not in (b'"', b"'"):
            return None
        place += 1
    while place > start and data[place - 1] in b"(+":
        place -= 1
    match = _NAMED_NUMBER.match(data, place)
    if match is None or _DATE.match(data, place) or _DECIMAL.fullmatch(match.group()):
        return None
    end = _whole(data, place, match.end(), least=7)
    return (place, end) if end and not digit_behind(data, end, b".") else None
