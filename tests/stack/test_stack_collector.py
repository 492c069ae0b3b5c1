"""A real Collector with our rendered files: what it keeps, what it takes out, what it survives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from spanwise.deploy.collector import setting
from spanwise.deploy.collector.cap import MOST_ATTRIBUTES
from spanwise.deploy.collector.content import foreign_names, names
from spanwise.deploy.collector.tail import GATE
from spanwise.semconv import attributes as attr
from spanwise.semconv.metrics import GEN_AI_CLIENT_INFERENCE_DURATION, SPANWISE_COST, SPANWISE_COST_UNPRICED
from tests.deploy.collector.certificates import issue
from tests.deploy.collector.otlp_store import MetricStore, TraceStore, attributes, wrapped
from tests.deploy.collector.role_server import RoleServer, plan, rendered
from tests.deploy.collector.trace import Trace, post, request
from tests.stack.deadline import until
from tests.stack.http import send
from tests.stack.port import free_ports


PATIENCE_S = 90.0
"""Nothing here takes a second; machines that run other things at the same time do."""

SECRET = "the prompt that nobody may read"
SAMPLING = """
sampling:
  ratio: 0
  decision_wait_s: 1
  keep: {slower_than_s: 15, dearer_than_usd: 0.05, score_below: 0.5, tokens_above: 1000, spans_above: 20}
"""
KEPT = {
    "errors": Trace("failed", is_failed=True),
    "refused": Trace("refused", {attr.SPANWISE_RESPONSE_REFUSED: True}),
    "refused_2": Trace("filtered", {attr.GEN_AI_RESPONSE_FINISH_REASONS: ["stop", "content_filter"]}),
    "low_score": Trace("scored on the span", {attr.GEN_AI_EVALUATION_SCORE_VALUE: 0.49}),
    "low_score_2": Trace("scored on an event", events={"e": {attr.GEN_AI_EVALUATION_SCORE_VALUE: 0.1}}),
    "dear": Trace("dear by the integer", {attr.SPANWISE_COST_MICRO_USD: 50_001}),
    "dear_2": Trace("dear by the amount", {attr.GEN_AI_USAGE_COST_AMOUNT: 0.051}),
    "slow": Trace("slow", duration_s=16),
    "tokens": Trace("tokens together", {attr.GEN_AI_USAGE_INPUT_TOKENS: 600, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 401}),
    "new_prompt_version": Trace("first of its version", {attr.SPANWISE_PROMPT_FIRST_SEEN: True}),
    "spans": Trace("many spans", more=19),
}
"""Traces that a rule keeps, by the rule; a second one of a rule ends with _2."""

DROPPED = (
    Trace("ordinary"),
    Trace("as dear as allowed", {attr.SPANWISE_COST_MICRO_USD: 50_000, attr.GEN_AI_USAGE_COST_AMOUNT: 0.05}),
    Trace("dear in another currency", {attr.GEN_AI_USAGE_COST_AMOUNT: 9.0, attr.GEN_AI_USAGE_COST_CURRENCY: "JPY"}),
    Trace("scored well", {attr.GEN_AI_EVALUATION_SCORE_VALUE: 0.5}),
    Trace("finished", {attr.GEN_AI_RESPONSE_FINISH_REASONS: ["stop"], attr.SPANWISE_RESPONSE_REFUSED: False}),
    Trace("as many tokens as allowed", {attr.GEN_AI_USAGE_INPUT_TOKENS: 999, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1}),
    Trace("as many spans as allowed", more=18),
    Trace("seen before", {attr.SPANWISE_PROMPT_FIRST_SEEN: False}),
    Trace("says so itself", {attr.SPANWISE_SAMPLE_REASON: "errors"}),
)
"""Traces at the edge of each rule that none keeps."""


@pytest.fixture
def store() -> Iterator[TraceStore]:
    """A store of traces on a port of its own."""
    with TraceStore(free_ports(1)[0]) as listening:
        yield listening


def policy(store: TraceStore, more: str = "", *, metrics: str = "{}") -> str:
    """A policy whose only sink of traces is `store`."""
    return f"sinks: {{traces: {{jaeger: {{endpoint: '{store.endpoint}'}}}}, metrics: {metrics}}}\n{more}"


def started(name: str, policy_text: str, folder: Path, **more: Any) -> RoleServer:
    """A Collector in the role `name`, with the rendered file of a policy."""
    return RoleServer(name, rendered(plan(policy_text), folder / "rendered"), folder, **more)


def reason(span: Span) -> str | None:
    """Why a span's trace was kept, as the span says."""
    found = attributes(span.attributes).get(attr.SPANWISE_SAMPLE_REASON)
    return None if found is None else str(found)


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TraceStore]:
    """What a store has of all kinds of traces, sent through an all-in-one Collector that keeps nothing by chance."""
    with TraceStore(free_ports(1)[0]) as listening:
        folder = tmp_path_factory.mktemp("sampled")
        gate = f"--feature-gates=+{GATE}"
        with started("all-in-one", policy(listening, SAMPLING), folder, flags=[gate]) as collector:
            post(collector.otlp_url, *DROPPED)
            post(collector.otlp_url, *KEPT.values())
            until(
                lambda: all(listening.named(trace.name) for trace in KEPT.values()),
                within_s=PATIENCE_S,
                what="every trace to keep has come",
                last_words=lambda: repr({span.name for span in listening.spans()}),
            )
            post(collector.otlp_url, Trace("the last", is_failed=True))
            until(lambda: listening.named("the last"), within_s=PATIENCE_S, what="a trace sent after all decisions")
        yield listening


