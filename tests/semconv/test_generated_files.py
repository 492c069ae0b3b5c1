"""The committed files are what the registry says, and nobody spells a name by hand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from spanwise.semconv import attributes
from spanwise.semconv.generate import ROOT, render, write


REPOSITORY = ROOT.parent
SOURCES = ("processors", "instrumentation", "collector", "console")
RENDERED = render()


@pytest.fixture(scope="module")
def formatted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with everything generated anew, the Python formatted in house style."""
    folder = tmp_path_factory.mktemp("generated")
    write(folder)
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "-q",
        "--no-cache",
        "--config",
        str(REPOSITORY / "pyproject.toml"),
    ]
    subprocess.run([*command, str(folder)], check=True)
    return folder


@pytest.mark.parametrize("path", sorted(RENDERED))
def test_committed_files_are_what_the_registry_says(path: str, formatted: Path) -> None:
    """Every generated module, schema and page is committed as `make generate` writes it."""
    assert (ROOT / path).read_text("utf-8") == (formatted / path).read_text("utf-8")


@pytest.mark.parametrize(("folder", "ending"), [("spanwise/semconv/schemas", ".json"), ("reference", ".md")])
def test_no_generated_file_outlives_its_source(folder: str, ending: str) -> None:
    """What the registry no longer makes is not left lying about."""
    committed = {f"{folder}/{path.name}" for path in (ROOT / folder).iterdir()}
    assert committed == {path for path in RENDERED if path.startswith(f"{folder}/") and path.endswith(ending)}


def test_what_is_generated_says_so() -> None:
    """A reader of a generated file learns where a change belongs."""
    assert [path for path, text in RENDERED.items() if "make generate" not in text] == []


def test_product_code_spells_no_attribute_name() -> None:
    """Attribute names come from `spanwise.semconv`, never from a literal."""
    names = {value for key, value in vars(attributes).items() if key.isupper() and isinstance(value, str)}
    literal = re.compile(r"""["']((?:gen_ai|openai|mcp|aws|spanwise)\.[a-z0-9_.]+)["']""")
    found = [
        f"{path.relative_to(REPOSITORY)}: {match[1]}"
        for source in SOURCES
        for path in (REPOSITORY / source).rglob("*.py")
        for match in literal.finditer(path.read_text("utf-8"))
        if match[1] in names
    ]
    assert found == []
