"""A store that cannot be used says so in one sentence: which file, what was found, how to fix it."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from spanwise.store import Dimension, Store, StoreError
from tests.store.calls import call


def garbage(path: Path) -> None:
    """A file that is something else."""
    path.write_bytes(b"not a database " * 1000)


def empty(path: Path) -> None:
    """A file of no length."""
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    """A store that lost its second half."""
    Store(path).write([call(number, body="x" * 500) for number in range(1, 500)])
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flipped(path: Path) -> None:
    """A store whose blocks are damaged behind an intact header."""
    Store(path).write([call(1)])
    content = path.read_bytes()
    path.write_bytes(content[:12288] + bytes(byte ^ 255 for byte in content[12288:]))


def folder(path: Path) -> None:
    """A folder in place of the file."""
    path.mkdir()


def foreign(path: Path) -> None:
    """A DuckDB file of somebody else."""
    duckdb.connect(str(path)).close()


def newer(path: Path) -> None:
    """A store of a later version."""
    Store(path).write([call(1)])
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE spanwise_schema SET version = 99")


@pytest.mark.parametrize("damage", [garbage, empty, truncated, flipped, folder, foreign, newer])
def test_broken_file(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """Writing, reading and preparing fail with the file's name and a way out, in one line without a traceback."""
    path = tmp_path / "broken.duckdb"
    damage(path)
    store = Store(path)
    for use in (store.prepare, lambda: store.write([call(7)]), lambda: store.cost(Dimension.MODEL)):
        with pytest.raises(StoreError) as caught:
            use()
        message = str(caught.value)
        assert str(path) in message
        assert "SPANWISE_STORE" in message
        assert "\n" not in message


def test_newer_schema_is_named(tmp_path: Path) -> None:
    """A file of a later version says which version, and stays untouched."""
    path = tmp_path / "newer.duckdb"
    newer(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="schema version 99 and this spanwise reads up to 1; upgrade spanwise"):
        Store(path).write([call(2)])
    assert path.read_bytes() == before


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A path under a file is refused with the reason."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be created \(.*is not a directory\)"):
        Store(tmp_path / "file" / "s.duckdb").prepare()


def test_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without write permission is refused with the reason."""

    def refuse(*_: object, **__: object) -> str:
        # A mode would not stop the superuser, who runs the tests in containers.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        Store(tmp_path / "s.duckdb").prepare()


def test_a_failed_write_stores_nothing(tmp_path: Path) -> None:
    """A batch that the file does not take raises, and a later one on a repaired file is whole."""
    path = tmp_path / "again.duckdb"
    garbage(path)
    store = Store(path)
    with pytest.raises(StoreError):
        store.write([call(1), call(2)])
    path.unlink()
    store.write([call(1), call(2)])
    assert store.counts().spans == 2