@pytest.mark.parametrize("rule", KEPT)
def test_what_a_rule_keeps_is_kept_and_says_why(sampled: TraceStore, rule: str) -> None:
    """Each rule of sampling.keep keeps its traces whole, and the span that is the reason names it."""
    trace = KEPT[rule]
    span, *_ = sampled.named(trace.name)
    assert reason(span) == rule.removesuffix("_2")
    root, *_ = sampled.named(f"{trace.name} root")
    assert root.trace_id == span.trace_id


@pytest.mark.parametrize("trace", DROPPED, ids=lambda trace: trace.name)
def test_nothing_else_is_kept_at_a_ratio_of_zero(sampled: TraceStore, trace: Trace) -> None:
    """What is just within each rule is dropped, and what a caller says of the reason is not believed."""
    assert not sampled.named(trace.name)


def test_with_the_feature_gate_every_span_of_a_kept_trace_says_why(sampled: TraceStore) -> None:
    """The policy's name reaches the spans that are not the reason themselves."""
    found = {trace.name: reason(sampled.named(f"{trace.name} root")[0]) for trace in KEPT.values()}
    assert None not in found.values(), found
    assert found["failed"] == "errors"
    assert found["many spans"] == "spans"


def test_without_the_feature_gate_the_span_itself_still_says_why(store: TraceStore, tmp_path: Path) -> None:
    """A Collector that is started plainly marks the span that is the reason, and no other."""
    with started("all-in-one", policy(store, SAMPLING), tmp_path) as collector:
        post(collector.otlp_url, KEPT["dear"])
        span, *_ = until(lambda: store.named("dear by the integer"), within_s=PATIENCE_S, what="the trace")
        assert reason(span) == "dear"
        assert reason(store.named("dear by the integer root")[0]) is None


def test_what_is_sampled_away_has_been_counted(store: TraceStore, tmp_path: Path) -> None:
    """Metrics are made of every span, kept or not."""
    with MetricStore(free_ports(1)[0]) as metrics:
        sinks = f"{{prometheus: {{endpoint: '{metrics.endpoint}'}}}}"
        with started("all-in-one", policy(store, SAMPLING, metrics=sinks), tmp_path) as collector:
            post(collector.otlp_url, *DROPPED)
            until(
                lambda: all(_calls(metrics).get(trace.name) == 1 for trace in DROPPED),
                within_s=PATIENCE_S,
                what="one call of every span",
                last_words=lambda: repr(_calls(metrics)),
            )
    assert not store.spans()


