"""What `spanwise prompts` prints."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.cli.prompts_places import places_of
from spanwise.cli.prompts_registry import in_registry
from spanwise.prompts import Prompt, PromptError
from spanwise.prompts.document import is_same
from spanwise.prompts.folder import folder
from spanwise.prompts.registry_copy import FILE, read_copy
from spanwise.report import plain
from spanwise.store.prompt_registry import LabelMove, PromptRegistry, StoredPrompt


DIFFERENT: Final = 1
WRONG_USE: Final = 2


def show_prompts(directory: Path | None, store: Path | None, *, as_json: bool) -> int:
    """Print a line for each version of each prompt. The exit code: 2 when a file is broken, or there is none.

    Raises:
        StoreError: the store cannot be used.
    """
    found = folder(directory)
    registry = PromptRegistry(store)
    stored, errors = registry.prompts(), found.errors()
    _mend(registry, stored)
    places = places_of(found.prompts(), stored)
    if as_json:
        show_json(
            [{**_document(place.prompt), "where": place.where, "differs": list(place.differs)} for place in places]
        )
    elif places:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in ("prompt", "version", "labels", "variables", "hash", "where", "file"):
            table.add_column(heading, overflow="fold")
        for place in places:
            prompt = place.prompt
            cells = (prompt.name, prompt.version or "-", ", ".join(prompt.labels), ", ".join(prompt.variables))
            file = "-" if place.file is None else _short(place.file.source)
            table.add_row(*map(plain, (*cells, prompt.hash, place.said(), file)))
        show_table(table)
    say(*errors)
    if not places and not errors:
        example = "triage.md: front matter with name and version, then text"
        say(f"no prompts in {found.path}; a prompt is a file as {example}")
    return WRONG_USE if errors or not places else 0


def show_prompt(name: str, directory: Path | None, store: Path | None, *, as_json: bool) -> int:
    """Print one prompt, and what happened to its labels.

    Raises:
        StoreError: the store cannot be used.
    """
    registry = PromptRegistry(store)
    try:
        prompt = _named(name, directory, registry)
    except PromptError as error:
        say(str(error))
        return WRONG_USE
    stored = [kept for kept in registry.prompts() if kept.prompt.name == prompt.name]
    mine = next((kept for kept in stored if kept.prompt.version == prompt.version), None)
    moves = stored[0].moves if stored else ()
    if as_json:
        show_json(
            {**_document(prompt), "registry": _registered(mine), "label_history": [_move(move) for move in moves]}
        )
        return 0
    lines = list(_lines(prompt))
    lines.insert(4, "registry: " + (f"pushed {mine.pushed_at:%Y-%m-%d %H:%M} UTC by {mine.pushed_by}" if mine else "-"))
    lines[5:5] = [
        f"label {move.label}: {move.version} since {move.at:%Y-%m-%d %H:%M} UTC by {move.by}" for move in moves
    ]
    if mine and not is_same(prompt, mine.prompt):
        say(f"{prompt.source}: differs from the registry; next: spanwise prompts diff {prompt.name}@{prompt.version}")
    sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))
    return 0


def show_difference(old: str, new: str, directory: Path | None, store: Path | None) -> int:
    """Print a unified diff of two versions. The exit code: 1 when they differ, 2 when one is not there.

    Without `new` it is what the registry and the files have of `old`.

    Raises:
        StoreError: the store cannot be used.
    """
    registry = PromptRegistry(store)
    try:
        if new:
            first, second = _named(old, directory, registry), _named(new, directory, registry)
            titles = (old, new)
        else:
            second = _in_files(old, directory)
            first = in_registry(f"{second.name}@{second.version}", registry).prompt
            titles = (first.source, _short(second.source))
    except PromptError as error:
        say(str(error))
        return WRONG_USE
    lines = list(unified_diff(list(_lines(first)), list(_lines(second)), *titles, lineterm=""))
    sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))
    return DIFFERENT if lines else 0


def _mend(registry: PromptRegistry, stored: Sequence[StoredPrompt]) -> None:
    """Write the copy that applications read, where it is not what the registry has."""
    if not stored:
        return
    try:
        kept = read_copy(registry.path.with_name(FILE))
    except (OSError, ValueError):
        kept = []
    if [(prompt.name, prompt.version, prompt.labels) for prompt in kept] != [
        (one.prompt.name, one.prompt.version, one.prompt.labels) for one in stored
    ]:
        registry.write_copy()
        say(f"{registry.path.with_name(FILE)}, which applications read, was written again")


def _named(written: str, directory: Path | None, registry: PromptRegistry) -> Prompt:
    """In files, or else in the registry of the store that is meant here."""
    try:
        return _in_files(written, directory)
    except PromptError as error:
        try:
            return in_registry(written, registry).prompt
        except PromptError:
            raise error from None


def _in_files(written: str, directory: Path | None) -> Prompt:
    name, at, version = written.partition("@")
    label = ""
    if not at:
        name, _, label = written.partition(":")
    return folder(directory).get(name, label=label, version=version if at else None)


def _registered(stored: StoredPrompt | None) -> dict[str, object] | None:
    if stored is None:
        return None
    return {"pushed_at": stored.pushed_at.isoformat(), "pushed_by": stored.pushed_by, "hash": stored.prompt.hash}


def _move(move: LabelMove) -> dict[str, object]:
    return {"label": move.label, "version": move.version, "at": move.at.isoformat(), "by": move.by}


def _lines(prompt: Prompt) -> Iterator[str]:
    yield f"name: {prompt.name}"
    yield f"version: {prompt.version or '-'}"
    yield f"labels: {', '.join(prompt.labels) or '-'}"
    yield f"hash: {prompt.hash}"
    for key, value in prompt.model.items():
        yield f"model.{key}: {value}"
    for name in prompt.variables:
        yield f"variable {name}" + (f": {prompt.defaults[name]}" if name in prompt.defaults else "")
    for message in prompt.messages:
        yield ""
        if message.role:
            yield f"[{message.role}]"
        yield from message.template.split("\n")


def _document(prompt: Prompt) -> dict[str, object]:
    return {
        "name": prompt.name,
        "version": prompt.version,
        "labels": list(prompt.labels),
        "hash": prompt.hash,
        "variables": {name: prompt.defaults.get(name) for name in prompt.variables},
        "model": dict(prompt.model),
        "messages": [{"role": message.role or None, "template": message.template} for message in prompt.messages],
        "file": prompt.source,
    }


def _short(path: str) -> str:
    """`path` from here, where it is below the working directory."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path
