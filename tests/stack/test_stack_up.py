"""`spanwise deploy up --local` with the real engines: a user's first stack, and its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from spanwise.deploy.stack import ENGINES, Ports
from tests.cli.command import SPANWISE, environment, spanwise
from tests.stack.deadline import until
from tests.stack.engines import RECIPES, Cache
from tests.stack.http import get, send
from tests.stack.jaeger_api import JaegerApi


READY_WITHIN_S = 120.0
SEEN_WITHIN_S = 60.0
TRACE = "0af7651916cd43dd8448eb211c80319c"

OFFSET = next(
    offset
    for offset in range(3_000 + os.getpid() % 40 * 100, 9_000)
    if not Ports.shifted(offset).taken([engine.name for engine in ENGINES])
)


@dataclass(frozen=True, slots=True)
class Up:
    """A running `spanwise deploy up`."""

    child: subprocess.Popen[str]
    addresses: dict[str, dict[str, str]]

    def stop(self) -> tuple[int, str]:
        """Ask it to end; its exit code and what it said."""
        self.child.send_signal(signal.SIGTERM)
        _, said = self.child.communicate(timeout=READY_WITHIN_S)
        return self.child.returncode, said


def engines() -> str:
    """The folder above `bin`, with every engine built."""
    cache = Cache.of_environment()
    for recipe in RECIPES.values():
        for name in recipe.binaries:
            cache.program(recipe, name)
    return str(cache.bin.parent)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A stack in a user's folder, once it has said where everything is."""
    command = [str(SPANWISE), "deploy", "up", "--local", "--json", "--offset", str(OFFSET)]
    child = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment(SPANWISE_ENGINES=engines()),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        document = ""
        while not document.endswith("}\n") or document.count("{") != document.count("}"):
            line = child.stdout.readline()
            assert line, child.communicate()[1]
            document += line
        yield Up(child, json.loads(document)["engines"])
    finally:
        child.terminate()
        child.communicate(timeout=READY_WITHIN_S)


def spans() -> bytes:
    """One model call, as OTLP JSON."""
    attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4.1", "gen_ai.provider.name": "openai"}
    span = {
        "traceId": TRACE,
        "spanId": "b7ad6b7169203331",
        "name": "chat gpt-4.1",
        "kind": 3,
        "startTimeUnixNano": "1790000000000000000",
        "endTimeUnixNano": "1790000001000000000",
        "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in attributes.items()],
    }
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": "first"}}]}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [span]}]}]}).encode()


def test_a_first_stack_works_and_goes_away(up: Up) -> None:
    """What is sent to the address it prints is found at the others; afterwards no port of it is taken."""
    assert list(up.addresses) == ["alertmanager", "prometheus", "jaeger", "collector"]
    otlp = up.addresses["collector"]["OTLP/HTTP"]
    status, body = send(f"{otlp}/v1/traces", body=spans(), headers={"content-type": "application/json"})
    assert status == 200, body
    jaeger = JaegerApi(up.addresses["jaeger"]["traces"])
    until(lambda: jaeger.trace(TRACE), within_s=SEEN_WITHIN_S, what="the trace is in Jaeger")
    prometheus = up.addresses["prometheus"]["metrics"]

    def targets() -> bool:
        found = get(f"{prometheus}/api/v1/targets")["data"]["activeTargets"]
        return len(found) == 2 and all(target["health"] == "up" for target in found)

    until(targets, within_s=SEEN_WITHIN_S, what="Prometheus scrapes itself and the Collector")
    managers = get(f"{prometheus}/api/v1/alertmanagers")["data"]["activeAlertmanagers"]
    assert [entry["url"].partition("/api/")[0] for entry in managers] == [up.addresses["alertmanager"]["alerts"]]
    assert get(f"{prometheus}/api/v1/rules")["data"]["groups"]
    code, said = up.stop()
    assert code == 0, said
    assert Ports.shifted(OFFSET).taken([engine.name for engine in ENGINES]) == {}


def test_rendered_files_pass_the_engines_own_checks(tmp_path: Path) -> None:
    """`spanwise deploy check` asks otelcol, promtool and amtool about every committed file that they judge."""
    root = Path(__file__).parents[2] / "deploy"
    asked = (
        "collector",
        "prometheus/prometheus.yaml",
        "prometheus/rules",
        "prometheus/tests/retries.yaml",
        "alertmanager",
    )
    folders = [root / name for name in (*asked, "kubernetes")]
    (tmp_path / "password").write_text("x")
    ran = spanwise(
        tmp_path,
        "deploy",
        "check",
        *folders,
        "--json",
        SPANWISE_ENGINES=engines(),
        SPANWISE_KAFKA_PASSWORD_FILE=str(tmp_path / "password"),
    )
    documents = json.loads(ran.stdout)
    assert {document["tool"] for document in documents} >= {
        "otelcol validate",
        "promtool check config",
        "promtool check rules",
        "promtool test rules",
        "amtool check-config",
        "schema",
    }
    exercised = [document for document in documents if "/contrib/" not in document["file"]]
    assert [document for document in exercised if document["findings"] or document["missing"]] == []


def test_a_mistake_in_a_rule_has_its_line(tmp_path: Path) -> None:
    """As promtool says it, with the file and the line that an editor jumps to."""
    (tmp_path / "r.yaml").write_text("groups:\n  - name: a\n    rules:\n      - alert: B\n        expr: sum(\n")
    ran = spanwise(tmp_path, "deploy", "check", "r.yaml", SPANWISE_ENGINES=engines())
    assert ran.returncode == 1
    assert ran.stdout.startswith("r.yaml:5: ")
    assert ran.stdout.endswith("[promtool check rules]\n")


def test_a_mistake_in_a_collector_file_has_its_line(tmp_path: Path) -> None:
    """The Collector names the component and no line."""
    (tmp_path / "c.yaml").write_text(
        "receivers:\n  otlp: {protocols: {grpc: {}}}\nexporters:\n  debug:\n    verbosty: basic\n"
        "service:\n  pipelines:\n    traces: {receivers: [otlp], exporters: [debug]}\n"
    )
    ran = spanwise(tmp_path, "deploy", "check", "c.yaml", SPANWISE_ENGINES=engines())
    assert ran.returncode == 1
    assert "verbosty" in ran.stdout
    assert any(line.startswith(("c.yaml:4: ", "c.yaml:5: ")) for line in ran.stdout.splitlines()), ran.stdout