def _calls(metrics: MetricStore) -> dict[str, int]:
    """How often spans of each name were counted."""
    points = metrics.points("traces.span.metrics.calls")
    return {attributes(point.attributes)["span.name"]: point.as_int for point in points}


def call(**more: Any) -> Trace:
    """A model call with content of every kind that the convention knows."""
    content: dict[str, Any] = dict.fromkeys(names(), SECRET)
    return Trace("call", {attr.GEN_AI_OPERATION_NAME: "chat", **content, **more})


FOREIGN = Trace(
    "foreign",
    dict.fromkeys(foreign_names(), SECRET)
    | {"llm.input_messages.0.message.content": SECRET, "gen_ai.prompt.variable.customer": SECRET},
    events={
        "gen_ai.user.message": {"content": SECRET},
        "gen_ai.choice": {"message": SECRET},
        "e": {names()[0]: SECRET},
    },
)
"""A span with content as dialects and older conventions write it."""


def test_content_does_not_reach_the_stores_of_traces_by_default(store: TraceStore, tmp_path: Path) -> None:
    """Whatever a sender has on its spans, no prompt or answer leaves; the span says that something is missing."""
    with started("all-in-one", policy(store), tmp_path) as collector:
        post(collector.otlp_url, call(**{attr.SPANWISE_PROCESSED: "1", attr.GEN_AI_PROMPT_NAME: "greeting"}), FOREIGN)
        span, *_ = until(lambda: store.named("call"), within_s=PATIENCE_S, what="the call")
        until(lambda: store.named("foreign"), within_s=PATIENCE_S, what="the foreign span")
    assert SECRET.encode() not in store.raw()
    found = attributes(span.attributes)
    assert found[attr.SPANWISE_CONTENT_DROPPED] == "no store for content"
    assert found[attr.GEN_AI_PROMPT_NAME] == "greeting"


def test_content_on_spans_stays_when_the_policy_wants_it_there(store: TraceStore, tmp_path: Path) -> None:
    """With content.mode span, what our pipeline has redacted arrives; what it has not seen loses its content."""
    with started("all-in-one", policy(store, "content: {mode: span}"), tmp_path) as collector:
        post(collector.otlp_url, call(**{attr.SPANWISE_PROCESSED: "1"}), FOREIGN)
        span, *_ = until(lambda: store.named("call"), within_s=PATIENCE_S, what="the call")
        foreign, *_ = until(lambda: store.named("foreign"), within_s=PATIENCE_S, what="the foreign span")
    assert attributes(span.attributes)[attr.GEN_AI_INPUT_MESSAGES] == SECRET
    assert attr.SPANWISE_CONTENT_DROPPED not in attributes(span.attributes)
    assert SECRET.encode() not in foreign.SerializeToString()


def test_content_goes_to_its_own_store_and_not_to_that_of_traces(store: TraceStore, tmp_path: Path) -> None:
    """With a store of content, whole redacted spans and events go there, over TLS, and traces go without content."""
    tls = issue(tmp_path / "tls")
    (port,) = free_ports(1)
    text = policy(store, "content: {mode: both}").replace("metrics: {}", "metrics: {}, content: {clickhouse: {}}")
    env = _secured(tmp_path, tls)
    with guarded(port, tls) as content:
        env |= {setting.CONTENT.name: f"127.0.0.1:{port}"}
        with started("all-in-one", text, tmp_path, env=env) as collector:
            post(collector.otlp_url, call(**{attr.SPANWISE_PROCESSED: "1"}), FOREIGN)
            _log(collector.otlp_url)
            until(lambda: content.named("call") and content.records, within_s=PATIENCE_S, what="content")
            until(lambda: store.named("call") and store.named("foreign"), within_s=PATIENCE_S, what="the traces")
    assert SECRET.encode() not in store.raw()
    assert attributes(content.named("call")[0].attributes)[attr.GEN_AI_INPUT_MESSAGES] == SECRET
    assert attributes(content.records[0].attributes)[attr.GEN_AI_INPUT_MESSAGES] == SECRET
    assert SECRET.encode() not in content.named("foreign")[0].SerializeToString()


