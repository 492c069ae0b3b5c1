"""The names are what the registry says, cheap to import, and nobody spells them by hand."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from spanwise.semconv import attributes, generate


ROOT = Path(__file__).parents[2]
SOURCES = ("processors", "instrumentation", "collector", "console")


@pytest.mark.parametrize("name", sorted(generate.render()))
def test_committed_modules_are_what_the_registry_says(name: str) -> None:
    """Every generated module is the registry's, formatted."""
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "-", "--stdin-filename", f"conventions/{name}"],
        input=generate.render()[name],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert (ROOT / "conventions/spanwise/semconv" / name).read_text("utf-8") == formatted.stdout


def test_no_name_is_declared_twice() -> None:
    """A name stands in one registry file."""
    names = [entry["name"] for file in generate.load() for entry in file.get("attributes", [])]
    assert len(names) == len(set(names))


def test_every_attribute_has_a_sensitivity() -> None:
    """Redaction can rely on the sensitivity of each attribute."""
    levels = {entry["sensitivity"] for file in generate.load() for entry in file.get("attributes", [])}
    assert levels == {"content", "personal", "plain", "safe"}


def test_product_code_spells_no_attribute_name() -> None:
    """Attribute names come from `spanwise.semconv`, never from a literal."""
    names = {value for key, value in vars(attributes).items() if key.isupper() and isinstance(value, str)}
    literal = re.compile(r"""["']((?:gen_ai|openai|spanwise)\.[a-z0-9_.]+)["']""")
    found = [
        f"{path.relative_to(ROOT)}: {match[1]}"
        for source in SOURCES
        for path in (ROOT / source).rglob("*.py")
        for match in literal.finditer(path.read_text("utf-8"))
        if match[1] in names
    ]
    assert found == []


def test_importing_the_names_imports_nothing_else() -> None:
    """The constants cost no dependency at import."""
    code = "import sys, spanwise.semconv; print([m for m in ('opentelemetry', 'yaml', 'orjson') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
