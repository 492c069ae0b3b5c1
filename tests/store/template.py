"""A store that holds nothing, made once: a test that wants one of its own gets a copy."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from spanwise.store import Store, StoreConfig


KEEPS = StoreConfig(keep_days=36_500)
"""Tests choose their own time, which must not be too old for the store."""


def empty_store(path: Path, config: StoreConfig = KEEPS) -> Store:
    """The store at `path`, made and with its views, as `Store.prepare` leaves it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(_template().name) / "spanwise.duckdb", path)
    return Store(path, config)


@cache
def _template() -> tempfile.TemporaryDirectory[str]:
    directory = tempfile.TemporaryDirectory(prefix="spanwise-template-")
    Store(Path(directory.name) / "spanwise.duckdb", KEEPS).prepare()
    return directory
