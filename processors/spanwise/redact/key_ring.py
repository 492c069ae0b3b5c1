"""`KeyRing`: the keys that pseudonyms are made with."""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from spanwise.redact.action import HASHED


LEAST_BYTES: Final = 32
"""The output length of SHA-256: a shorter key is weaker than the hash (RFC 2104, section 3)."""

RETIRED: Final = "retired"
"""Stands in place of a key that was destroyed; its id stays taken."""

_MOST_FILE_BYTES: Final = 64 * 1024
_LEAST_VARIETY: Final = 12
_ID: Final = re.compile(r"[a-z][a-z0-9]{0,7}")


class KeyRingError(ValueError):
    """Keys that cannot be used. The message never holds a part of a key."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The current key, and the ids of those before it.

    Attributes:
        key_id: the id of the current key; it stands in every token.
        key: the current key, at least 32 bytes.
        past: ids of keys used before, which may not be used again.
    """

    key_id: str
    key: bytes = field(repr=False)
    past: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.key_id) or self.key_id == HASHED:
            raise KeyRingError(f"found {self.key_id[:20]!r} as the id of a key; accepted: {_ID_WORDS}.")
        if len(self.key) < LEAST_BYTES:
            raise KeyRingError(f"key {self.key_id} has {len(self.key)} bytes; accepted are at least {LEAST_BYTES}.")
        if len(set(self.key)) < _LEAST_VARIETY:
            raise KeyRingError(f"key {self.key_id} is not random. Make one with: spanwise redact --new-key")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The keys in `text`: one on each line, as `id key`, the current one first, keys in base64.

        Lines may also be separated by commas. Empty lines and lines that begin with `#` are left out. In place of a
        key that was destroyed stands `retired`.

        Raises:
            KeyRingError: a line is no key, an id is there twice, or there is no usable current key.
        """
        found: dict[str, bytes] = {}
        for number, line in enumerate(text.replace(",", "\n").split("\n"), 1):
            entry = line.strip()
            if not entry or entry.startswith("#"):
                continue
            key_id, key = _entry(entry, number)
            if key_id in found:
                raise KeyRingError(f"line {number}: the id {key_id} is there twice. Give every new key a new id.")
            found[key_id] = key
        if not found:
            raise KeyRingError("there is no key. Make one with: spanwise redact --new-key")
        current, *past = found
        if not found[current]:
            raise KeyRingError(f"the first key, {current}, is retired. Put a new one before it.")
        return cls(current, found[current], tuple(past))

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """The keys in the file at `path`, which nobody but its owner and group may read.

        Raises:
            KeyRingError: it cannot be read, others may read or change it, or `parse` refuses it.
        """
        try:
            # A FIFO must not hold up the start of a program.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(descriptor, "rb") as file:
                _refuse_open_file(os.fstat(descriptor))
                data = file.read(_MOST_FILE_BYTES + 1)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise KeyRingError(
                f"the file cannot be read ({reason}). Where spans are made it must be there; spanwise redact --new-key "
                "prints a key for it, and key_env names a variable instead."
            ) from None
        if len(data) > _MOST_FILE_BYTES:
            raise KeyRingError(f"the file is larger than {_MOST_FILE_BYTES} bytes.")
        try:
            return cls.parse(data.decode("ascii"))
        except UnicodeDecodeError:
            raise KeyRingError("the file holds more than keys in base64.") from None

    @classmethod
    def from_environment(cls, name: str, environ: Mapping[str, str]) -> Self:
        """The keys in the variable `name`, in the form of `parse`.

        Raises:
            KeyRingError: it is not set, or `parse` refuses it.
        """
        text = environ.get(name, "")
        if not text.strip():
            raise KeyRingError("the variable is not set.")
        return cls.parse(text)


_ID_WORDS: Final = "a letter and up to seven letters and digits, in lower case"


def new_line(taken: tuple[str, ...] = ()) -> str:
    """A line with a new key for the top of a key file, under the first of the ids k1, k2, ... that is not `taken`."""
    import secrets

    number = next(number for number in range(1, len(taken) + 2) if f"k{number}" not in taken)
    return f"k{number} {base64.b64encode(secrets.token_bytes(LEAST_BYTES)).decode('ascii')}"


def _entry(entry: str, number: int) -> tuple[str, bytes]:
    key_id, _, text = entry.partition(" ")
    if not _ID.fullmatch(key_id) or key_id == HASHED:
        raise KeyRingError(f"line {number}: it begins with no id of a key; accepted: {_ID_WORDS}, a space, the key.")
    if text.strip() == RETIRED:
        return key_id, b""
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise KeyRingError(f"line {number}: key {key_id} is not base64.") from None
    if len(key) < LEAST_BYTES:
        raise KeyRingError(f"line {number}: key {key_id} has {len(key)} bytes; accepted are at least {LEAST_BYTES}.")
    return key_id, key


def _refuse_open_file(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyRingError("it is not a file.")
    if os.name == "posix" and status.st_mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise KeyRingError(
            f"everybody may read or change the file (mode {stat.S_IMODE(status.st_mode):04o}). "
            "Set it to 0400: chmod 400, or defaultMode: 0400 of a Kubernetes volume."
        )
