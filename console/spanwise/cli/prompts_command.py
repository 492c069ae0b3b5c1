"""What `spanwise prompts` prints."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.prompts import Prompt, PromptError, get
from spanwise.prompts.folder import folder
from spanwise.report import plain


DIFFERENT: Final = 1
WRONG_USE: Final = 2


def show_prompts(directory: Path | None, *, as_json: bool) -> int:
    """Print a line for each version of each prompt. The exit code: 2 when a file is broken, or there is none."""
    found = folder(directory)
    prompts, errors = found.prompts(), found.errors()
    if as_json:
        show_json([_document(prompt) for prompt in prompts])
    elif prompts:
        from rich.box import SIMPLE_HEAD
        from rich.table import Table

        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        for heading in ("prompt", "version", "labels", "variables", "hash", "file"):
            table.add_column(heading, overflow="fold")
        for prompt in prompts:
            cells = (prompt.name, prompt.version or "-", ", ".join(prompt.labels), ", ".join(prompt.variables))
            table.add_row(*map(plain, (*cells, prompt.hash, _short(prompt.source))))
        show_table(table)
    say(*errors)
    if not prompts and not errors:
        example = "triage.md: front matter with name and version, then text"
        say(f"no prompts in {found.path}; a prompt is a file as {example}")
    return WRONG_USE if errors or not prompts else 0


def show_prompt(name: str, directory: Path | None, *, as_json: bool) -> int:
    """Print one prompt."""
    try:
        prompt = _named(name, directory)
    except PromptError as error:
        say(str(error))
        return WRONG_USE
    if as_json:
        show_json(_document(prompt))
        return 0
    sys.stdout.write("".join(f"{plain(line)}\n" for line in _lines(prompt)))
    return 0


def show_difference(old: str, new: str, directory: Path | None) -> int:
    """Print a unified diff of two versions. The exit code: 1 when they differ, 2 when one is not there."""
    try:
        first, second = _named(old, directory), _named(new, directory)
    except PromptError as error:
        say(str(error))
        return WRONG_USE
    lines = list(unified_diff(list(_lines(first)), list(_lines(second)), old, new, lineterm=""))
    sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))
    return DIFFERENT if lines else 0


def _named(written: str, directory: Path | None) -> Prompt:
    name, at, version = written.partition("@")
    return get(name, version=version if at else None, directory=directory)


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
