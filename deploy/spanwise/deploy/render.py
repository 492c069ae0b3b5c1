"""Writing rendered files, and telling how those on disk differ."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.header import is_ours
from spanwise.deploy.target import Target


if TYPE_CHECKING:
    from spanwise.plan import Plan


_MOST_FILES: Final = 10_000
_FILE_MODE: Final = 0o644


class State(StrEnum):
    """How a file on disk stands to what is rendered."""

    SAME = "same"
    WRITTEN = "written"
    MISSING = "missing"
    DIFFERENT = "different"
    FOREIGN = "foreign"
    """There is a file without our mark, or something that is no file; it is left as it is."""
    LEFT_OVER = "left over"
    """An earlier render wrote it, and it is no longer part of the target; it is left as it is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. `difference` is a unified diff from disk to rendered, where a check would change it."""

    path: Path
    state: State
    difference: str = ""


def render(plan: Plan, targets: Iterable[Target], directory: Path, *, check: bool = False) -> list[Outcome]:
    """Write what `targets` render for `plan` below `directory`, each into a folder of its own name.

    A file appears whole or not at all. A file without our mark is never touched, nothing is removed. With `check`
    nothing is written: the outcomes say what would change.

    Raises:
        OSError: a file cannot be read or written; those before it are complete.
    """
    outcomes: list[Outcome] = []
    for target in targets:
        artefacts = target.compile(plan)
        outcomes += write(artefacts, directory / target.name, check=check)
    return outcomes


def write(artefacts: Sequence[Artefact], folder: Path, *, check: bool = False) -> list[Outcome]:
    """Write one target's files into `folder`; as `render` does.

    Raises:
        OSError: a file cannot be read or written.
        ValueError: two artefacts have one path.
    """
    wanted = {folder / artefact.path: artefact.text for artefact in artefacts}
    if len(wanted) != len(artefacts):
        raise ValueError(f"{folder.name}: several files of one path")
    outcomes = [_outcome(path, text, folder, check=check) for path, text in wanted.items()]
    return outcomes + [Outcome(path, State.LEFT_OVER) for path in _ours(folder) if path not in wanted]


def _outcome(path: Path, text: str, folder: Path, *, check: bool) -> Outcome:
    if _is_taken(path, folder):
        return Outcome(path, State.FOREIGN)
    present = _text(path)
    if present == text:
        return Outcome(path, State.SAME)
    if present is not None and not is_ours(present):
        return Outcome(path, State.FOREIGN)
    if check:
        state = State.MISSING if present is None else State.DIFFERENT
        return Outcome(path, state, _difference(path, present or "", text))
    _replace(path, text)
    return Outcome(path, State.WRITTEN)


def _is_taken(path: Path, folder: Path) -> bool:
    """Whether something that is no regular file stands at `path` or on the way to it from `folder`.

    A link is nobody's to write through: it may lead anywhere.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return True
    between = [parent for parent in path.parents if parent.is_relative_to(folder)]
    return any(parent.is_symlink() or (parent.exists() and not parent.is_dir()) for parent in between)


def _text(path: Path) -> str | None:
    """What stands in the file; `None` when there is none. What is no UTF-8 is not ours, whatever it says."""
    try:
        return path.read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), _FILE_MODE)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _ours(folder: Path) -> list[Path]:
    """The rendered files in `folder`, in order; folders behind links are not entered."""
    found: list[Path] = []
    seen = 0
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            seen += 1
            if seen > _MOST_FILES:
                return found
            path = Path(root, name)
            if path.is_file() and not path.is_symlink() and is_ours(_beginning(path)):
                found.append(path)
    return found


def _beginning(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(16_384).decode("utf-8", errors="replace")


def _difference(path: Path, present: str, text: str) -> str:
    from difflib import unified_diff

    lines = unified_diff(
        present.splitlines(keepends=True), text.splitlines(keepends=True), f"{path} (on disk)", f"{path} (rendered)"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)
