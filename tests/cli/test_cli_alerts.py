"""`spanwise alerts` shows what rings, `alerts test` reaches a receiver, and `serve` pages a laptop."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from spanwise.alert import ALERTS
from spanwise.store import Store
from tests.alerting.traffic import calls
from tests.cli.command import MODEL_CALL, SPANWISE, environment, spanwise
from tests.notify.endpoint import Endpoint, Reply


SECRET = "sk-hidden-part-0123456789"
LIMIT = "alerts: {interval_s: 1, thresholds: {spend_rate_usd: 0.0001}"


def policy(folder: Path, endpoint: Endpoint | None = None, more: str = "") -> None:
    """A policy that rings for any spend, with a receiver where there is an endpoint for it."""
    (folder / "token").write_text(SECRET, encoding="utf-8")
    token = folder / "token"
    receiver = (
        f", receivers: {{ops: {{webhook: {{url: '{endpoint.url}', token_file: '{token}'}}}}}}" if endpoint else ""
    )
    (folder / "spanwise.yaml").write_text(f"{LIMIT}{receiver}{more}}}\n", encoding="utf-8")


def dear_store(folder: Path) -> None:
    """A store in which the last hour cost 30 USD."""
    now_s = time.time()
    store = Store(folder / ".spanwise" / "spanwise.duckdb")
    store.prepare()
    store.write(calls(60, now_s - 1_800, now_s - 1, usd=1.0))


def test_a_store_that_nobody_watches_is_evaluated_when_it_is_asked_for(tmp_path: Path) -> None:
    """The table says what is beyond its threshold now, and that nobody is told."""
    policy(tmp_path)
    dear_store(tmp_path)
    shown = spanwise(tmp_path, "alerts")
    assert shown.returncode == 0
    (line,) = [line for line in shown.stdout.splitlines() if line.lstrip().startswith("spend_rate ")]
    assert {"holds", "page", "shop,", "gpt-5"} <= set(line.split())
    assert "nobody watches this store" in shown.stderr
    assert "17 alerts cannot be evaluated here" in shown.stderr


def test_every_alert_is_in_the_json_with_a_reason_where_it_has_no_value(tmp_path: Path) -> None:
    """What cannot be evaluated is listed with why, not left out."""
    policy(tmp_path)
    dear_store(tmp_path)
    document = json.loads(spanwise(tmp_path, "alerts", "--json").stdout)
    by_name = {row["alert"].split("/")[0]: row for row in document["alerts"]}
    assert set(by_name) == set(ALERTS)
    assert by_name["spend_rate"]["state"] == "holds"
    assert by_name["spend_rate"]["labels"]["service_name"] == "shop"
    assert by_name["collector_queue"]["state"] == "not_applicable"
    assert "Collector" in by_name["collector_queue"]["reason"]
    assert not document["watched"]


def test_an_empty_store_is_calm(tmp_path: Path) -> None:
    """Without a store, or a policy, nothing rings."""
    shown = spanwise(tmp_path, "alerts")
    assert (shown.returncode, shown.stdout) == (0, "")
    assert shown.stderr.startswith("0 ringing, of 25 rules evaluated now")


def test_a_test_reaches_the_receiver_and_says_what_it_answered(tmp_path: Path) -> None:
    """A notice that nobody takes for a real one, with its end, and exit code 0."""
    with Endpoint() as endpoint:
        policy(tmp_path, endpoint)
        sent = spanwise(tmp_path, "alerts", "test", "spend_rate")
    assert (sent.returncode, sent.stderr) == (0, "spanwise: ops by webhook took it: 200 OK: ok\n")
    assert [request.body["status"] for request in endpoint.requests] == ["firing", "resolved"]
    alert = endpoint.requests[0].body["alerts"][0]
    assert alert["labels"] == {"alertname": "SpanwiseSpendRate", "severity": "page", "test": "true"}
    assert alert["annotations"]["summary"] == "Test of SpanwiseSpendRate: nothing is wrong"
    assert endpoint.requests[0].headers["Authorization"] == f"Bearer {SECRET}"


def test_a_test_that_is_refused_says_why(tmp_path: Path) -> None:
    """The other side's words, and exit code 1."""
    with Endpoint(Reply(403, body="wrong token"), Reply(403)) as endpoint:
        policy(tmp_path, endpoint)
        sent = spanwise(tmp_path, "alerts", "test", "unpriced", "--receiver", "ops")
    assert sent.returncode == 1
    assert "ops by webhook did not take its begin: 403 Forbidden: wrong token" in sent.stderr


