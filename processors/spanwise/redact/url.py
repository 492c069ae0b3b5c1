"""Secrets that URLs carry: user and password before the host, and query parameters named like keys."""

from __future__ import annotations

from typing import Final

from spanwise.redact.kinds import LABELS
from spanwise.redact.rule import Hit, Rule, compiled


_CREDENTIALS: Final = compiled(rb"://([^\s/?#\"'<>\x00]*)@")
_NAMES: Final = (
    rb"(?i)[?&;#](?:[a-z0-9_.\-]{0,40}(?:token|secret|password|passwd|api[_\-]?key|apikey|signature|credential|"
    rb"accesskeyid|access[_\-]?key|account[_\-]?key|subscription-key|private[_\-]?key)|key|sig|pwd|pass|auth|jwt)="
)
_PARAMETER: Final = compiled(_NAMES + rb"([^&\s\"'<>#;\x00]+)")


def credentials(data: bytes, start: int) -> Hit | None:
    """`user:password` between `://` and `@`; scheme and host stay.

    A run ends at the next slash, so runs are disjoint and the work is linear.
    """
    match = _CREDENTIALS.match(data, start)
    if match is None or _only_labels(match.group(1)):
        return None
    return Hit(match.start(1), match.end(1), "url_credentials")


def parameter(data: bytes, start: int) -> Hit | None:
    """The value of a query parameter (or of a part of a connection string) whose name says that it is secret."""
    match = _PARAMETER.match(data, start)
    if match is None or _only_labels(match.group(1)):
        return None
    return Hit(match.start(1), match.end(1), "url_secret")


def _only_labels(text: bytes) -> bool:
    for label in LABELS:
        text = text.replace(label, b"")
    return not any(byte > 0x7F or chr(byte).isalnum() for byte in text)


RULES: Final = (
    Rule("url_credentials", rb"://[^\s/?#\"'<>\x00]*@", b":", credentials, bare=True),
    Rule("url_secret", _NAMES + rb"[^&\s\"'<>#;\x00]", b"?&;#", parameter, bare=True),
)  # fmt: skip
