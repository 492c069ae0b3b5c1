"""The collector takes scores: as OTLP log records, and from browsers with a token."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import grpc
import pytest
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor

from spanwise.collector import Collector, CollectorConfig, Feedback, Scoring
from spanwise.feedback import Token
from spanwise.pipeline import Pipeline, scores
from spanwise.record import ScoreRecord
from spanwise.record.otlp_logs import request
from spanwise.record.score import said
from spanwise.redact import KeyRing


KEYS = KeyRing.parse("k1 " + base64.b64encode(bytes(range(32))).decode())
PAGE = "https://app.example.com"
PROTOBUF = {"Content-Type": "application/x-protobuf"}
JSON = {"Content-Type": "application/json"}


class Kept:
    """Keeps the scores that it is given."""

    def __init__(self) -> None:
        self.scores: list[ScoreRecord] = []

    def __call__(self, records: Sequence[ScoreRecord]) -> None:
        self.scores.extend(records)


@pytest.fixture
def kept() -> Kept:
    """A sink without scores."""
    return Kept()


@pytest.fixture
def collector(kept: Kept) -> Iterator[Collector]:
    """A collector that takes scores and feedback, and cleans both."""
    scoring = Scoring(
        sink=kept, pipeline=partial(scores.process, Pipeline()), feedback=Feedback(KEYS, (PAGE,), per_minute=50)
    )
    config = CollectorConfig(batch_delay_s=0.01)
    with Collector(lambda _: None, grpc_port=0, config=config, scoring=scoring) as running:
        yield running


def ask(
    collector: Collector, path: str, body: bytes = b"", headers: dict[str, str] | None = None, method: str = "POST"
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to one request."""
    connection = http.client.HTTPConnection(collector.http_url.removeprefix("http://"), timeout=5)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def scored(**more: Any) -> ScoreRecord:
    """A score with an address in its comment."""
    return ScoreRecord(5, 6, time.time_ns(), {**said("helpful", 1, comment="to jane@doe.org"), **more})


@pytest.mark.parametrize("over", ["http", "grpc"])
def test_exporters_of_the_sdk(collector: Collector, kept: Kept, over: str) -> None:
    """Scores sent by the SDK's own exporters arrive clean; other log records are counted, not kept."""
    exporter: Any
    if over == "http":
        exporter = HttpExporter(endpoint=f"{collector.http_url}/v1/logs")
    else:
        exporter = GrpcExporter(endpoint=collector.grpc_target, insecure=True)
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    logger = provider.get_logger("t")
    logger.emit(event_name="gen_ai.evaluation.result", attributes=scored().attributes | {"gen_ai.response.id": "r"})
    logger.emit(body="a line of a log")
    provider.shutdown()
    assert collector.stop(5)
    (score,) = kept.scores
    assert score.text("gen_ai.evaluation.explanation") == "to [EMAIL]"
    assert score.time_unix_nano > 0
    counts = collector.counts
    assert (counts.scores_received, counts.scores_written, counts.logs_ignored) == (1, 1, 1)


def test_the_sender_is_told(collector: Collector, kept: Kept) -> None:
    """What is not kept stands in the answer, with the reason; the good score beside it is kept."""
    message = request([scored(), scored(**{"gen_ai.evaluation.name": ""}), ScoreRecord(0, 0, 1, said("n", 1))])
    message.resource_logs[0].scope_logs[0].log_records.add(event_name="other")
    status, _, body = ask(collector, "/v1/logs", message.SerializeToString(), PROTOBUF)
    answer = ExportLogsServiceResponse.FromString(body).partial_success
    assert status == 200 and answer.rejected_log_records == 3 and answer.error_message == "a score has no name"
    collector.stop(5)
    assert len(kept.scores) == 1 and collector.counts.scores_rejected == 2


