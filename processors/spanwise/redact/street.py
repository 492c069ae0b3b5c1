"""Finder of postal addresses in which the name of the street stands before the word that says street."""

from __future__ import annotations

from typing import Final

from spanwise.redact.pattern import compiled


_LETTER: Final = rb"(?:[A-Za-z]|[\xc3-\xc6][\x80-\xbf])"
_CAPITAL: Final = rb"(?:[A-Z]|\xc3[\x80-\x9e]|\xc4[\x80-\xbf]|\xc5[\x80-\xbf])"
_LONGEST_NAME: Final = 48
_SUFFIX: Final = compiled(rb"(?:[A-Za-z]|[\x80-\xff]){2,12}\.?")
# One compound word (`Musterstra`, `Karl-Marx-`) or up to three capital words that end in a space (`Alte Berliner `).
_NAME: Final = compiled(
    rb"(?:CAPITAL(?:LETTER|\.)*[ \-]){0,3}CAPITAL(?:LETTER|-)*$|(?:CAPITAL(?:LETTER|\.)*[ \-]){1,3}$".replace(
        b"CAPITAL", _CAPITAL
    ).replace(b"LETTER", _LETTER)
)
_NAME_BYTES: Final = (
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.- " + bytes(range(0x80, 0xC0)) + bytes(range(0xC3, 0xC7))
)
_REST: Final = compiled(
    rb" \d{1,4}(?: ?[a-zA-Z])?(?: ?[\-/] ?\d{1,4})?(?: ?[a-z])?,?(?:\s|\\n){1,3}(?:[A-Z]{1,2}-)?"
    rb"(?:\d{4} ?[A-Z]{2}|\d{4,5}|\d{3} \d\d) CAPITALLETTER{1,24}(?:-CAPITALLETTER{1,24}){0,3}"
    rb"(?: (?:am|an der|im|in der|bei|ob der|den) CAPITALLETTER{1,24}(?:-CAPITALLETTER{1,24})?)?"
    rb"(?:/CAPITALLETTER{1,24})?".replace(b"CAPITAL", _CAPITAL).replace(b"LETTER", _LETTER)
)


def address(data: bytes, start: int) -> tuple[int, int] | None:
    """Street, house number, postal code and town around the word for street at `start`.

    `Musterstrasse 12, 12345 Berlin`, `Keizersgracht 123, 1015 CJ Amsterdam`, `Storgatan 12, 111 22 Stockholm`.
    """
    suffix = _SUFFIX.match(data, start)
    rest = _REST.match(data, suffix.end()) if suffix else None
    if rest is None:
        return None
    before = data[max(0, start - _LONGEST_NAME) : start]
    name = before[len(before.rstrip(_NAME_BYTES)) :]
    if data[start : start + 1].isupper() and (not name or name[-1:] not in b" -"):
        return None
    begin = _name_start(name)
    return None if begin is None else (start - len(name) + begin, rest.end())


def _name_start(name: bytes) -> int | None:
    """Where the last words of `name` that can be a street's begin; the longest reading wins."""
    for place in range(len(name)):
        at_word = place == 0 or name[place - 1] in b" .-"
        if at_word and _NAME.match(name, place):
            return place
    return None
