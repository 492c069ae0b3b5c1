"""Secrets that a configuration reads from files which the machine that checks it does not have."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final


_FILE: Final = re.compile(r"\$\{file:((?:[^{}$]|\$\{env:[^{}]*\}){1,1024})\}")
_VARIABLE: Final = re.compile(r"\$\{env:(\w+)(?::-([^{}]*))?\}")
_STAND_IN: Final = "stand-in"


@contextmanager
def readable(file: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """`file`, or a copy of it with something else in place of the secrets whose files are not here.

    A configuration is checked on a laptop or in CI; its passwords are where it runs. What is asked here is whether the
    rest is right. Lines stay where they are, so that a mistake is found at its place.

    Raises:
        OSError: `file` cannot be read.
    """
    text = file.read_bytes().decode("utf-8", errors="replace")
    filled = _FILE.sub(lambda found: found[0] if _is_here(found[1], environ) else _STAND_IN, text)
    if filled == text:
        yield file
        return
    with TemporaryDirectory(prefix="spanwise-check-") as folder:
        copy = Path(folder, file.name)
        copy.write_text(filled, encoding="utf-8")
        yield copy


def _is_here(written: str, environ: Mapping[str, str]) -> bool:
    path = _VARIABLE.sub(lambda found: environ.get(found[1]) or found[2] or "", written)
    return os.access(path, os.R_OK)
