"""Opening the store file for one piece of work."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.store import schema
from spanwise.store.error import StoreError


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, Error


_OPTIONS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
}
"""No network, no other files: what is stored comes from outside."""

_ONE_AT_A_TIME: Final = threading.Lock()
"""Within one process DuckDB refuses to open a file for reading and for writing at once."""

_FIRST_WAIT_S: Final = 0.004
_LONGEST_WAIT_S: Final = 0.08


@contextmanager
def opened(path: Path, *, read_only: bool, lock_timeout_s: float) -> Iterator[DuckDBPyConnection]:
    """A connection to the store at `path`, closed at the end of the block.

    Only one process can hold a DuckDB file for writing, so every block is short and waits its turn, at most
    `lock_timeout_s`. Opening and closing take about 40 ms together.

    Raises:
        StoreError: the file is in use for longer, is not a store, is damaged, or comes from a later version; or a
            statement in the block failed.
    """
    import duckdb

    with _ONE_AT_A_TIME:
        try:
            connection = _connect(path, read_only, lock_timeout_s)
            try:
                _check_version(path, connection)
                yield connection
            finally:
                connection.close()
        except duckdb.Error as error:
            raise StoreError(_sentence(path, error)) from error


def _connect(path: Path, read_only: bool, lock_timeout_s: float) -> DuckDBPyConnection:  # noqa: FBT001 - private
    import duckdb

    deadline = time.monotonic() + lock_timeout_s
    wait_s = _FIRST_WAIT_S
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=_OPTIONS)
        except (duckdb.IOException, duckdb.ConnectionException) as error:
            if not _is_busy(error):
                raise
            if time.monotonic() >= deadline:
                raise StoreError(
                    f"the store {path} was in use by another process for {lock_timeout_s:g} s; "
                    "close the program that holds it open, or name another file with SPANWISE_STORE"
                ) from error
        time.sleep(wait_s * random.uniform(0.5, 1.0))  # noqa: S311 - spreads waiting processes
        wait_s = min(wait_s * 1.5, _LONGEST_WAIT_S)


def _is_busy(error: Error) -> bool:
    text = str(error)
    return "Could not set lock" in text or "different configuration" in text


def _check_version(path: Path, connection: DuckDBPyConnection) -> None:
    import duckdb

    try:
        found = connection.execute("SELECT max(version) FROM spanwise_schema").fetchone()
    except duckdb.CatalogException as error:
        raise StoreError(
            f"{path} is a DuckDB database but not a Spanwise store; name another file with SPANWISE_STORE or --store"
        ) from error
    version = found[0] if found else None
    if not isinstance(version, int) or version > schema.VERSION:
        raise StoreError(
            f"the store {path} has schema version {version} and this spanwise reads up to {schema.VERSION}; "
            "upgrade spanwise, or name another file with SPANWISE_STORE"
        )


def _sentence(path: Path, error: Error) -> str:
    import duckdb

    text = str(error)
    if "not a valid DuckDB database" in text:
        found = "is not a DuckDB file"
    elif "version number" in text:
        found = "was written by a DuckDB version that the installed one cannot read"
    elif isinstance(error, duckdb.OutOfMemoryException):
        found = "could not be used because memory or disk space ran out"
    elif "Permission denied" in text:
        found = "cannot be opened (permission denied)"
    elif "No space left" in text:
        found = "cannot be written (no space left on the disk)"
    else:
        found = f"cannot be used, it may be damaged ({type(error).__name__})"
    return f"the store {path} {found}; move it away, or name another file with SPANWISE_STORE or --store"
