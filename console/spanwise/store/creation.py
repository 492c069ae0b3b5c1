"""Making a new store file that nobody ever sees half made."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from spanwise.store import config, schema
from spanwise.store.error import StoreError


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def create(path: Path) -> None:
    """Make the store at `path`, with its directory, unless it exists.

    The file is built beside its final place and linked there, so a process that starts at the same time finds either
    nothing or a whole store. Mode 0600; a directory made here has mode 0700. A directory called `.spanwise` gets a
    `.gitignore` that covers all of it.

    Raises:
        StoreError: the directory or file cannot be made.
    """
    if path.exists():
        return
    try:
        _make_directory(path.parent)
        workshop = Path(tempfile.mkdtemp(prefix=".new-", dir=path.parent))
        try:
            _place(_build(workshop), path)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(
            f"the store {path} cannot be created ({reason}); choose another place with SPANWISE_STORE or --store"
        ) from error


def _make_directory(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise OSError(errno.ENOTDIR, f"{directory} is not a directory")
    if not directory.is_dir():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = directory / ".gitignore"
    if directory.name == config.DIRECTORY and not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _build(workshop: Path) -> Path:
    import duckdb

    fresh = workshop / config.FILE
    try:
        connection: DuckDBPyConnection = duckdb.connect(str(fresh))
        for statement in schema.CREATE:
            connection.execute(statement)
        connection.close()
    except duckdb.Error as error:
        raise OSError(None, "the file cannot be written") from error
    fresh.chmod(0o600)
    return fresh


def _place(fresh: Path, path: Path) -> None:
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    except OSError:
        # Some file systems have no hard links. A rename replaces: a store made in this moment by another process
        # would be lost, but it can hold nothing yet.
        if not path.exists():
            fresh.rename(path)
