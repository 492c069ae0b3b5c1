"""`spanwise doctor`: why are there no spans, or two of everything?"""

from __future__ import annotations

import json
import socket
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from typing import Any

import pytest

from spanwise.cli.backend import endpoint_check
from spanwise.cli.check import Verdict
from spanwise.cli.suites import suite_checks
from tests.cli.command import spanwise


def checks(directory: Path, code: int, **variables: str) -> dict[str, Any]:
    """What `spanwise doctor --json` finds, by name; it must end with `code`."""
    ran = spanwise(directory, "doctor", "--json", **variables)
    assert ran.returncode == code, ran.stdout + ran.stderr
    report = json.loads(ran.stdout)
    assert report["ok"] is (code == 0)
    return {check["name"]: check for check in report["checks"]}


def test_healthy(tmp_path: Path) -> None:
    """With nothing wrong, a span has gone the whole way and the exit code is 0."""
    found = checks(tmp_path, 0)
    assert found["test span"]["found"] == "made in a child process, processed, received"
    assert "not captured" in found["message content"]["found"]
    assert list(tmp_path.iterdir()) == [], "the doctor leaves nothing behind"


def test_verdict_in_words(tmp_path: Path) -> None:
    """The text ends with a verdict."""
    assert "verdict: ok" in spanwise(tmp_path, "doctor").stdout
    shown = spanwise(tmp_path, "doctor", OTEL_SDK_DISABLED="true").stdout
    assert "unset OTEL_SDK_DISABLED" in shown
    assert "verdict: 2 problems found" in shown


@pytest.mark.parametrize(
    ("variables", "name", "fix"),
    [
        ({"OTEL_SDK_DISABLED": "true"}, "SDK", "unset OTEL_SDK_DISABLED"),
        ({"SPANWISE_PIPELINE": "off"}, "pipeline", "unset SPANWISE_PIPELINE"),
        ({"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "*"}, "instrumentations", "unset"),
        ({"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "spanwise-openai"}, "spanwise-openai", "take it out of"),
        ({"OTEL_PYTHON_DISTRO": "none"}, "distro", "unset OTEL_PYTHON_DISTRO"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}, "OTLP endpoint", "start the collector"),
        ({"OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "yes"}, "message content", "NO_CONTENT"),
    ],
)
def test_problems(tmp_path: Path, variables: dict[str, str], name: str, fix: str) -> None:
    """Each reason for seeing nothing is named, with what to do about it, and the exit code is 1."""
    found = checks(tmp_path, 1, **variables)[name]
    assert found["verdict"] == "problem"
    assert fix in found["fix"]


def test_broken_store(tmp_path: Path) -> None:
    """A store that cannot be read is a problem, not a traceback."""
    (tmp_path / ".spanwise").mkdir()
    (tmp_path / ".spanwise" / "spanwise.duckdb").write_text("x" * 100)
    assert "is not a DuckDB file" in checks(tmp_path, 1)["store"]["found"]


def test_endpoint_shows_no_secret() -> None:
    """An endpoint is shown as host and port; credentials and tokens in it are not."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        url = f"http://user:hunter2@127.0.0.1:{port}/v1?token=hunter2"
        check = endpoint_check({"OTEL_EXPORTER_OTLP_ENDPOINT": url})
    assert check.verdict is Verdict.OK
    assert check.found == f"127.0.0.1:{port} takes connections (OTEL_EXPORTER_OTLP_ENDPOINT)"


@pytest.mark.parametrize("url", ["http://[::1", "http://", "http://h:99999999"])
def test_endpoint_that_is_no_url(url: str) -> None:
    """What is not a URL is named without repeating it."""
    check = endpoint_check({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url})
    assert check.verdict is Verdict.PROBLEM
    assert "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is not a URL" in check.found


class Installed(Distribution):
    """A distribution that is only a name."""

    def __init__(self, name: str) -> None:
        self._named = name

    @property
    def metadata(self) -> Any:
        """The name."""
        return {"Name": self._named}

    def read_text(self, filename: str) -> None:
        """Nothing."""

    def locate_file(self, path: Any) -> Any:
        """Nowhere."""
        return path


def entry(name: str, distribution: str) -> EntryPoint:
    """An instrumentation `name` of `distribution`."""
    point = EntryPoint(name, "m:I", "opentelemetry_instrumentor")
    object.__setattr__(point, "dist", Installed(distribution))
    return point


OURS = entry("spanwise-openai", "spanwise")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (entry("openai", "openinference-instrumentation-openai"), "of which one counts"),
        (entry("openai", "opentelemetry-instrumentation-openai"), "of which one counts"),
        (entry("openai", "opentelemetry-instrumentation-genai-openai"), "each call is counted once"),
        (entry("openai_agents", "openinference-instrumentation-openai-agents"), None),
        (entry("requests", "opentelemetry-instrumentation-requests"), None),
    ],
)
def test_second_suite(other: EntryPoint, said: str | None) -> None:
    """Another suite that records the same SDK is named, with the variable that leaves one; its spans do not count."""
    found = {check.name: check for check in suite_checks({}, [OURS, other])}
    seen = found.get("second openai suite")
    assert (seen is not None) is (said is not None)
    if seen is not None and said is not None:
        assert said in seen.found
        assert seen.verdict is Verdict.NOTE
        if "of which" in said:
            assert seen.fix == "set OTEL_PYTHON_DISABLED_INSTRUMENTATIONS=openai to have one"


def test_second_suite_switched_off() -> None:
    """A suite that is switched off counts for nothing."""
    other = entry("openai", "openinference-instrumentation-openai")
    found = suite_checks({"OTEL_PYTHON_DISABLED_INSTRUMENTATIONS": "openai"}, [OURS, other])
    assert [check for check in found if check.name == "second openai suite"] == []


def test_shared_name() -> None:
    """Two suites under one name are told apart by distribution, because one variable switches both."""
    found = suite_checks({}, [entry("openai", "a"), entry("openai", "b")])
    (note,) = [check for check in found if check.name == "name openai"]
    assert note.found == "used by a, b"
