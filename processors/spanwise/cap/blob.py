"""Files inside messages: base64 strings and data URLs, and the short note that stands in for one."""

from __future__ import annotations

import binascii
import hashlib
from typing import Final

import re2


SMALLEST: Final = 256
"""Characters below which base64 is left alone: it may be a word."""

_DATA_URL: Final = re2.compile(r"data:([A-Za-z0-9.+/\-]{0,80})(?:;[A-Za-z0-9=.\-]{1,60}){0,4},")
_BASE64: Final = re2.compile(rb"[A-Za-z0-9+/_\-\r\n]*={0,2}\s*")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")


def note(text: str, media_type: str = "") -> str | None:
    """What stands in for `text`: its type, size and the head of its SHA-256; `None` when it is no file.

    The hash is that of the decoded bytes, so the same file is recognised in two spans.
    """
    if len(text) < SMALLEST or not text.isascii():
        return None
    url = _DATA_URL.match(text[:512])
    body = (text[url.end() :] if url else text).encode("ascii")
    if _BASE64.fullmatch(body) is None or (url is None and not _mixed(body)):
        return None
    content = _decoded(body)
    kind = (url.group(1) if url else "") or media_type or "blob"
    return f"[{kind[:80]}, {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()[:12]}]"


def _mixed(body: bytes) -> bool:
    """Whether `body` has letters of both cases and digits, as any file has: one long run of a letter is text."""
    head = body[:4096]
    return head.lower() != head and head.upper() != head and any(48 <= byte <= 57 for byte in head)


def _decoded(body: bytes) -> bytes:
    try:
        return binascii.a2b_base64(body.translate(_URL_SAFE))
    except binascii.Error:
        return body
