"""Secrets of receivers: read from their files at each use, so that a new key needs no restart."""

from __future__ import annotations

from pathlib import Path
from typing import Final


HIDDEN: Final = "[secret]"
"""Stands for a secret wherever something is shown."""

_MOST_BYTES: Final = 65_536


class SecretError(Exception):
    """A secret cannot be read. The message names the file and never what is in it."""


def read_secret(file: str) -> str:
    """What stands in `file`, without space around it.

    Raises:
        SecretError: it cannot be read, is empty, too long, no UTF-8, or has several lines.
    """
    try:
        with Path(file).open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
    except OSError as error:
        raise SecretError(f"the file {file} cannot be read ({error.strerror or type(error).__name__})") from error
    try:
        text = content.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise SecretError(f"the file {file} is not a text") from error
    if not text or len(content) > _MOST_BYTES or len(text.splitlines()) != 1:
        raise SecretError(f"the file {file} must hold one line, the secret and nothing else")
    if not text.isprintable():
        raise SecretError(f"the file {file} holds signs that cannot be sent")
    return text


def hidden(text: str, *secrets: str) -> str:
    """`text` with every occurrence of `secrets` replaced."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, HIDDEN)
    return text
