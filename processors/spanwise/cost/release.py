"""A release of genai-prices: where its two data files come from."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from spanwise.cost.source import MAX_SOURCE_BYTES, SourceError


PACKAGE: Final = "genai_prices"
DISTRIBUTION: Final = "genai-prices"
MAX_WHEEL_BYTES: Final = 32 * 1024 * 1024
"""Largest wheel that is opened. Today's have about a quarter of a million bytes."""

_MOST_MEMBERS: Final = 1000
_NAME: Final = re.compile(r"genai_prices-([0-9][0-9a-z.+]{0,31})-py3-none-any\.whl")


class Release(NamedTuple):
    """The data of one release. `day` is when it was published, or fetched where that is not known."""

    version: str
    day: date
    data: bytes
    units: bytes
    is_fetched: bool = False


def of_wheel(path: Path, day: date) -> Release:
    """The release in the wheel at `path`, which is opened as an archive and not installed.

    Raises:
        SourceError: it is no wheel of genai-prices, is too large, or lacks a file.
    """
    named = _NAME.fullmatch(path.name)
    if named is None:
        raise SourceError(f"{path.name} is no wheel of {DISTRIBUTION} (genai_prices-VERSION-py3-none-any.whl)")
    try:
        if path.stat().st_size > MAX_WHEEL_BYTES:
            raise SourceError(f"{path.name} is larger than {MAX_WHEEL_BYTES} bytes")
        with zipfile.ZipFile(path) as wheel:
            if len(wheel.infolist()) > _MOST_MEMBERS:
                raise SourceError(f"{path.name} has more than {_MOST_MEMBERS} members")
            data = _member(wheel, f"{PACKAGE}/data.py", path.name)
            units = _member(wheel, f"{PACKAGE}/data_units.py", path.name)
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror or type(error).__name__})") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError):
        raise SourceError(f"{path.name} is damaged: no zip archive that can be read") from None
    return Release(named[1], day, data, units, is_fetched=True)


def installed(day: date) -> Release:
    """The release that is installed beside this package, as files: it is not imported.

    Raises:
        ImportError: genai-prices is not installed.
    """
    from importlib.metadata import version

    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ImportError(f"{DISTRIBUTION} is not installed")
    folder = Path(spec.origin).parent
    units = (folder / "data_units.py").read_bytes()
    return Release(version(DISTRIBUTION), day, (folder / "data.py").read_bytes(), units)


def _member(wheel: zipfile.ZipFile, name: str, file: str) -> bytes:
    """The member `name`, never more of it than is parsed, whatever its header promises."""
    try:
        with wheel.open(name) as stream:
            text = stream.read(MAX_SOURCE_BYTES + 1)
    except KeyError:
        raise SourceError(f"{file} holds no {name}") from None
    except (zipfile.BadZipFile, OSError, EOFError, ValueError):
        raise SourceError(f"{file} is damaged: {name} cannot be unpacked") from None
    if len(text) > MAX_SOURCE_BYTES:
        raise SourceError(f"{name} in {file} is larger than {MAX_SOURCE_BYTES} bytes")
    return text
