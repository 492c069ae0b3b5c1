"""Finders of addresses of machines: IPv4, IPv6 and MAC."""

from __future__ import annotations

import socket
from typing import Final

from spanwise.redact.edge import digit_before, digit_behind, left_free, right_free
from spanwise.redact.matcher import Matcher
from spanwise.redact.pattern import compiled


_IPV4: Final = Matcher(rb"(?:\d{1,3}\.){3}\d{1,3}")
_IPV6: Final = compiled(rb"[0-9A-Fa-f:]{2,45}(?:\.\d{1,3}){0,3}")
_MAC: Final = compiled(
    rb"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}"
)
_NUMBERED: Final = Matcher(
    rb"(?i)(?:(?:^|[^A-Za-z])v(?:er(?:sion)?)?|release|build|section|chapter|clause|article|figure|table)"
    rb"(?:[ .:#=\"'/]|is){0,4}$|[=<>~!^]=\s?$|\xc2\xa7 ?$"
)
_PRERELEASE: Final = compiled(rb"(?i)[\-+](?:rc|alpha|beta|dev|snapshot|release|build|post|pre)")
_PRODUCT: Final = compiled(rb"(?:^|[^A-Za-z0-9/.:\-_])[A-Z][A-Za-z]{2,14}/$")
_SILENT_NETS: Final = (b"0", b"127")
# What documentation and protocols put where an address of a device would stand.
_NO_DEVICE: Final = frozenset((b"aabbccddeeff", b"000000000000", b"ffffffffffff", b"deadbeefcafe", b"abcdefabcdef"))


def ipv4(data: bytes, start: int) -> tuple[int, int] | None:
    """Four octets that are neither a version, a section number nor part of a longer dotted number.

    Loopback and unspecified addresses say nothing about anybody and are left.
    """
    if not left_free(data, start) or digit_before(data, start, b"."):
        return None
    match = _IPV4.match(data, start, len(data))
    if match is None or not right_free(data, match[0][1]) or digit_behind(data, match[0][1], b"."):
        return None
    end = match[0][1]
    octets = data[start:end].split(b".")
    if octets[0] in _SILENT_NETS:
        return None
    for octet in octets:
        if (len(octet) == 3 and octet > b"255") or (octet[0] == 0x30 and len(octet) > 1):
            return None
    return None if _is_version(data, start, end, octets) else (start, end)


def _is_version(data: bytes, start: int, end: int, octets: list[bytes]) -> bool:
    before = data[max(0, start - 16) : start]
    if _NUMBERED.search(before) >= 0 or (data[end : end + 1] in (b"-", b"+") and _PRERELEASE.match(data, end)):
        return True
    if octets[1] == b"0" and _PRODUCT.search(before):  # `Chrome/120.0.0.25`
        return True
    # Browsers send a frozen `Chrome/120.0.0.0`.
    return octets[2:] == [b"0", b"0"] and len(before) > 1 and before[-1] == 0x2F and before[-2:-1].isalpha()


def ipv6(data: bytes, start: int) -> tuple[int, int] | None:
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
    return (start, end) if right_free(data, end) and _is_ipv6(text) else None


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


def mac(data: bytes, start: int) -> tuple[int, int] | None:
    """A MAC address with colons, dashes or in three dotted groups, with a hexadecimal letter and no longer row around.

    Rows of more groups are fingerprints; addresses that stand for no device (zeros, broadcast, examples) are left.
    """
    match = _MAC.match(data, start) if left_free(data, start) else None
    if match is None or not right_free(data, match.end()):
        return None
    if _goes_on(data[start - 2 : start][::-1] if start > 1 else b"") or _goes_on(data[match.end() : match.end() + 2]):
        return None
    digits = match.group().translate(None, b":-.").lower()
    return None if digits.isdigit() or digits in _NO_DEVICE else match.span()


def _goes_on(beside: bytes) -> bool:
    """Whether two bytes beside a row are a separator and a hexadecimal digit."""
    return len(beside) == 2 and beside[0] in b":-." and beside[1] in b"0123456789abcdefABCDEF"
