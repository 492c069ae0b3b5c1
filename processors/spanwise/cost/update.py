"""Fetching a newer release of genai-prices and making the user's price book of it.

The only place of this package that reaches for the network, and only when somebody asks: the user's own pip downloads a
wheel, with the index, proxy and certificates it is configured with. The wheel is opened as an archive; nothing in it
runs and nothing is installed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Final

import orjson

from spanwise.cost.active import BookError, checksum, checksum_file, read_book
from spanwise.cost.book import PriceBook, RawBook
from spanwise.cost.compile import RELEASED, compiled
from spanwise.cost.release import DISTRIBUTION, of_wheel
from spanwise.cost.source import SourceError
from spanwise.cost.validation import flaw


TIMEOUT_S: Final = 180
"""How long pip may take."""

WHEEL: Final = ".whl"
VERSION: Final = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,6}){0,5}(?:(?:a|b|rc|\.post|\.dev)[0-9]{1,6})?")

_LAST_LINES: Final = 3
_LONGEST_LINE: Final = 300
_NO_PIP: Final = "No module named pip"
_NO_VERSIONS: Final = "(from versions: none)"
_NONE_FOUND: Final = ("No matching distribution", "Could not find a version")
_OFFLINE: Final = re.compile(
    "Failed to establish a new connection|NewConnectionError|ConnectTimeout|Name or service not known"
    "|name resolution|Connection refused|Network is unreachable|ReadTimeout|ProxyError|SSLError|getaddrinfo failed",
    re.IGNORECASE,
)


class UpdateError(Exception):
    """A price book that could not be made. Its message says why and what to do; the book in use stays."""


def book_text(given: Path | str | None, today: date) -> bytes:
    """The text of the book that `given` leads to: a wheel, a book, a version, or with `None` the newest release.

    Raises:
        UpdateError: it cannot be fetched, read or understood.
    """
    if isinstance(given, Path):
        return _of_file(given, today)
    with _folder() as folder:
        return _of_wheel(download(given, folder), today)


def download(version: str | None, folder: Path) -> Path:
    """The wheel of `version`, or of the newest release, in `folder`.

    Raises:
        UpdateError: pip is missing, cannot reach its index, or finds no such version.
    """
    if version is not None and VERSION.fullmatch(version) is None:
        raise UpdateError(f"found version {version[:40]!r}; accepted is a release such as 0.2.3")
    wanted = DISTRIBUTION if version is None else f"{DISTRIBUTION}=={version}"
    options = (
        "--no-deps",
        "--only-binary",
        ":all:",
        "--disable-pip-version-check",
        "--no-input",
        "--dest",
        str(folder),
    )
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments and a checked version
            [sys.executable, "-m", "pip", "download", *options, wanted],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UpdateError(f"pip took longer than {TIMEOUT_S} s; {_INSTEAD}") from None
    except OSError as error:
        raise UpdateError(f"pip cannot be run ({error.strerror}); {_INSTEAD}") from None
    if done.returncode:
        raise UpdateError(_complaint(done.stdout + done.stderr, wanted))
    wheels = sorted(folder.glob(f"*{WHEEL}"))
    if len(wheels) != 1:
        raise UpdateError(f"pip downloaded {len(wheels)} wheels of {wanted}; {_INSTEAD}")
    return wheels[0]


def install(text: bytes, target: Path) -> PriceBook:
    """Put the book `text` in the place of the one at `target`, whole or not at all; the book.

    Raises:
        UpdateError: the directory cannot be written.
    """
    book = PriceBook(_checked(text))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, text)
        _replace(checksum_file(target), checksum(text))
    except OSError as error:
        raise UpdateError(f"{target} cannot be written ({error.strerror or type(error).__name__})") from None
    return book


def _replace(target: Path, text: bytes) -> None:
    """Put `text` in the place of the file `target`: a reader sees the old file or the new one."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _of_file(path: Path, today: date) -> bytes:
    if path.suffix == WHEEL:
        return _of_wheel(path, today)
    try:
        read_book(path)
        return path.read_bytes()
    except BookError as error:
        raise UpdateError(str(error)) from None


def _of_wheel(path: Path, today: date) -> bytes:
    try:
        release = of_wheel(path, today)
        if release.version in RELEASED:
            release = release._replace(day=RELEASED[release.version], is_fetched=False)
        text = compiled(release)
    except SourceError as error:
        raise UpdateError(f"{error}; nothing of it is used. A newer spanwise may understand it") from None
    _checked(text)
    return text


def _checked(text: bytes) -> RawBook:
    raw: RawBook = orjson.loads(text)
    if found := flaw(raw):
        raise UpdateError(f"the release makes no price book ({found}); nothing of it is used")
    return raw


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="spanwise-prices-") as folder:
        yield Path(folder)


_INSTEAD: Final = f"download a wheel of {DISTRIBUTION} elsewhere and run: spanwise prices update --from FILE"


def _complaint(output: str, wanted: str) -> str:
    """Why pip failed, in one line, and what to do."""
    if _NO_PIP in output:
        return f"this Python has no pip ({sys.executable} -m pip); {_INSTEAD}"
    if _OFFLINE.search(output):
        return f"pip cannot reach its package index; {_INSTEAD}"
    if _NO_VERSIONS in output:
        return (
            f"pip finds no release of {DISTRIBUTION} at all: its package index is out of reach or lacks it; {_INSTEAD}"
        )
    if any(words in output for words in _NONE_FOUND):
        return f"pip finds no {wanted}; look at: pip index versions {DISTRIBUTION}"
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    last = " / ".join(line[:_LONGEST_LINE] for line in lines[-_LAST_LINES:])
    shown = "".join(character if character.isprintable() else " " for character in _without_secrets(last))
    return f"pip download failed: {shown or 'it said nothing'}"


def _without_secrets(text: str) -> str:
    """`text` without the user names and passwords that index addresses may hold."""
    return re.sub(r"://[^/\s@]*@", "://***@", text)