def test_a_dry_run_sends_nothing_and_shows_no_secret(tmp_path: Path) -> None:
    """What would be sent, as JSON."""
    with Endpoint() as endpoint:
        policy(tmp_path, endpoint)
        shown = spanwise(tmp_path, "alerts", "test", "spend_rate", "--dry-run")
    (would,) = json.loads(shown.stdout)
    assert would["would_send"]["headers"] == {"Authorization": "Bearer [secret]"}
    assert SECRET not in shown.stdout
    assert not endpoint.requests


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("spend_rat",), "there is no alert 'spend_rat'. Did you mean spend_rate?"),
        (("spend_rate", "--receiver", "op"), "there is no receiver 'op'. Did you mean ops?"),
    ],
)
def test_wrong_names_are_said_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """With the nearest right one, and exit code 2."""
    with Endpoint() as endpoint:
        policy(tmp_path, endpoint)
        ended = spanwise(tmp_path, "alerts", "test", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_policy_without_receivers_says_so(tmp_path: Path) -> None:
    """Nobody can be told, and where to add somebody."""
    policy(tmp_path)
    ended = spanwise(tmp_path, "alerts", "test", "spend_rate")
    assert ended.returncode == 2
    assert "the policy has no alerts.receivers" in ended.stderr


def test_a_run_pages_once_and_the_next_run_does_not(tmp_path: Path) -> None:
    """A program that lives for a second is evaluated at its end; the store remembers that it was told."""
    (tmp_path / "app.py").write_text(MODEL_CALL, encoding="utf-8")
    with Endpoint() as endpoint:
        policy(tmp_path, endpoint)
        for _ in range(2):
            ended = spanwise(tmp_path, "run", "python", "app.py", PATH=f"{SPANWISE.parent}:/usr/bin:/bin")
            assert (ended.returncode, ended.stderr) == (0, "")
    names = [request.body["alerts"][0]["labels"]["alertname"] for request in endpoint.requests]
    assert names == ["SpanwiseSpendRate"]
    assert SECRET not in (tmp_path / ".spanwise").joinpath("spanwise.duckdb").read_bytes().decode("latin-1")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str, subprocess.Popen[str]]]:
    """`spanwise serve` on free ports: its address, what it says first, and the process, which is killed at the end."""
    command = [str(SPANWISE), "serve", "--http-port", "0", "--grpc-port", "0"]
    with subprocess.Popen(command, cwd=folder, env=environment(), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            greeting = process.stderr.readline()
            assert greeting.startswith("spanwise: OTLP/HTTP on http://127.0.0.1:"), greeting
            yield greeting.split()[3].rstrip(","), process.stderr.readline(), process
        finally:
            process.kill()


def test_serve_stores_what_arrives_and_pages(tmp_path: Path) -> None:
    """Another process exports; the receiver is told within seconds, and SIGTERM ends it in order."""
    with Endpoint() as endpoint:
        policy(tmp_path, endpoint)
        with served(tmp_path) as (url, greeting, process):
            export(url)
            (request,) = endpoint.wait_for(1, timeout_s=40)
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=40)
    assert request.body["alerts"][0]["labels"]["service_name"] == "from-elsewhere"
    assert "alert rules every 1 s; page to ops, ticket to ops" in greeting
    assert "spanwise: 1 spans received, 1 stored, 0 lost" in said
    assert process.returncode == 0
    assert len(endpoint.requests) == 1


def export(url: str) -> None:
    """One priced call, sent by the stock exporter."""
    provider = TracerProvider(resource=Resource.create({"service.name": "from-elsewhere"}))
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(f"{url}/v1/traces")))
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4.1-mini",
        "gen_ai.usage.input_tokens": 1_000,
        "gen_ai.usage.output_tokens": 1_000,
    }
    with provider.get_tracer("test").start_as_current_span("chat gpt-4.1-mini", attributes=attributes):
        pass
    provider.shutdown()


def test_serve_on_a_port_in_use_says_so(tmp_path: Path) -> None:
    """One sentence with what to do, and exit code 1."""
    with served(tmp_path) as (url, _, _):
        port = url.rsplit(":", 1)[1]
        ended = spanwise(tmp_path, "serve", "--http-port", port, "--grpc-port", "0")
    assert ended.returncode == 1
    assert f"cannot listen on 127.0.0.1, port {port}" in ended.stderr
    assert "--http-port" in ended.stderr


def test_serve_with_a_broken_policy_serves_nothing(tmp_path: Path) -> None:
    """The mistake is named with its line, and the exit code is 2."""
    (tmp_path / "spanwise.yaml").write_text("alerts:\n  intervals: 3\n", encoding="utf-8")
    ended = spanwise(tmp_path, "serve", "--http-port", "0", "--grpc-port", "0")
    assert ended.returncode == 2
    assert ended.stderr.startswith("spanwise.yaml:2: alerts.intervals: not a key. Did you mean interval_s?")
