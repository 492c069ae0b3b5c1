"""Finders of secrets that URLs and connection strings carry in their parameters."""

from __future__ import annotations

from typing import Final

from spanwise.redact.pattern import compiled


_PARAMETER: Final = compiled(
    rb"(?i)[?&;#]((?:[a-z0-9_.\-]{0,40}(?:token|secret|password|passwd|passphrase|api[_\-]?key|signature|credential|"
    rb"accesskeyid|(?:access|account|private|shared|subscription|auth|secret)[_\-]?key)|key|sig|pwd|pass|auth|jwt))"
    rb"=([^&\s\"'`=<>#;\x00\\][^&\s\"'`<>#;\x00\\]*)"
)
_PLACE_IN_A_LIST: Final = compiled(
    rb"(?i)(?:^|[_.\-])(?:next|prev|page|continuation|sync|cursor|resume|skip|scroll|start)\w{0,8}token$|pagetoken$"
)
_SHORT_NAMES: Final = frozenset((b"key", b"sig", b"auth", b"jwt", b"pass"))
_NO_VALUE: Final = compiled(
    rb"(?i)^(?:(?:%5B|\[)[A-Z0-9_]+(?:%5D|\])|[^a-z0-9\x80-\xff]+|\$?\{.*|%7B.*|%s|\$[a-z_]\w*|x{3,}|value\d?|null|none|true|"
    rb"false|undefined|(?:your|my)[_\-].*|.{0,20}[_\-](?:here|goes_here)|(?:api|access)[_\-]?key|token|secret|key|"
    rb"[a-z_.]+\(.*|.*(?:\(\)|\{).*)$"
)


def url_parameter(data: bytes, start: int) -> tuple[int, int] | None:
    """The value of a query parameter (or of a part of a connection string) whose name says that it is secret.

    `start` is the sign before the name. Names of places in a list (`page_token`) and placeholders are left. Behind a
    semicolon short names count as program text.
    """
    match = _PARAMETER.match(data, start)
    if match is None or _NO_VALUE.match(match.group(2)) or _PLACE_IN_A_LIST.search(match.group(1)):
        return None
    if data[start] == 0x3B and match.group(1).lower() in _SHORT_NAMES and data[start - 4 : start] != b"&amp":
        return None
    span: tuple[int, int] = match.span(2)
    return span
