"""`PromptRegistry`: versions of prompts in the store, and the labels that move between them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from spanwise.prompts import Prompt
from spanwise.prompts.document import document_of, is_same, prompt_of
from spanwise.prompts.registry_copy import write_copy
from spanwise.store.config import StoreConfig, default_path
from spanwise.store.connection import opened
from spanwise.store.creation import create
from spanwise.store.error import StoreError


if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SqlRow: TypeAlias = tuple[Any, ...]
"""A row as DuckDB hands it over."""

PROMPTS: Final = "prompts"
LABELS: Final = "prompt_labels"
MOST_VERSIONS: Final = 10_000

_CREATE_PROMPTS: Final = f"""
    CREATE TABLE IF NOT EXISTS {PROMPTS} (
        name VARCHAR, version VARCHAR, hash VARCHAR, text JSON, config JSON, pushed_at TIMESTAMP, pushed_by VARCHAR
    )
"""
_CREATE_LABELS: Final = f"""
    CREATE TABLE IF NOT EXISTS {LABELS} (
        name VARCHAR, label VARCHAR, version VARCHAR, moved_at TIMESTAMP, moved_by VARCHAR
    )
"""
CREATE: Final = (_CREATE_PROMPTS, _CREATE_LABELS)
"""Made by the first push. Rows never change: the last one of a label holds, those before it are its history."""


class Pushed(StrEnum):
    """What became of a version that was pushed."""

    NEW = "new"
    KNOWN = "known"
    """It was there before, alike."""


@dataclass(frozen=True, slots=True)
class LabelMove:
    """A label that was put on a version: when, by whom."""

    label: str
    version: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class StoredPrompt:
    """One version in the registry.

    Attributes:
        prompt: itself, with the labels it has now.
        pushed_at: when it was pushed, in UTC.
        pushed_by: by whom.
        moves: all that happened to labels of this prompt, oldest first, also those of other versions.
    """

    prompt: Prompt
    pushed_at: datetime
    pushed_by: str
    moves: tuple[LabelMove, ...]


class VersionError(ValueError):
    """What is asked of the registry contradicts what it holds; the message says how to go on."""


class PromptRegistry:
    """The prompts in the store at `path`.

    As of the store, nothing is open between two calls, and any number of processes take turns: a collector that writes
    spans is one of them. What changes here is at once in the copy beside the store, which applications read. Every
    method raises `StoreError` when the file cannot be used.
    """

    def __init__(self, path: Path | str | None = None, config: StoreConfig | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self._config = config or StoreConfig()

    def prompts(self) -> list[StoredPrompt]:
        """All versions, by name in the order of their pushes; none where there is no store or nothing was pushed."""
        if not self.path.exists():
            return []
        with opened(self.path, read_only=True, lock_timeout_s=self._config.lock_timeout_s) as connection:
            return _read(connection, self.path)

    def push(self, prompts: Sequence[Prompt], *, by: str) -> list[Pushed]:
        """Add versions, all of `prompts` or none. Costs about 50 ms.

        Labels that a new version names are put on it, and so taken from another. Those of one that is there stay where
        `label` has put them.

        Raises:
            VersionError: one has no version, or its version is there with another text or other settings.
        """
        create(self.path)
        with opened(self.path, read_only=False, lock_timeout_s=self._config.lock_timeout_s) as connection:
            connection.execute("BEGIN")
            for statement in CREATE:
                connection.execute(statement)
            there = {(kept.prompt.name, kept.prompt.version): kept for kept in _read(connection, self.path)}
            results = []
            labels: dict[tuple[str, str], str] = {}
            for prompt in prompts:
                results.append(_check(prompt, there.get((prompt.name, prompt.version))))
                if results[-1] is Pushed.NEW:
                    _add(connection, prompt, by)
                    there[prompt.name, prompt.version] = StoredPrompt(prompt, datetime.now(UTC), by, ())
                    labels.update(((prompt.name, label), str(prompt.version)) for label in prompt.labels)
            if len(there) > MOST_VERSIONS:
                raise VersionError(f"the registry would hold {len(there)} versions; accepted: {MOST_VERSIONS}.")
            for (name, label), version in labels.items():
                _label(connection, name, version, label, by)
            self._commit(connection)
        return results

    def label(self, name: str, version: str, label: str, *, by: str) -> str | None:
        """Put `label` on a version; the version that had it before.

        Raises:
            VersionError: the registry has no such version.
        """
        stored = [kept.prompt for kept in self.prompts() if kept.prompt.name == name]
        found = [prompt for prompt in stored if prompt.version == version]
        if not found:
            there = ", ".join(str(prompt.version) for prompt in stored) or "none of this name"
            raise VersionError(f"{name}@{version} is not in the registry; found: {there}. Next: spanwise prompts push")
        before = next((prompt.version for prompt in stored if label in prompt.labels), None)
        if before == version:
            return before
        with opened(self.path, read_only=False, lock_timeout_s=self._config.lock_timeout_s) as connection:
            connection.execute("BEGIN")
            _label(connection, name, version, label, by)
            self._commit(connection)
        return before

    def write_copy(self) -> None:
        """Write the copy that applications read again, where it was lost."""
        if not self.path.exists():
            return
        # Open for writing, so that nobody changes the registry between reading it and writing its copy.
        with opened(self.path, read_only=False, lock_timeout_s=self._config.lock_timeout_s) as connection:
            self._write_copy(_read(connection, self.path))

    def _commit(self, connection: DuckDBPyConnection) -> None:
        """The store first: a copy never holds what the registry does not."""
        connection.execute("COMMIT")
        self._write_copy(_read(connection, self.path))

    def _write_copy(self, stored: Sequence[StoredPrompt]) -> None:
        try:
            write_copy(self.path, [kept.prompt for kept in stored])
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            raise StoreError(
                f"the copy of the registry beside {self.path} cannot be written ({said}); the registry has the change, "
                "applications do not see it. Next: spanwise prompts list, which writes the copy again"
            ) from error


def _check(prompt: Prompt, kept: StoredPrompt | None) -> Pushed:
    called = f"{prompt.name}@{prompt.version}"
    if prompt.version is None:
        raise VersionError(
            f"{prompt.source}: version: found none; accepted: a version, as version: 1. What has none is not pushed."
        )
    if kept is None:
        return Pushed.NEW
    if not is_same(prompt, kept.prompt):
        what = f"another text (hash {kept.prompt.hash}, here {prompt.hash})"
        if prompt.hash == kept.prompt.hash:
            what = "other settings"
        raise VersionError(
            f"{prompt.source}: version: {called} is in the registry since {kept.pushed_at:%Y-%m-%d %H:%M} UTC with "
            f"{what}; a version never changes. Give the file another version and push again; "
            f"spanwise prompts diff {called} shows the difference."
        )
    return Pushed.KNOWN


def _add(connection: DuckDBPyConnection, prompt: Prompt, by: str) -> None:
    said = document_of(prompt)
    text = json.dumps(said["messages"])
    config = json.dumps({"model": said["model"], "defaults": said["defaults"]}, default=str)
    connection.execute(
        f"INSERT INTO {PROMPTS} VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        [prompt.name, prompt.version, prompt.hash, text, config, _now(), by],
    )


def _label(connection: DuckDBPyConnection, name: str, version: str, label: str, by: str) -> None:
    connection.execute(
        f"INSERT INTO {LABELS} VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - a constant
        [name, label, version, _now(), by],
    )


def _read(connection: DuckDBPyConnection, path: Path) -> list[StoredPrompt]:
    there = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name IN (?, ?)", [PROMPTS, LABELS])
    if (found := there.fetchone()) is None or found[0] < len(CREATE):
        return []
    moves: dict[str, list[LabelMove]] = {}
    for name, *cells in connection.execute(f"SELECT * FROM {LABELS} ORDER BY rowid").fetchall():  # noqa: S608
        moves.setdefault(name, []).append(LabelMove(cells[0], cells[1], cells[2].replace(tzinfo=UTC), cells[3]))
    rows = connection.execute(f"SELECT * FROM {PROMPTS} ORDER BY name, rowid").fetchall()  # noqa: S608 - a constant
    return [_stored(row, moves.get(row[0], []), path) for row in rows]


def _stored(row: SqlRow, moves: Sequence[LabelMove], path: Path) -> StoredPrompt:
    name, version, digest, text, config, at, by = row
    holds = {move.label: move.version for move in moves}
    labels = tuple(label for label, where in holds.items() if where == version)
    said = {"name": name, "version": version, "hash": digest, "messages": json.loads(text), **json.loads(config)}
    try:
        prompt = prompt_of(said, labels=labels, source=f"registry {path}")
    except ValueError as error:
        raise StoreError(f"the registry in {path} is damaged: {error}") from None
    return StoredPrompt(prompt, at.replace(tzinfo=UTC), by, tuple(moves))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
