"""Plain text, cut to a size."""

from __future__ import annotations


def size_of(text: str) -> int:
    """Bytes of `text` in UTF-8; a lone surrogate counts as three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def cut(text: str, limit: int) -> str:
    """The head of `text` in at most `limit` bytes, never half a character, with a note of what is missing.

    The note is left out when there is no room for it.
    """
    data = text.encode("utf-8", "surrogatepass")
    if len(data) <= limit:
        return text
    room = limit - len(f"…[+{len(data)} bytes]".encode())
    keep = _boundary(data, room if room > 0 else limit)
    note = f"…[+{len(data) - keep} bytes]" if room > 0 else ""
    return data[:keep].decode("utf-8", "surrogatepass") + note


def _boundary(data: bytes, keep: int) -> int:
    """`keep`, or the start of the character that it would split."""
    while keep > 0 and data[keep] & 0xC0 == 0x80:
        keep -= 1
    return max(keep, 0)
