"""The prompts of a folder, read once and again when a file changes; a broken file leaves its last good prompts."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from spanwise.prompts.error import PromptError
from spanwise.prompts.file import ENDINGS, read_prompt
from spanwise.prompts.prompt import Prompt
from spanwise.prompts.registry_copy import registry
from spanwise.semconv import environment


FOLDER: Final = "prompts"
FRESH_S: Final = 1.0
"""For so long files are not looked at again."""

PRODUCTION: Final = "production"
"""The label that is asked for where none is named, if a version has it."""

_MOST_FILES: Final = 5_000
_logger = logging.getLogger("spanwise.prompts")


class _Read(NamedTuple):
    """One file as it was read last: its stamp, the prompt it held when it was last sound, and what is wrong now."""

    stamp: tuple[int, int]
    prompt: Prompt | None
    error: str


class Folder:
    """The prompts of one folder and those below it. Thread-safe.

    Files are looked at at most once a second. What was read stays usable without the folder: a file that is broken, or
    gone for a moment while it is written, leaves the prompt that it held.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: dict[Path, _Read] = {}
        self._looked_s = float("-inf")
        self._lock = threading.Lock()

    def prompts(self) -> list[Prompt]:
        """All prompts, by name and version."""
        with self._lock:
            if time.monotonic() - self._looked_s >= FRESH_S:
                self._look()
                self._looked_s = time.monotonic()
            return sorted(
                (read.prompt for read in self._read.values() if read.prompt is not None),
                key=lambda prompt: (prompt.name, _order(prompt)),
            )

    def errors(self) -> list[str]:
        """What is wrong with files, each a message of `PromptError`."""
        self.prompts()
        return [read.error for read in self._read.values() if read.error]

    def get(self, name: str, *, label: str = "", version: str | None = None) -> Prompt:
        """As `spanwise.prompts.get`, of files alone."""
        named = [prompt for prompt in self.prompts() if prompt.name == name]
        if wanted := _wanted(named, label, version):
            return wanted[-1]
        raise PromptError(_missing(name, label, version, named, self))

    def _look(self) -> None:
        try:
            files = sorted(path for path in self.path.rglob("*") if path.suffix in ENDINGS)[:_MOST_FILES]
        except OSError:
            return
        if not files and not self.path.is_dir():
            return
        for gone in self._read.keys() - set(files):
            del self._read[gone]
        for file in files:
            self._look_at(file)

    def _look_at(self, file: Path) -> None:
        try:
            status = file.stat()
        except OSError:
            return
        stamp = (status.st_mtime_ns, status.st_size)
        before = self._read.get(file)
        if before is not None and before.stamp == stamp:
            return
        try:
            self._read[file] = _Read(stamp, read_prompt(file), "")
        except PromptError as error:
            self._read[file] = _Read(stamp, before.prompt if before else None, str(error))
            kept = "; its last good prompt stays in use" if before and before.prompt else ""
            _logger.warning("%s%s", error, kept)


_folders: dict[Path, Folder] = {}


def folder(directory: Path | str | None = None) -> Folder:
    """The folder at `directory`; by default that of `SPANWISE_PROMPTS`, else `prompts` in the working directory."""
    path = Path(directory or os.environ.get(environment.SPANWISE_PROMPTS) or FOLDER).absolute()
    return _folders.setdefault(path, Folder(path))


def prompts(directory: Path | str | None = None) -> list[Prompt]:
    """All prompts of the folder, by name and version."""
    return folder(directory).prompts()


def get(
    name: str,
    *,
    label: str = "",
    version: str | int | None = None,
    fallback: Prompt | None = None,
    directory: Path | str | None = None,
) -> Prompt:
    """The prompt of this name: the version asked for, or the one with the label; cached, so asking each time is cheap.

    Files go before the registry in the store (`spanwise prompts push`): that is asked where no file has what is wanted.
    Of an application's registry only the copy beside the store is read. Files are looked at again after a second, the
    copy after ten; in between nothing is read. Without label and version it is the version labelled `production`, if
    there is one, else the latest.

    Args:
        name: of the prompt.
        label: of the version.
        version: itself.
        fallback: what is returned where there is no such prompt; otherwise that is an error.
        directory: where the files are.

    Raises:
        PromptError: there is no such prompt, and no `fallback`.
    """
    found = folder(directory)
    named = [prompt for prompt in found.prompts() if prompt.name == name]
    if not (wanted := _wanted(named, label, version)):
        kept = [prompt for prompt in registry().prompts() if prompt.name == name]
        wanted = _wanted(kept, label, version)
        named += kept
    if wanted:
        return wanted[-1]
    if fallback is not None:
        return fallback
    raise PromptError(_missing(name, label, version, named, found))


def _wanted(named: list[Prompt], label: str, version: str | int | None) -> list[Prompt]:
    if not label and version is None:
        return [prompt for prompt in named if PRODUCTION in prompt.labels] or named
    return [prompt for prompt in named if _is_wanted(prompt, label, version)]


def _is_wanted(prompt: Prompt, label: str, version: str | int | None) -> bool:
    return (not label or label in prompt.labels) and (version is None or prompt.version == str(version))


def _order(prompt: Prompt) -> tuple[bool, int, str]:
    """Numbers by their size, before names by their letters; no version before all."""
    version = prompt.version or ""
    return (bool(version) and not version.isdigit(), int(version) if version.isdigit() else -1, version)


def _missing(name: str, label: str, version: str | int | None, named: Sequence[Prompt], found: Folder) -> str:
    if named:
        there = ", ".join(
            f"{prompt.version or 'no version'} ({', '.join(prompt.labels) or 'no label'})" for prompt in named
        )
        asked = f"version {version}" if version is not None else f"label {label}"
        return f"prompt {name} has no {asked}; found: {there}."
    kept = registry()
    names = sorted({prompt.name for prompt in (*found.prompts(), *kept.prompts())})
    close = get_close_matches(name, names, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    beside = f" or {kept.path}" if kept.prompts() else ""
    broken = "".join(f"\n{error}" for error in found.errors())
    return f"no prompt {name!r} in {found.path}{beside}.{hint} Found: {', '.join(names) or 'none'}.{broken}"
