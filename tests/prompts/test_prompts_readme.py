"""What the README of prompts shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import spanwise.prompts
from spanwise.prompts import folder as folders
from spanwise.prompts import registry_copy
from tests.cli.command import spanwise as command


TEXT = Path(spanwise.prompts.__file__).with_name("README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """The blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_file_the_program_and_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The prompt is read and filled; each command ends well."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPANWISE_STORE", raising=False)
    monkeypatch.setattr(folders, "_folders", {})
    monkeypatch.setattr(registry_copy, "_copies", {})
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "triage.md").write_text(blocks("markdown")[0])
    said: dict[str, object] = {}
    exec(blocks("python")[0], said)
    assert said["messages"] == [
        {"role": "system", "content": "Sort e-mails, in a friendly voice."},
        {"role": "user", "content": "Where is my parcel?"},
    ]
    for line in blocks("console")[0].splitlines():
        ran = command(tmp_path, *line.partition("#")[0].split()[2:])
        assert ran.returncode == 0, (line, ran.stderr)