def test_json(collector: Collector, kept: Kept) -> None:
    """OTLP/JSON is read as protobuf is: hexadecimal ids, numbers and texts, other records, bad ids."""
    attributes = [
        {"key": "gen_ai.evaluation.name", "value": {"stringValue": "helpful"}},
        {"key": "gen_ai.evaluation.score.value", "value": {"doubleValue": 0.5}},
    ]
    good = {"eventName": "gen_ai.evaluation.result", "traceId": f"{5:032x}", "spanId": "", "attributes": attributes}
    records = [good, {"body": {"stringValue": "line"}}, {**good, "traceId": "xyz"}]
    document = {"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]}
    status, _, body = ask(collector, "/v1/logs", json.dumps(document).encode(), JSON)
    assert status == 200 and json.loads(body)["partialSuccess"]["rejectedLogRecords"] == "2"
    collector.stop(5)
    (score,) = kept.scores
    assert (score.trace_id, score.span_id, score.value) == (5, 0, 0.5)


@pytest.mark.parametrize("body", [b"\xff\xff", b"{"])
def test_malformed(collector: Collector, body: bytes) -> None:
    """A body that is no OTLP request is refused and quoted nowhere."""
    assert ask(collector, "/v1/logs", body, PROTOBUF)[0] == 400
    assert ask(collector, "/v1/logs", body, JSON)[0] == 400


def test_off_without_scoring() -> None:
    """A collector of spans serves neither logs nor feedback."""
    with Collector(lambda _: None, grpc_port=0) as running:
        assert ask(running, "/v1/logs", b"", PROTOBUF)[0] == 404
        assert ask(running, "/v1/feedback", b"{}", JSON)[0] == 404
        assert ask(running, "/v1/feedback", method="OPTIONS")[0] == 404
        with grpc.insecure_channel(running.grpc_target or "") as channel:
            call = channel.unary_unary("/opentelemetry.proto.collector.logs.v1.LogsService/Export", bytes, bytes)
            with pytest.raises(grpc.RpcError, match="UNIMPLEMENTED"):
                call(b"", timeout=5)


def test_no_key_no_endpoint(kept: Kept) -> None:
    """Without a key there is no feedback endpoint, though logs are taken."""
    with Collector(lambda _: None, scoring=Scoring(sink=kept)) as running:
        assert ask(running, "/v1/feedback", b"{}", JSON)[0] == 404
        assert ask(running, "/v1/logs", b"", PROTOBUF)[0] == 200


def token(**more: Any) -> str:
    """A token for the response of a span."""
    said_ = {"names": ("helpful",), "expires_unix_s": int(time.time()) + 60, "trace_id": 5, "span_id": 6, **more}
    return Token(**said_).signed(KEYS)


def feedback(**more: Any) -> bytes:
    """The body that a page sends."""
    return json.dumps({"token": token(), "name": "helpful", "value": True, **more}).encode()


def test_a_beacon(collector: Collector, kept: Kept) -> None:
    """What `navigator.sendBeacon` sends of a text needs no question beforehand: plain text, with an origin."""
    headers = {"Content-Type": "text/plain;charset=UTF-8", "Origin": PAGE}
    body = feedback(comment="to jane@doe.org", token=token(user="u-7", response_id="r-1"))
    status, answered, _ = ask(collector, "/v1/feedback", body, headers)
    assert status == 200 and answered["access-control-allow-origin"] == PAGE and answered["vary"] == "Origin"
    collector.stop(5)
    (score,) = kept.scores
    assert (score.trace_id, score.span_id, score.value) == (5, 6, 1.0)
    assert score.text("gen_ai.evaluation.explanation") == "to [EMAIL]"
    assert score.text("spanwise.score.source") == "human" and score.text("user.id") == "u-7"
    assert score.text("gen_ai.response.id") == "r-1"


def test_a_script(collector: Collector) -> None:
    """A script that sends JSON asks first, and is answered for its own page only."""
    ask_ = {"Origin": PAGE, "Access-Control-Request-Method": "POST"}
    status, answered, _ = ask(collector, "/v1/feedback", headers=ask_, method="OPTIONS")
    assert status == 200
    assert answered["access-control-allow-methods"] == "POST"
    assert answered["access-control-allow-headers"] == "content-type"
    for origin in ("https://evil.example", "null", PAGE + ".evil.example", "http://app.example.com"):
        status, answered, _ = ask(collector, "/v1/feedback", headers={"Origin": origin}, method="OPTIONS")
        assert status == 403 and "access-control-allow-origin" not in answered
        assert ask(collector, "/v1/feedback", feedback(), {**JSON, "Origin": origin})[0] == 403
    assert ask(collector, "/v1/feedback", feedback(), {**JSON, "Origin": PAGE})[0] == 200


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"token": token(expires_unix_s=1)}, 403),
        ({"token": "f1.k1.e30.x"}, 403),
        ({"token": token(names=("tone",))}, 403),
        ({"name": "tone"}, 403),
        ({"trace": "0af7651916cd43dd8448eb211c80319c"}, 400),
        ({"user": "somebody else"}, 400),
        ({"value": None}, 400),
        ({"value": {"a": 1}}, 400),
        ({"value": ""}, 400),
        ({"comment": 5}, 400),
        ({"token": 5}, 400),
        ({"name": ["helpful"]}, 400),
        ({"comment": "c" * 20_000}, 413),
    ],
)
def test_what_a_token_does_not_allow(collector: Collector, kept: Kept, more: dict[str, Any], status: int) -> None:
    """Neither another name nor another trace, nothing after its end, nothing too large, and nothing is quoted."""
    answered, _, body = ask(collector, "/v1/feedback", feedback(**more), JSON)
    assert answered == status
    assert token().split(".")[2].encode() not in body
    collector.stop(5)
    assert kept.scores == []


def test_rates(collector: Collector) -> None:
    """One token gives 20 scores, all together as many in a minute as the policy says; then it is 429."""
    body = feedback(token=token(user="one"))
    assert [ask(collector, "/v1/feedback", body, JSON)[0] for _ in range(21)] == [200] * 20 + [429]
    others = [ask(collector, "/v1/feedback", feedback(token=token(user=f"u{number}")), JSON) for number in range(40)]
    assert [status for status, _, _ in others].count(200) in range(30, 36)
    assert others[-1][0] == 429 and others[-1][1]["retry-after"] == "60"
