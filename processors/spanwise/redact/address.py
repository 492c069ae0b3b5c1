"""E-mail and IP addresses."""

from __future__ import annotations

import socket
from typing import Final

from spanwise.redact.rule import DIGITS, LETTERS, Hit, Rule, compiled, digit_before, digit_behind, left_free, right_free


_LOCAL: Final = LETTERS + DIGITS + b"._%+'-" + bytes(range(0x80, 0xC0)) + bytes(range(0xC3, 0xE0))
_LONGEST_LOCAL: Final = 256
_AT: Final = compiled(rb"(?i)@|%40|&#64;|&#x40;|\\u0040")
_LABEL: Final = rb"(?:[A-Za-z0-9_\-]|[\xc3-\xdf][\x80-\xbf]){1,63}"
_DOMAIN: Final = compiled(rb"LABEL(?:\.LABEL){1,9}".replace(b"LABEL", _LABEL))
_TOP: Final = compiled(rb"(?i)[a-z]{2,24}|xn--[a-z0-9\-]{2,59}|(?:[\xc3-\xdf][\x80-\xbf]){2,24}")
_FILE_SUFFIXES: Final = frozenset((b"png", b"jpg", b"jpeg", b"gif", b"webp", b"svg", b"avif"))
_IPV4: Final = compiled(rb"(?:\d{1,3}\.){3}\d{1,3}")
_IPV6: Final = compiled(rb"[0-9A-Fa-f:]{2,45}(?:\.\d{1,3}){0,3}")
_NUMBERED: Final = compiled(
    rb"(?i)(?:(?:^|[^A-Za-z])v(?:er(?:sion)?)?|release|build|section|chapter|clause|article|figure|table)"
    rb"(?:[ .:#=\"'/]|is){0,4}$|[=<>~!^]=\s?$|\xc2\xa7 ?$"
)
_PRERELEASE: Final = compiled(rb"(?i)[\-+](?:rc|alpha|beta|dev|snapshot|release|build|post|pre)")
_ZEROS: Final = frozenset(b"0:")


def email(data: bytes, at: int) -> Hit | None:
    """An e-mail address around the `@` at `at`; the sign may be written `%40`, `&#64;` or as a JSON escape."""
    sign = _AT.match(data, at)
    if sign is None:
        return None
    window = data[max(0, at - _LONGEST_LOCAL) : at]
    local = window[len(window.rstrip(_LOCAL)) :]
    while local and (local[0] in b".'%+-" or 0x80 <= local[0] <= 0xBF):
        local = local[1:]
    domain = _DOMAIN.match(data, sign.end(), sign.end() + 260) if local else None
    if domain is None:
        return None
    length = _host_length(domain.group())
    return Hit(at - len(local), sign.end() + length, "email") if length else None


def _host_length(domain: bytes) -> int:
    """Length of the part of `domain` that ends in a top-level domain; 0 when no part does."""
    labels = domain.rstrip(b"-_").split(b".")
    while len(labels) > 1:
        if _TOP.fullmatch(labels[-1]) and labels[-1].lower() not in _FILE_SUFFIXES:
            return len(b".".join(labels))
        labels.pop()
    return 0


def ipv4(data: bytes, start: int) -> Hit | None:
    """Four octets that are neither a version, a section number nor part of a longer dotted number.

    Loopback and unspecified addresses say nothing about anybody and are left.
    """
    if not left_free(data, start) or digit_before(data, start, b"."):
        return None
    match = _IPV4.match(data, start)
    if match is None or not right_free(data, match.end()) or digit_behind(data, match.end(), b"."):
        return None
    octets = match.group().split(b".")
    if any((len(octet) > 1 and octet[0] == 0x30) or int(octet) > 255 for octet in octets) or octets[0] in (
        b"0",
        b"127",
    ):
        return None
    if _is_version(data, start, match.end(), octets):
        return None
    return Hit(start, match.end(), "ipv4")


def _is_version(data: bytes, start: int, end: int, octets: list[bytes]) -> bool:
    before = data[max(0, start - 16) : start]
    if _NUMBERED.search(before) or _PRERELEASE.match(data, end):
        return True
    # Browsers send a frozen `Chrome/120.0.0.0`.
    return octets[2:] == [b"0", b"0"] and len(before) > 1 and before[-1] == 0x2F and before[-2:-1].isalpha()


def ipv6(data: bytes, start: int) -> Hit | None:
    """An IPv6 address with at least one digit; no times, MAC addresses or names with double colons."""
    if not left_free(data, start) or (start and data[start - 1] == 0x3A):
        return None
    match = _IPV6.match(data, start)
    if match is None:
        return None
    text = match.group()
    if text.endswith(b":") and not text.endswith(b"::"):
        text = text[:-1]
    end = start + len(text)
    if not right_free(data, end) or not _is_ipv6(text):
        return None
    return Hit(start, end, "ipv6")


def _is_ipv6(text: bytes) -> bool:
    if text.startswith(b"::") and b"." not in text:
        return False
    groups = text.split(b":")
    if not any(byte in b"123456789" for byte in text) or (
        len(groups) == 8 and all(len(group) == 2 for group in groups)
    ):
        return False
    if b"::" in text and max(map(len, groups)) < 3 and len(groups) < 5:
        return False
    try:
        socket.inet_pton(socket.AF_INET6, text.decode("ascii"))
    except OSError:
        return False
    return True


RULES: Final = (
    Rule("email", rb"(?i)[a-z0-9._%+'\-\x80-\xbf](?:@|%40|&#64;|&#x40;|\\u0040)[a-z0-9\xc3-\xdf]", b"@%&\\", email,
         bare=True),
    Rule("ipv4", rb"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d", DIGITS, ipv4),
    Rule("ipv6", rb"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){4}|[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}::|::[fF]{4}:",
         DIGITS + b"abcdefABCDEF:", ipv6),
)  # fmt: skip