def test_texts_and_numbers_of_attributes_have_bounds(store: TraceStore, tmp_path: Path) -> None:
    """A text is cut between characters, attributes above the bound go and those of the call stay."""
    bound = "cap: {max_attribute_bytes: 1024}"
    many: dict[str, Any] = {f"key.{number}": number for number in range(1000)}
    long = Trace("n" * 3000, {**many, attr.SPANWISE_PROCESSED: "1", attr.GEN_AI_REQUEST_MODEL: "ä" * 2000})
    with started("all-in-one", policy(store, bound), tmp_path) as collector:
        post(collector.otlp_url, long)
        span, *_ = until(lambda: [s for s in store.spans() if s.attributes], within_s=PATIENCE_S, what="the span")
    found = attributes(span.attributes)
    assert found[attr.GEN_AI_REQUEST_MODEL] == "ä" * 512
    assert len(found) <= MOST_ATTRIBUTES + 1  # the reason may come on top
    assert len(span.name) == 1024


def test_requests_above_the_bound_are_refused(store: TraceStore, tmp_path: Path) -> None:
    """Seventeen MiB are refused over HTTP and over gRPC, packed or not; the Collector goes on."""
    large = request(Trace("large", {"text": "x" * (17 * 1024 * 1024)}))
    with started("all-in-one", policy(store), tmp_path) as collector:
        headers = {"Content-Type": "application/x-protobuf"}
        status, _ = send(f"{collector.otlp_url}/v1/traces", body=large.SerializeToString(), headers=headers)
        assert status in {400, 413}
        with grpc.insecure_channel(collector.endpoint) as channel:
            export = _stub(channel).Export
            with pytest.raises(grpc.RpcError) as refused:
                export(large, timeout=20)
            assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        post(collector.otlp_url, Trace("small"))
        until(lambda: store.named("small"), within_s=PATIENCE_S, what="a span after the large ones")
    assert not store.named("large")


def test_what_was_accepted_survives_a_kill_of_collector_and_store(store: TraceStore, tmp_path: Path) -> None:
    """With the store down and the Collector killed, every span that it said it had taken arrives in the end."""
    with started("all-in-one", policy(store), tmp_path) as collector:
        accepted: set[str] = set()
        for turn in range(4):
            if turn == 1:
                store.stop()
            for number in range(10):
                sent = post(collector.otlp_url, Trace(f"{turn}.{number}", more=5))
                spans = sent.resource_spans[0].scope_spans[0].spans
                accepted |= {span.span_id.hex() for span in spans}
            collector.kill()
            collector.start()
        assert not accepted <= store.ids()
        store.start()
        until(
            lambda: accepted <= store.ids(),
            within_s=PATIENCE_S,
            what="all accepted spans",
            last_words=lambda: f"{len(accepted - store.ids())} of {len(accepted)} are missing",
        )


