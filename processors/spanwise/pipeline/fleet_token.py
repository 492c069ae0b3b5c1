"""`fleet_tokens`: the token that the collector of a fleet is asked with, from a file or a variable."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from typing import Final

from spanwise.budget.fleet import Fleet


LEAST: Final = 32
"""Characters of a token; of random ones they are more than anybody can try."""

LONGEST: Final = 512

_MOST_TOKENS: Final = 8
_MOST_BYTES: Final = 16 * 1024
# What RFC 6750, section 2.1 lets a bearer token be.
_FORM: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")
_HOW: Final = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'


class FleetTokenError(ValueError):
    """There is no usable token. The message names the file or the variable, and never what is in it."""


def fleet_tokens(fleet: Fleet, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The tokens, one on each line or between commas. A process shows the first, a collector takes any of them.

    Empty lines and lines that begin with `#` are left out. A file that everybody may read is refused.

    Raises:
        FleetTokenError: there is none, or one that cannot be a token.
    """
    where = f"token_file {fleet.token_file}" if fleet.token_file else f"the variable {fleet.token_env}"
    text = _content(fleet.token_file) if fleet.token_file else environ.get(fleet.token_env, "")
    lines = [line.strip() for line in text.replace(",", "\n").splitlines()]
    found = tuple(line for line in lines if line and not line.startswith("#"))
    if not found:
        state = "holds no token" if fleet.token_file or fleet.token_env in environ else "is not set"
        raise FleetTokenError(f"{where} {state}; {_HOW}")
    if len(found) > _MOST_TOKENS:
        raise FleetTokenError(f"{where} holds {len(found)} tokens; accepted are at most {_MOST_TOKENS}")
    for number, token in enumerate(found, 1):
        if not LEAST <= len(token) <= LONGEST or not _FORM.fullmatch(token):
            raise FleetTokenError(
                f"token {number} of {where} is none; accepted are {LEAST} to {LONGEST} letters, digits and any of "
                f"-._~+/, with = at the end; {_HOW}"
            )
    return found


def _content(file: str) -> str:
    try:
        with open(file, "rb", opener=_opened_at_once) as opened:
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise FleetTokenError(f"token_file {file} is not a file")
            if os.name == "posix" and status.st_mode & (stat.S_IRWXO | stat.S_IWGRP):
                mode = stat.S_IMODE(status.st_mode)
                raise FleetTokenError(
                    f"everybody may read or change token_file {file} (mode {mode:04o}); set it to 0400: chmod 400, or "
                    "defaultMode: 0400 of a Kubernetes volume"
                )
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise FleetTokenError(f"token_file {file} cannot be read ({error.strerror or type(error).__name__})") from None
    if len(content) > _MOST_BYTES:
        raise FleetTokenError(f"token_file {file} is larger than {_MOST_BYTES} bytes")
    return content.decode("utf-8", "replace")


def _opened_at_once(file: str, flags: int) -> int:
    """A FIFO must not hold up whoever opens it."""
    return os.open(file, flags | getattr(os, "O_NONBLOCK", 0))
