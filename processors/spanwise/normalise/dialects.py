"""Every dialect this distribution reads, and which one a span is written in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, Final, TypeAlias

import orjson

from spanwise.normalise.table import Table


Entry: TypeAlias = Mapping[str, Any]
"""One entry of `dialects.json`."""

COMMON: Final = "common"
"""The dialect of old and private spellings, applied to every GenAI span after its own."""

MAX_SCOPES: Final = 512
"""Scope names whose dialect is remembered."""


class Dialects:
    """The tables of `dialects.json`. A dialect's table is built when the first span of it comes."""

    def __init__(self) -> None:
        document = orjson.loads((files("spanwise.normalise") / "dialects.json").read_bytes())
        self.values: Mapping[str, Mapping[str, str]] = document["values"]
        self.registered: frozenset[str] = frozenset(document["registered"])
        self._entries: dict[str, Entry] = {entry["dialect"]: entry for entry in document["dialects"]}
        self._needs = {name: tuple(entry["needs"]) for name, entry in self._entries.items()}
        self._tables: dict[str, Table] = {}
        self.of_scope = lru_cache(MAX_SCOPES)(self._of_scope)

    @cached_property
    def markers(self) -> dict[str, str]:
        """Keys that show a dialect, with its name; those of `common` show the convention itself."""
        ordered = sorted(self._entries.values(), key=lambda entry: entry["dialect"] == COMMON)
        found: dict[str, str] = {}
        for entry in ordered:
            for marker in entry["markers"]:
                found.setdefault(marker, entry["dialect"])
        return found

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset(self.markers)

    def table(self, name: str) -> Table:
        """The table of the dialect `name`."""
        found = self._tables.get(name)
        if found is None:
            found = self._tables[name] = Table(self._entries[name], self.values)
        return found

    def pick(self, scope: str, attributes: Mapping[str, object]) -> str | None:
        """The dialect of a span: by its scope's name, else by the keys that show it; `None` for a span of none.

        Some scopes are shared with spans that have nothing to do with models; those must also hold a key of theirs.
        """
        name = self.of_scope(scope)
        if name is not None and self._holds(name, attributes):
            return name
        if self._shown.isdisjoint(attributes):
            return None
        shown = {self.markers[key] for key in self._shown.intersection(attributes)}
        return min(shown - {COMMON}, default=COMMON)

    def _holds(self, name: str, attributes: Mapping[str, object]) -> bool:
        needs = self._needs[name]
        return not needs or any(key.startswith(needs) for key in attributes)

    def _of_scope(self, scope: str) -> str | None:
        best: tuple[int, str] | None = None
        for name, entry in self._entries.items():
            for pattern in entry["scopes"]:
                head, star, _ = pattern.partition("*")
                if (scope.startswith(head) if star else scope == head) and (best is None or len(head) > best[0]):
                    best = (len(head), name)
        return best[1] if best else None
