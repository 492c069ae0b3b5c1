"""`spanwise doctor` names the SDKs that are here, and those whose version is not recorded."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

import pytest

from spanwise.cli import supported
from spanwise.cli.check import Verdict
from spanwise.cli.suites import GROUP, ours
from spanwise.cli.supported import supported_checks
from tests.cli.test_cli_doctor import entry


OURS = ours(entry_points(group=GROUP))


def chosen(*names: str) -> list[EntryPoint]:
    """Our instrumentors of these names."""
    return [entry for entry in OURS if entry.name in names]


def installed(monkeypatch: pytest.MonkeyPatch, **versions: str) -> None:
    """Pretend that these are installed, and nothing else."""
    found = {name.replace("_", "-"): version for name, version in versions.items()}
    monkeypatch.setattr(supported, "installed_version", found.get)


def test_every_instrumentor_is_looked_at() -> None:
    """What is installed is told with its version, what is not in one line; together that is all of them."""
    found = supported_checks()
    missing = next((check.found.split(", ") for check in found if check.name == "not installed"), [])
    assert len(OURS) > 20
    assert len(found) - bool(missing) + len(missing) == len(OURS)
    assert {check.name for check in found} >= {"openai", "anthropic", "cohere", "google-genai", "httpx"}
    assert all(check.verdict is Verdict.OK for check in found)


def test_a_version_that_is_not_supported(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a problem, because its calls make no spans, and the fix is a command."""
    installed(monkeypatch, openai="0.28.1", anthropic="0.40.0")
    checks = supported_checks(chosen("spanwise-openai", "spanwise-anthropic", "spanwise-groq"))
    found = {check.name: check for check in checks}
    assert found["openai"].verdict is Verdict.PROBLEM
    assert found["openai"].fix == "pip install 'openai<4,>=1.40'"
    assert found["anthropic"].found == "0.40.0, recorded"
    assert found["not installed"].found == "groq"


def test_nothing_that_calls_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only libraries for requests are installed, spanwise is in another environment than the application."""
    installed(monkeypatch, httpx="0.28.1")
    checks = supported_checks(chosen("spanwise-openai", "spanwise-httpx"))
    assert checks[-1].verdict is Verdict.NOTE
    assert "environment of the application" in checks[-1].fix


def test_others_are_left_out() -> None:
    """Instrumentations of other distributions say nothing of what we record."""
    other = entry("openai", "openinference-instrumentation-openai")
    assert not hasattr(other, "requirement")
    assert [check.name for check in supported_checks([other])] == ["provider SDK"]