def test_a_full_queue_refuses_rather_than_loses(store: TraceStore, tmp_path: Path) -> None:
    """When the disk's share is used up, the sender is told to come back; what was taken before still arrives."""
    store.stop()
    env = {setting.QUEUE_BYTES.name: "2000000"}
    with started("all-in-one", policy(store), tmp_path, env=env) as collector:
        accepted, status = set[str](), 200
        while status == 200 and len(accepted) < 400:
            sent = request(Trace("filling", {"text": "x" * 60_000, attr.SPANWISE_PROCESSED: "1"}))
            body, headers = sent.SerializeToString(), {"Content-Type": "application/x-protobuf"}
            status, answer = send(f"{collector.otlp_url}/v1/traces", body=body, headers=headers)
            if status == 200:
                accepted |= {span.span_id.hex() for span in sent.resource_spans[0].scope_spans[0].spans}
        assert status in {429, 503}, (status, answer)
        store.start()
        until(lambda: accepted <= store.ids(), within_s=PATIENCE_S, what="what was taken")


def test_agent_gateway_and_sampler_pass_spans_over_mutual_tls(store: TraceStore, tmp_path: Path) -> None:
    """A span goes from agent to gateway to sampler to the store, and each of them asks for certificate and token."""
    env = _secured(tmp_path, issue(tmp_path / "tls"))
    text = policy(store, SAMPLING)
    with ExitStack() as stack:
        sampler = stack.enter_context(started("sampler", text, tmp_path, env=env))
        env[setting.SAMPLER.name] = sampler.endpoint
        gateway = stack.enter_context(started("gateway", text, tmp_path, env=env))
        env[setting.GATEWAY.name] = gateway.endpoint
        agent = stack.enter_context(started("agent", text, tmp_path, env=env))
        post(agent.otlp_url, KEPT["errors"], Trace("ordinary"))
        span, *_ = until(lambda: store.named("failed"), within_s=PATIENCE_S, what="the trace")
        assert reason(span) == "errors"
    assert not store.named("ordinary")


def test_a_gateway_refuses_who_has_no_certificate_or_no_token(store: TraceStore, tmp_path: Path) -> None:
    """Without TLS, without a certificate, or without the token nothing is taken; with both it is."""
    tls = issue(tmp_path / "tls")
    env = _secured(tmp_path, tls)
    sent = request(Trace("call"))
    with started("gateway", policy(store), tmp_path, env=env) as gateway:
        codes = {
            "no TLS": _export(grpc.insecure_channel(gateway.endpoint), sent),
            "no certificate": _export(_channel(gateway.endpoint, tls, certified=False), sent, "token"),
            "no token": _export(_channel(gateway.endpoint, tls), sent),
            "wrong token": _export(_channel(gateway.endpoint, tls), sent, "guess"),
            "both": _export(_channel(gateway.endpoint, tls), sent, "token"),
        }
    assert codes == {
        "no TLS": grpc.StatusCode.UNAVAILABLE,
        "no certificate": grpc.StatusCode.UNAVAILABLE,
        "no token": grpc.StatusCode.UNAUTHENTICATED,
        "wrong token": grpc.StatusCode.UNAUTHENTICATED,
        "both": grpc.StatusCode.OK,
    }


