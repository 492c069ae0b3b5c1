"""Which price book is used: the one that is named, or the newer of the user's and the bundled one."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from spanwise.cost.book import BUNDLED, PriceBook
from spanwise.semconv import environment


MAX_BYTES: Final = 32 * 1024 * 1024
"""Largest book that is read. The bundled one has about half a million bytes."""

_HEAD_BYTES: Final = 4096
_DIGITS: Final = 64
_FILE: Final = "prices.json"

log = logging.getLogger("spanwise.cost")


class BookError(Exception):
    """A price book that cannot be used. Its message names the file and says what to do, on one line."""


class Choice(NamedTuple):
    """The book that is used, where it comes from, and what was wrong with one that comes before it."""

    book: PriceBook
    source: str
    complaint: str = ""


def active_book() -> PriceBook:
    """The price book of this process, read once. What is wrong with a user's book is one line in the log."""
    return _active(os.environ.get(environment.SPANWISE_PRICES, ""), user_book(os.environ))


def choose(environ: Mapping[str, str]) -> Choice:
    """The book that `environ` leads to.

    `SPANWISE_PRICES` names one; else it is the user's updated book where that is newer than the bundled one. A book
    that cannot be read is refused, and the bundled one is used.
    """
    return _chosen(environ.get(environment.SPANWISE_PRICES, ""), user_book(environ))


def _chosen(named: str, user: Path) -> Choice:
    path = Path(named).expanduser() if named else user
    if not named and not path.is_file():
        return Choice(PriceBook.bundled(), "bundled")
    try:
        book = read_book(path)
    except BookError as error:
        return Choice(PriceBook.bundled(), "bundled", f"{error}; the bundled prices are used")
    # A release that is older than the bundled one was overtaken by an upgrade of this distribution.
    if named or _order(book.version, book.date) > _order(*_bundled_head()):
        return Choice(book, str(path))
    return Choice(PriceBook.bundled(), "bundled")


def user_book(environ: Mapping[str, str]) -> Path:
    """Where `spanwise prices update` writes: below `XDG_DATA_HOME`, or where the platform keeps such data."""
    if base := environ.get("XDG_DATA_HOME", ""):
        return Path(base) / "spanwise" / _FILE
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or ".")
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "spanwise" / _FILE
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home) / "spanwise" / _FILE
    return home / ".local" / "share" / "spanwise" / _FILE


def read_book(path: Path) -> PriceBook:
    """The book in `path`.

    Raises:
        BookError: it cannot be read, is too large, or is no price book.
    """
    try:
        with path.open("rb") as stream:
            text = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise BookError(f"the price book {path} cannot be read ({error.strerror or type(error).__name__})") from None
    if len(text) > MAX_BYTES:
        raise BookError(f"the price book {path} is larger than {MAX_BYTES} bytes")
    if _is_as_installed(path, text):
        return PriceBook(text)
    from spanwise.cost.validation import flaw

    try:
        raw = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BookError(f"the price book {path} is damaged (no JSON); run: spanwise prices update") from None
    if found := flaw(raw):
        raise BookError(f"the price book {path} is damaged ({found}); run: spanwise prices update")
    return PriceBook(raw)


def checksum(text: bytes) -> bytes:
    """What `spanwise prices update` leaves beside a book that it has checked."""
    import hashlib  # only a book of the user's needs it

    return hashlib.sha256(text).hexdigest().encode()


def checksum_file(path: Path) -> Path:
    """Where that stands."""
    return path.with_name(f"{path.name}.sha256")


def _is_as_installed(path: Path, text: bytes) -> bool:
    """Whether `text` was checked when it was written, and is still the same: 1 ms instead of 50."""
    try:
        with checksum_file(path).open("rb") as stream:
            return stream.read(_DIGITS + 1) == checksum(text)
    except OSError:
        return False


@lru_cache(maxsize=4)
def _active(named: str, user: Path) -> PriceBook:
    choice = _chosen(named, user)
    if choice.complaint:
        log.warning("spanwise: %s.", choice.complaint)
    return choice.book


def _order(version: str, day: date) -> tuple[list[int], date]:
    """Books in the order of their releases; those of one release by their day."""
    return [int(part) if part.isdigit() else 0 for part in version.split(".")], day


def _bundled_head() -> tuple[str, date]:
    """Version and day of the bundled book, from the lines at its beginning."""
    with BUNDLED.open("rb") as stream:
        lines = stream.read(_HEAD_BYTES).splitlines()
    head: dict[str, str] = {}
    for line in lines:
        name, _, value = line.rstrip(b",").partition(b":")
        if name in {b'"version"', b'"date"'}:
            head[name.decode().strip('"')] = str(orjson.loads(value))
    return head["version"], date.fromisoformat(head["date"])
