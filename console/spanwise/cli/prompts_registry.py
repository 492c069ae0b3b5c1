"""`spanwise prompts push`, `label` and `pull`: between the files of a project and the registry in the store."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Final

from spanwise.cli.output import say
from spanwise.cli.prompts_file import prompt_file
from spanwise.prompts import Prompt, PromptError
from spanwise.prompts.document import is_same
from spanwise.prompts.file import NAME
from spanwise.prompts.folder import PRODUCTION, folder
from spanwise.report import plain
from spanwise.report.quantity import counted
from spanwise.store.prompt_registry import PromptRegistry, Pushed, StoredPrompt, VersionError


WRONG_USE: Final = 2


def push_prompts(name: str | None, directory: Path | None, store: Path | None, by: str) -> int:
    """Push the versions in files, of one prompt or of all. The exit code: 2 when none was, or a file is broken.

    Raises:
        StoreError: the store cannot be used.
    """
    found = folder(directory)
    prompts, errors = [prompt for prompt in found.prompts() if name in (None, prompt.name)], found.errors()
    say(*errors)
    if not prompts:
        there = ", ".join(sorted({prompt.name for prompt in found.prompts()})) or "none"
        which = f"no prompt {plain(name, 40)}" if name else "no prompts"
        say(f"{which} in {found.path}; found: {there}. A prompt is a file with front matter, as triage.md")
        return WRONG_USE
    registry = PromptRegistry(store)
    try:
        results = registry.push(prompts, by=by or _user())
    except VersionError as error:
        say(f"{error} Nothing was pushed.")
        return WRONG_USE
    for prompt, result in zip(prompts, results, strict=True):
        if result is Pushed.NEW:
            say(
                f"{prompt.name}@{prompt.version} pushed"
                + (f", labels {', '.join(prompt.labels)}" * bool(prompt.labels))
            )
    new = results.count(Pushed.NEW)
    known = f", {len(results) - new} there before" if len(results) > new else ""
    say(f"{counted(new, 'version')} new in {registry.path}{known}")
    return WRONG_USE if errors else 0


def label_prompt(name: str, version: str, label: str, store: Path | None, by: str) -> int:
    """Put a label on a version in the registry. The exit code: 2 when there is no such version.

    Raises:
        StoreError: the store cannot be used.
    """
    if not NAME.matches(label):
        say(f"{plain(label, 40)} is no label; accepted: {NAME.wanted}")
        return WRONG_USE
    try:
        before = PromptRegistry(store).label(name, version, label, by=by or _user())
    except VersionError as error:
        say(plain(str(error), 400))
        return WRONG_USE
    if before == version:
        say(f"{name}@{version} has the label {label} already")
    else:
        say(f"{name}@{version} has the label {label}" + (f", which {name}@{before} had" if before else ""))
    return 0


def pull_prompt(written: str, directory: Path | None, store: Path | None, *, force: bool) -> int:
    """Write a version of the registry as a file. The exit code: 2 when it is not there, or a file would be lost.

    Raises:
        StoreError: the store cannot be used.
    """
    found = folder(directory)
    try:
        prompt = in_registry(written, PromptRegistry(store)).prompt
        ending, text = prompt_file(prompt)
    except PromptError as error:
        say(plain(str(error), 400))
        return WRONG_USE
    same = [kept for kept in found.prompts() if (kept.name, kept.version) == (prompt.name, prompt.version)]
    if same and is_same(same[-1], prompt):
        say(f"{prompt.name}@{prompt.version} is in {same[-1].source} already, alike")
        return 0
    if same and not force:
        say(
            f"{same[-1].source}: version: {prompt.name}@{prompt.version} is there with another text or settings; give "
            f"that file another version, or replace it with --force. spanwise prompts diff "
            f"{prompt.name}@{prompt.version} shows the difference."
        )
        return WRONG_USE
    file = Path(same[-1].source).with_suffix(ending) if same else _free(found.path, prompt, ending)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
        if same and Path(same[-1].source) != file:
            Path(same[-1].source).unlink()
    except OSError as error:
        say(f"{file}: cannot be written ({error.strerror or type(error).__name__})")
        return WRONG_USE
    say(f"{prompt.name}@{prompt.version} written to {file}")
    return 0


def in_registry(written: str, registry: PromptRegistry) -> StoredPrompt:
    """The version that `written` means: `NAME`, `NAME@VERSION` or `NAME:LABEL`.

    A name alone is the version labelled `production`, or else the latest.

    Raises:
        PromptError: there is none.
    """
    name, at, version = written.partition("@")
    label = ""
    if not at:
        name, _, label = written.partition(":")
    named = [kept for kept in registry.prompts() if kept.prompt.name == name]
    if at:
        wanted = [kept for kept in named if kept.prompt.version == version]
    else:
        wanted = [kept for kept in named if (label or PRODUCTION) in kept.prompt.labels] or ([] if label else named)
    if wanted:
        return wanted[-1]
    there = ", ".join(
        f"{kept.prompt.name}@{kept.prompt.version}" + "".join(f":{label}" for label in kept.prompt.labels)
        for kept in named or registry.prompts()[:20]
    )
    raise PromptError(f"no prompt {written} in the registry of {registry.path}; found: {there or 'none'}.")


def _free(directory: Path, prompt: Prompt, ending: str) -> Path:
    """A name for a file that is not there: names of prompts are names of files, too."""
    file = directory / f"{prompt.name}{ending}"
    return directory / f"{prompt.name}@{prompt.version}{ending}" if file.exists() else file


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
