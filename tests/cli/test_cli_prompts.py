"""`spanwise prompts`: what is there, what is wrong, and how versions differ."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import spanwise
from tests.cli.typed import typed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two versions of one prompt."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    for version, labels, text in ((1, "[]", "Sort {{mail}}."), (2, "[production]", "Sort {{mail}}, kindly.")):
        head = f"---\nname: triage\nversion: {version}\nlabels: {labels}\nmodel: {{name: gpt-4.1}}\n---\n"
        (folder / f"triage@{version}.md").write_text(f"{head}{text}\n")
    return tmp_path


def test_list(project: Path) -> None:
    """Every version with its labels, variables, hash and file."""
    ran = spanwise(project, "prompts", "list")
    assert ran.returncode == 0
    assert "production" in ran.stdout
    assert str(Path("prompts", "triage@1.md")) in ran.stdout.replace("\n", "")
    told = json.loads(spanwise(project, "prompts", "list", "--json").stdout)
    assert [(one["version"], one["labels"], one["variables"]) for one in told] == [
        ("1", [], {"mail": None}),
        ("2", ["production"], {"mail": None}),
    ]
    assert told[0]["hash"] != told[1]["hash"]


def test_list_with_a_broken_file(project: Path) -> None:
    """What is sound is listed; what is not has one line with file, line and key, and the exit code is 2."""
    (project / "prompts" / "bad.md").write_text("---\nversoin: 1\n---\na")
    ran = typed(project, "prompts", "list")
    assert ran.returncode == 2
    assert "triage" in ran.stdout
    assert "bad.md:2: versoin: not a key. Did you mean version?" in ran.stderr


def test_list_of_nothing(tmp_path: Path) -> None:
    """It says what a prompt is."""
    ran = typed(tmp_path, "prompts", "list")
    assert ran.returncode == 2
    assert "a prompt is a file as triage.md" in ran.stderr


def test_show(project: Path) -> None:
    """The version in production, or the one that is named."""
    assert "Sort {{mail}}, kindly." in typed(project, "prompts", "show", "triage").stdout
    ran = typed(project, "prompts", "show", "triage@1", "--json")
    assert json.loads(ran.stdout)["messages"] == [{"role": None, "template": "Sort {{mail}}."}]
    wrong = typed(project, "prompts", "show", "triag")
    assert wrong.returncode == 2
    assert "Did you mean triage?" in wrong.stderr


def test_diff(project: Path) -> None:
    """A unified diff; 0 for equal ones, 1 for others."""
    ran = typed(project, "prompts", "diff", "triage@1", "triage@2")
    assert ran.returncode == 1
    assert "-Sort {{mail}}.\n+Sort {{mail}}, kindly.\n" in ran.stdout
    assert typed(project, "prompts", "diff", "triage@1", "triage@1").returncode == 0
    assert typed(project, "prompts", "diff", "triage@1", "triage@9").returncode == 2


def test_push_label_and_pull(project: Path) -> None:
    """What is pushed can be labelled and pulled elsewhere; a changed text under its version is refused."""
    pushed = typed(project, "prompts", "push", "--by", "ann")
    assert (pushed.returncode, "triage@1 pushed" in pushed.stderr) == (0, True)
    labelled = typed(project, "prompts", "label", "triage", "1", "production", "--by", "bob")
    assert "triage@1 has the label production, which triage@2 had" in labelled.stderr
    told = json.loads(typed(project, "prompts", "list", "--json").stdout)
    assert [(one["where"], one["differs"]) for one in told] == [("both", ["labels"]), ("both", ["labels"])]
    pulled = typed(project, "prompts", "pull", "triage:production", "--dir", "other")
    assert pulled.returncode == 0, pulled.stderr
    assert "Sort {{mail}}." in (project / "other" / "triage.md").read_text()
    shown = typed(project, "prompts", "show", "triage").stdout
    assert "label production: 1 since" in shown
    assert "by bob" in shown


def test_a_changed_version_is_refused_and_shown(project: Path) -> None:
    """Exit code 2 with the file, the version and how to fix it; diff shows the change; pull does not lose it."""
    typed(project, "prompts", "push")
    file = project / "prompts" / "triage@2.md"
    file.write_text(file.read_text().replace("kindly", "now"))
    refused = typed(project, "prompts", "push")
    assert (refused.returncode, "Give the file another version" in refused.stderr) == (2, True)
    changed = typed(project, "prompts", "diff", "triage@2")
    assert changed.returncode == 1
    assert "-Sort {{mail}}, kindly.\n+Sort {{mail}}, now.\n" in changed.stdout
    assert "differs in text" in typed(project, "prompts", "list", COLUMNS="200").stdout
    assert typed(project, "prompts", "pull", "triage@2").returncode == 2
    assert typed(project, "prompts", "pull", "triage@2", "--force").returncode == 0
    assert "kindly" in file.read_text()
    assert typed(project, "prompts", "pull", "triage@7").returncode == 2