def test_spans_of_other_sources_are_priced_cleaned_and_counted_and_ours_are_not_counted_twice(
    store: TraceStore, tmp_path: Path
) -> None:
    """With foreign.yaml and generated/, a span without our marker gets a cost and makes our metrics; ours does not."""
    tokens = {attr.GEN_AI_USAGE_INPUT_TOKENS: 1_000_000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 100_000}
    known = {attr.GEN_AI_OPERATION_NAME: "chat", attr.GEN_AI_PROVIDER_NAME: "openai", **tokens}
    called = {**known, attr.GEN_AI_REQUEST_MODEL: "gpt-4o", attr.GEN_AI_RESPONSE_MODEL: "gpt-4o"}
    secret = {"exception": {attr.EXCEPTION_MESSAGE: f"POST {HOOK}: 404"}}
    traces = [
        Trace("foreign", called, events=secret),
        Trace("unknown", {**known, attr.GEN_AI_REQUEST_MODEL: "no-such-model"}),
        Trace("ours", {**called, attr.SPANWISE_PROCESSED: "1"}),
    ]
    with MetricStore(free_ports(1)[0]) as metrics:
        text = policy(store, metrics=f"{{prometheus: {{endpoint: '{metrics.endpoint}'}}}}")
        files = rendered(plan(text), tmp_path / "rendered", with_rules=True)
        with RoleServer("all-in-one", files, tmp_path, overlays=OVERLAYS) as collector:
            post(collector.otlp_url, *traces)
            until(lambda: all(store.named(trace.name) for trace in traces), within_s=PATIENCE_S, what="the spans")
            until(lambda: metrics.points(SPANWISE_COST.name), within_s=PATIENCE_S, what="the cost")
            until(lambda: metrics.points(SPANWISE_COST_UNPRICED.name), within_s=PATIENCE_S, what="the unpriced call")
    (cost,) = metrics.points(SPANWISE_COST.name)
    assert cost.as_double == pytest.approx(2.5 + 1.0)
    assert attributes(cost.attributes)[attr.GEN_AI_REQUEST_MODEL] == "gpt-4o"
    (unpriced,) = metrics.points(SPANWISE_COST_UNPRICED.name)
    assert attributes(unpriced.attributes)[attr.GEN_AI_REQUEST_MODEL] == "no-such-model"
    durations = metrics.points(GEN_AI_CLIENT_INFERENCE_DURATION.name)
    assert sorted(point.count for point in durations) == [1, 1]
    assert HOOK.encode() not in store.raw()


OVERLAYS = ("foreign", "generated/price", "generated/redaction")

HOOK = "https://discord.com/api/webhooks/1098765432109876543/" + "aB3dE6gH9jK2mN5pQ8sT" * 3 + "vW1yZ4bC"
"""A secret that the Collector's own expressions can find."""


def _secured(folder: Path, tls: Path) -> dict[str, str]:
    token = folder / "token"
    token.write_text("token", encoding="utf-8")
    return {
        setting.TLS.name: str(tls),
        setting.TOKEN.name: str(token),
        setting.OUTGOING_TOKEN.name: str(token),
    }


def _channel(endpoint: str, tls: Path, *, certified: bool = True) -> grpc.Channel:
    credentials = grpc.ssl_channel_credentials(
        (tls / "ca.crt").read_bytes(),
        (tls / "client.key").read_bytes() if certified else None,
        (tls / "client.crt").read_bytes() if certified else None,
    )
    return grpc.secure_channel(endpoint, credentials)


def _stub(channel: grpc.Channel) -> Any:
    return trace_service_pb2_grpc.TraceServiceStub(channel)  # type: ignore[no-untyped-call] # generated code


def _export(channel: grpc.Channel, sent: Any, token: str = "") -> grpc.StatusCode:
    metadata = [("authorization", f"Bearer {token}")] if token else []
    with channel:
        try:
            _stub(channel).Export(sent, timeout=10, metadata=metadata)
        except grpc.RpcError as error:
            return error.code()
    return grpc.StatusCode.OK


def guarded(port: int, tls: Path) -> TraceStore:
    """A store that asks for a certificate of the test's authority."""
    credentials = grpc.ssl_server_credentials(
        [((tls / "server.key").read_bytes(), (tls / "server.crt").read_bytes())],
        (tls / "ca.crt").read_bytes(),
        require_client_auth=True,
    )
    return TraceStore(port, credentials)


def _log(url: str) -> None:
    """Send one event with content, as the convention has it."""
    sent = ExportLogsServiceRequest()
    record = sent.resource_logs.add().scope_logs.add().log_records.add()
    record.event_name = "gen_ai.client.inference.operation.details"
    record.attributes.append(wrapped(attr.GEN_AI_INPUT_MESSAGES, SECRET))
    headers = {"Content-Type": "application/x-protobuf"}
    status, answer = send(f"{url}/v1/logs", body=sent.SerializeToString(), headers=headers)
    assert status == 200, (status, json.dumps(answer.decode(errors="replace"))[:300])
