"""Finders of e-mail addresses."""

from __future__ import annotations

from typing import Final

from spanwise.redact.edge import DIGITS, LETTERS
from spanwise.redact.matcher import Matcher
from spanwise.redact.pattern import compiled


_LOCAL: Final = LETTERS + DIGITS + b"._%+'-" + bytes(range(0x80, 0xC0)) + bytes(range(0xC3, 0xE0))
_USERINFO: Final = compiled(rb"://[^\s/?#\"'<>\x00:@]*:[^\s/?#\"'<>\x00@]*\z")
_LONGEST_LOCAL: Final = 256
_LONGEST_DOMAIN: Final = 260
_AT: Final = compiled(rb"(?i)%40|&#64;|&#x40;|\\u0040")
_WRITTEN: Final = (b"%", b"&", b"\\")
_PERCENT: Final = 0x25
_LABEL: Final = rb"(?:[A-Za-z0-9_\-]|[\xc3-\xdf][\x80-\xbf]){1,63}"
_DOMAIN: Final = Matcher(rb"LABEL(?:\.LABEL){1,9}".replace(b"LABEL", _LABEL))
_TOP: Final = compiled(rb"(?i)[a-z]{2,24}|xn--[a-z0-9\-]{2,59}|(?:[\xc3-\xdf][\x80-\xbf]){2,24}")
# What stands where a top-level domain would: endings of files and units, and methods of matrices behind their product.
_NO_TOPS: Final = frozenset(
    b"png jpg jpeg gif webp svg avif ico pdf csv xml txt log json html css js jsx tsx yaml yml toml lock tgz gz whl "
    b"dylib dll exe service socket timer slice transpose shape reshape permute flatten conj".split()
)
_NOBODY: Final = b"git"  # the account of every user of a code host
_SPELLED: Final = compiled(
    rb"(?i)(?:\(at\)|\[at\]|\{at\}|<at>) ?"
    rb"[a-z0-9][a-z0-9\-]{0,62}(?: ?(?:\.|\(dot\)|\[dot\]|\{dot\}|<dot>|\(\.\)|\[\.\]) ?[a-z0-9][a-z0-9\-]{0,62}){1,5}"
    rb"| at [a-z]{5,10} dot (?:com|net|org|me|de|fr|co dot uk)"
)
_SAID: Final = compiled(rb"(?i)[a-z0-9_\-]{1,30}(?: (?:dot|underscore) [a-z0-9_\-]{1,30}){1,3}$")
_MOST_SAID: Final = 64
# Verbs and prepositions before `at` that begin no address: look at gmail dot com.
_NO_NAMES: Final = frozenset(b"look looking looked me us up it account address email mail inbox is are was".split())
_SPELLED_TOP: Final = compiled(rb"(?i)[^a-z0-9][a-z]{2,24}$")


def email(data: bytes, start: int) -> tuple[int, int] | None:
    """An e-mail address around the at sign directly behind the byte at `start`.

    The sign may be written `%40`, `&#64;` or as a JSON escape. Reads at most 256 bytes to the left of it.
    """
    at, behind = _sign(data, start)
    local = _local(data, at) if behind else b""
    if not local or _is_nobody(local, encoded=data[at] == _PERCENT):
        return None
    if b":" in data[max(0, at - len(local) - 1) : at] and _USERINFO.search(data[max(0, at - _LONGEST_LOCAL) : at]):
        return None  # `scheme://user:password@host`: what it gives away is not an address
    domain = _DOMAIN.match(data, behind, behind + _LONGEST_DOMAIN)
    length = _host_length(data[behind : domain[0][1]]) if domain else 0
    return (at - len(local), behind + length) if length else None


def _sign(data: bytes, start: int) -> tuple[int, int]:
    """Where the at sign at `start` or directly behind it begins and ends; (0, 0) when there is none."""
    for at in (start, start + 1):
        if data[at : at + 1] == b"@":
            return at, at + 1
        if data[at : at + 1] in _WRITTEN and (sign := _AT.match(data, at)):
            return at, sign.end()
    return 0, 0


def _is_nobody(local: bytes, *, encoded: bool) -> bool:
    """Whether `local` is the account of a code host; in an encoded form a plus is the space before it."""
    return (local.rpartition(b"+")[2] if encoded else local).lower() == _NOBODY


def _local(data: bytes, end: int) -> bytes:
    """The part of an address that ends at `end`; empty when there is none."""
    window = data[max(0, end - _LONGEST_LOCAL) : end]
    local = window[len(window.rstrip(_LOCAL)) :]
    while local and (local[0] in b".'%+-" or 0x80 <= local[0] <= 0xBF):
        local = local[1:]
    return local


def _host_length(domain: bytes) -> int:
    """Length of the part of `domain` that ends in a top-level domain; 0 when no part does."""
    labels = domain.rstrip(b"-_").split(b".")
    if len(labels) > 2 and labels[0].isdigit() and labels[1].isdigit():
        return 0  # a version: package@4.17.21.tgz
    while len(labels) > 1:
        top = labels[-1]
        known = 2 <= len(top) <= 24 if top.isalpha() else _TOP.fullmatch(top) is not None
        if known and top.lower() not in _NO_TOPS:
            return len(b".".join(labels))
        labels.pop()
    return 0


def email_spelled(data: bytes, start: int) -> tuple[int, int] | None:
    """An e-mail address with `(at)` or `[at]` at `start`, or ` at ` and a provider; dots may be spelled as well."""
    match = _SPELLED.match(data, start)
    if match is None:
        return None
    end = start - 1 if data[start - 1 : start] == b" " else start
    local = _said(data, end) or _local(data, end)
    if not local or local.lower() in _NO_NAMES or not any(0x30 <= byte <= 0x39 or byte > 0x40 for byte in local):
        return None
    return (end - len(local), match.end()) if _SPELLED_TOP.search(match.group()) else None


def _said(data: bytes, end: int) -> bytes:
    """A local part in words (`joe dot smith`) that ends at `end`; empty when there is none."""
    window = data[max(0, end - _MOST_SAID) : end]
    for place in range(len(window)):
        if (place == 0 or window[place - 1 : place] == b" ") and (match := _SAID.match(window, place)):
            return bytes(match.group())
    return b""
