"""A day in three services of a shoe shop, as the metrics that their processes would have exported.

Instruments are made from the same descriptors as in the product, through the OpenTelemetry SDK and its OTLP encoder;
only the clock is ours. The same seed gives the same day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.metrics import Counter, Histogram
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour, instrument, metrics, values
from spanwise.semconv.metrics import Instrument


Labels: TypeAlias = "Mapping[str, str | int]"
"""Attributes of a measurement."""

MODELS: Final[Mapping[str, tuple[str, float, float, float]]] = {
    # provider, seconds of a typical call, US dollars for a million tokens in and out
    "gpt-5-mini": ("openai", 2.6, 0.25, 2.0),
    "gpt-4.1-mini": ("openai", 1.1, 0.4, 1.6),
    "claude-haiku-4-5": ("anthropic", 1.9, 1.0, 5.0),
    "gemini-2.5-flash": ("gcp.gemini", 1.4, 0.3, 2.5),
}
HOSTS: Final = {
    "openai": "api.openai.com",
    "anthropic": "api.anthropic.com",
    "gcp.gemini": "generativelanguage.googleapis.com",
}
SERVICES: Final[Mapping[str, tuple[tuple[str, float], ...]]] = {
    "shop-assistant": (("gpt-5-mini", 14.0), ("claude-haiku-4-5", 6.0)),
    "product-search": (("gpt-4.1-mini", 9.0),),
    "back-office": (("gemini-2.5-flash", 3.0), ("gpt-4.1-mini", 2.0)),
}
TENANTS: Final = {"acme": "business", "globex": "member", "initech": "member", "umbrella": "guest"}
"""Customers, and the class of users that each of them is."""
PROMPTS: Final = {
    "shop-assistant": (("answer", "7"), ("answer", "8")),
    "product-search": (("classify", "12"),),
    "back-office": (("summarise", "3"),),
}
REDACTED: Final = ("email", "phone", "card", "openai_key", "iban", "ipv4")
ZERO_AT_START: Final = tuple(sorted(values.SPANWISE_FINISH_REASON))


@dataclass(slots=True)
class Service:
    """One process: a meter provider whose time is told by us."""

    name: str
    began_s: float
    _reader: InMemoryMetricReader = field(init=False)
    _made: dict[str, Counter | Histogram] = field(init=False, default_factory=dict)
    _levels: dict[str, tuple[float, Labels]] = field(init=False, default_factory=dict)
    _provider: MeterProvider = field(init=False)

    def __post_init__(self) -> None:
        resource = Resource(
            {
                attr.SERVICE_NAME: self.name,
                "service.instance.id": f"{self.name}-1",
                attr.DEPLOYMENT_ENVIRONMENT_NAME: "production",
            }
        )
        self._reader = InMemoryMetricReader()
        self._provider = MeterProvider(metric_readers=[self._reader], resource=resource)

    def record(self, what: Instrument, value: float, labels: Labels, *, trace: int = 0) -> None:
        """Record or add a value; `trace` is the id that an exemplar gets."""
        made = self._made.get(what.name)
        if made is None:
            made = self._made[what.name] = instrument.create(self._provider.get_meter("shop"), what)
        context = _traced(trace) if trace else Context()
        if isinstance(made, Counter):
            made.add(value, labels, context)
        else:
            made.record(value, labels, context)

    def level(self, name: str, value: float, labels: Labels | None = None, *, unit: str = "") -> None:
        """Set a gauge."""
        key = f"{name}{sorted((labels or {}).items())}"
        if key not in self._levels and not any(known.startswith(f"{name}[") for known in self._levels):
            gauge = self._provider.get_meter("shop").create_gauge(name, unit=unit)
            self._made[name] = gauge  # type: ignore[assignment]
        self._levels[key] = (value, labels or {})
        self._made[name].set(value, labels or {})  # type: ignore[union-attr]

    def export(self, now_s: float) -> ExportMetricsServiceRequest | None:
        """What the process would send at `now_s`."""
        data = self._reader.get_metrics_data()
        if data is None:
            return None
        request = encode_metrics(data)
        at, since = int(now_s * 1e9), int(self.began_s * 1e9)
        for metric in (m for rm in request.resource_metrics for sm in rm.scope_metrics for m in sm.metrics):
            for point in getattr(metric, metric.WhichOneof("data") or "gauge").data_points:
                point.time_unix_nano, point.start_time_unix_nano = at, since
                for exemplar in point.exemplars:
                    exemplar.time_unix_nano = at
        return request

    def end(self) -> None:
        """Let go of the provider."""
        self._provider.shutdown()


def _traced(trace: int) -> Context:
    span = NonRecordingSpan(SpanContext(trace, trace & (2**64 - 1) or 1, is_remote=False, trace_flags=TraceFlags(1)))
    return set_span_in_context(span, Context())


class Shop:
    """Three services and a collector from `began_s` on, minute by minute."""

    def __init__(self, began_s: float, *, seed: int = 6) -> None:
        self._random = random.Random(seed)
        self.services = {name: Service(name, began_s) for name in (*SERVICES, "collector")}
        self._began_s = began_s
        self._at_zero()

    def minutes(self, until_s: float, *, step_s: float = 60) -> Iterator[list[bytes]]:
        """What is exported at each step until `until_s`."""
        now_s = self._began_s
        while now_s <= until_s:
            self._pass(now_s, step_s, ends_s=until_s)
            exports = [service.export(now_s) for service in self.services.values()]
            yield [export.SerializeToString() for export in exports if export is not None]
            now_s += step_s
        for service in self.services.values():
            service.end()

    def _at_zero(self) -> None:
        """Counters that are known beforehand begin at 0, as the product's do."""
        for name, models in SERVICES.items():
            service = self.services[name]
            for model, _ in models:
                for reason in ZERO_AT_START:
                    service.record(metrics.SPANWISE_RESPONSES, 0, {**_call(model), attr.SPANWISE_FINISH_REASON: reason})
                service.record(metrics.SPANWISE_COST_UNPRICED, 0, _call(model))
                service.record(metrics.SPANWISE_RETRIES, 0, _call(model))

    def _pass(self, now_s: float, step_s: float, *, ends_s: float) -> None:
        day = 0.75 + 0.4 * math.sin((now_s % 86_400) / 86_400 * 2 * math.pi - 2)
        trouble = ends_s - 5_400 < now_s < ends_s - 3_000  # an hour ago the provider had half an hour of trouble
        for name, models in SERVICES.items():
            service = self.services[name]
            for model, a_minute in models:
                for _ in range(self._count(a_minute * day * step_s / 60)):
                    self._model_call(service, model, trouble=trouble and model == "claude-haiku-4-5")
            self._process(service, step_s)
        for _ in range(self._count(4 * day * step_s / 60)):
            self._agent(self.services["shop-assistant"])
        for _ in range(self._count(2.5 * day * step_s / 60)):
            self._retrieval(self.services["product-search"])
        self._scores(step_s, better=now_s > ends_s - 20_000)
        self._collector(step_s, trouble=trouble)

    def _count(self, mean: float) -> int:
        whole = int(mean)
        return whole + (self._random.random() < mean - whole) + self._random.choice((-1, 0, 0, 1)) * (whole > 2)

    def _model_call(self, service: Service, model: str, *, trouble: bool) -> None:
        pick = self._random
        _, typical, price_in, price_out = MODELS[model]
        trace = pick.getrandbits(128) if pick.random() < 0.006 else 0
        failed = pick.random() < (0.35 if trouble else 0.004)
        error = {attr.ERROR_TYPE: pick.choice(("529", "529", "APITimeoutError", "429"))} if failed else {}
        took = pick.lognormvariate(math.log(typical * (2.2 if trouble else 1)), 0.55)
        first = took * pick.uniform(0.15, 0.45)
        prompt, version = pick.choice(PROMPTS[service.name])
        tenant = pick.choices(tuple(TENANTS), (8, 4, 2, 1))[0]
        labels: dict[str, str | int] = {
            **_call(model),
            attr.SPANWISE_TENANT: tenant,
            attr.GEN_AI_PROMPT_NAME: prompt,
            attr.GEN_AI_PROMPT_VERSION: version,
            "shop.user_class": TENANTS[tenant],
        }
        read, written = int(pick.lognormvariate(7.6, 0.7)), int(pick.lognormvariate(5.4, 0.6))
        cached = int(read * pick.uniform(0.2, 0.8)) if pick.random() < 0.6 and prompt == "answer" else 0
        reason = (
            "error"
            if failed
            else pick.choices(("stop", "tool_call", "length", "refusal", "content_filter"), (80, 14, 3, 1, 1))[0]
        )
        service.record(metrics.GEN_AI_CLIENT_INFERENCE_DURATION, took, {**labels, **error}, trace=trace)
        service.record(OPERATION_DURATION, took, {**labels, **error}, trace=trace)
        service.record(metrics.SPANWISE_RESPONSES, 1, {**labels, attr.SPANWISE_FINISH_REASON: reason})
        if failed:
            service.record(metrics.SPANWISE_RETRIES, pick.choice((1, 2)), labels)
            return
        if service.name == "shop-assistant":
            service.record(metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK, first, labels, trace=trace)
            service.record(FIRST_CHUNK, first, labels, trace=trace)
        self._tokens(service, labels, read, written, cached)
        cost = ((read - cached) * price_in + cached * price_in / 10 + written * price_out) / 1e6
        status = pick.choices(("exact", "estimated"), (95, 5))[0]
        service.record(metrics.SPANWISE_COST, cost, {**labels, attr.SPANWISE_COST_STATUS: status})
        if cached:
            service.record(metrics.SPANWISE_COST_CACHE_SAVINGS, cached * price_in * 0.9 / 1e6, labels)
        if pick.random() < 0.002:
            service.record(metrics.SPANWISE_COST_UNPRICED, 1, _call("our-own-llama", provider="vllm"))

    def _tokens(self, service: Service, labels: Labels, read: int, written: int, cached: int) -> None:
        text: Labels = {**labels, attr.GEN_AI_TOKEN_MODALITY: "text"}
        for what, tokens in (
            (metrics.GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS, read),
            (metrics.GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS, written),
            (metrics.GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS, cached),
        ):
            service.record(what, tokens, text)
        for direction, tokens in (("input", read), ("output", written)):
            service.record(TOKEN_USAGE, tokens, {**labels, flavour.TOKEN_TYPE: direction})

    def _agent(self, service: Service) -> None:
        pick = self._random
        agent = pick.choice(("support", "support", "returns"))
        calls = min(int(pick.lognormvariate(1.1, 0.7)), 40) if pick.random() > 0.004 else 70
        failed = {attr.ERROR_TYPE: "ToolError"} if pick.random() < 0.02 else {}
        trace = pick.getrandbits(128) if pick.random() < 0.1 else 0
        run = pick.lognormvariate(2.2, 0.6)
        service.record(
            metrics.GEN_AI_INVOKE_AGENT_DURATION, run, {attr.GEN_AI_AGENT_NAME: agent, **failed}, trace=trace
        )
        service.record(metrics.GEN_AI_INVOKE_AGENT_INFERENCE_CALLS, calls, {attr.GEN_AI_AGENT_NAME: agent})
        tools = max(calls - 1, 0)
        service.record(metrics.GEN_AI_INVOKE_AGENT_TOOL_CALLS, tools, {attr.GEN_AI_AGENT_NAME: agent})
        for _ in range(min(tools, 5)):
            tool = pick.choices(("look_up_order", "search_catalogue", "book_parcel"), (5, 4, 1))[0]
            wrong = pick.random() < (0.18 if tool == "book_parcel" else 0.01)
            error = {attr.ERROR_TYPE: "TimeoutError"} if wrong else {}
            labels: Labels = {attr.GEN_AI_TOOL_NAME: tool, attr.GEN_AI_AGENT_NAME: agent, **error}
            service.record(metrics.GEN_AI_EXECUTE_TOOL_DURATION, pick.lognormvariate(-1.4, 0.9), labels)
        if pick.random() < 0.3:
            flow: Labels = {"gen_ai.workflow.name": pick.choice(("refund", "exchange"))}
            service.record(metrics.GEN_AI_INVOKE_WORKFLOW_DURATION, run * 3, flow)

    def _retrieval(self, service: Service) -> None:
        pick = self._random
        for operation, model in (("embeddings", "text-embedding-3-small"), ("retrieval", "")):
            named = {attr.GEN_AI_REQUEST_MODEL: model} if model else {}
            labels: Labels = {attr.GEN_AI_OPERATION_NAME: operation, attr.GEN_AI_PROVIDER_NAME: "openai", **named}
            service.record(OPERATION_DURATION, pick.lognormvariate(-1.6, 0.5), labels)
            if model:
                service.record(metrics.SPANWISE_COST, 0.00002, {**labels, attr.SPANWISE_COST_STATUS: "exact"})

    def _scores(self, step_s: float, *, better: bool) -> None:
        pick = self._random
        for _ in range(self._count(3 * step_s / 60)):
            name = pick.choice(("relevance", "faithfulness", "tone"))
            version = pick.choice(("7", "8"))
            centre = {"relevance": 0.82, "faithfulness": 0.74, "tone": 0.93}[name] + 0.06 * (better and version == "8")
            score = min(max(pick.gauss(centre, 0.12), 0), 1)
            labels: Labels = {
                attr.GEN_AI_EVALUATION_NAME: name,
                attr.GEN_AI_PROMPT_NAME: "answer",
                attr.GEN_AI_PROMPT_VERSION: version,
            }
            self.services["shop-assistant"].record(metrics.SPANWISE_SCORE, score, labels)

    def _process(self, service: Service, step_s: float) -> None:
        pick = self._random
        spans = self._count(14 * step_s / 60)
        for step in ("normalise", "cost", "measure", "redact"):
            service.record(metrics.SPANWISE_PIPELINE_SPANS, spans, {attr.SPANWISE_STEP: step})
        service.record(metrics.SPANWISE_EXPORT_SPANS, spans, {attr.SPANWISE_OUTCOME: "success"})
        service.record(EXPORTED, spans, {"otel.component.type": "otlp_http_span_exporter"})
        service.record(PROCESSED, spans, {"otel.component.type": "batching_span_processor"})
        service.level("otel.sdk.processor.span.queue.size", pick.randint(0, 120))
        service.level(metrics.SPANWISE_COST_BOOK_TIME.name, self._began_s - 12 * 86_400, unit="s")
        for kind in REDACTED:
            service.record(
                metrics.SPANWISE_PIPELINE_REDACTIONS,
                self._count(0.2 * step_s / 60),
                {attr.SPANWISE_REDACTION_KIND: kind},
            )
        rare = pick.random()
        if rare < 0.001:
            service.record(
                metrics.SPANWISE_PIPELINE_ERRORS, 1, {attr.SPANWISE_STEP: "redact", attr.ERROR_TYPE: "ValueError"}
            )
            service.record(metrics.SPANWISE_PIPELINE_DROPPED, 1, {attr.SPANWISE_REASON: "redaction_failed"})
        elif rare < 0.006:
            service.record(metrics.SPANWISE_PIPELINE_DROPPED, 2, {attr.SPANWISE_REASON: "over_bound"})
            service.record(metrics.SPANWISE_EXPORT_SPANS, 5, {attr.SPANWISE_OUTCOME: "failure"})
            service.record(
                EXPORTED, 5, {"otel.component.type": "otlp_http_span_exporter", attr.ERROR_TYPE: "Unavailable"}
            )
        elif rare < 0.009:
            service.record(metrics.SPANWISE_EXPORT_SPANS, 1, {attr.SPANWISE_OUTCOME: "dropped"})
            service.record(
                PROCESSED, 1, {"otel.component.type": "batching_span_processor", attr.ERROR_TYPE: "queue_full"}
            )
            service.record(metrics.SPANWISE_LABELS_REPLACED, 3, {attr.SPANWISE_LABEL: "spanwise.tenant"})

    def _collector(self, step_s: float, *, trouble: bool) -> None:
        pick, service = self._random, self.services["collector"]
        for signal, many in (("spans", 55), ("metric_points", 420), ("log_records", 12)):
            items = self._count(many * step_s / 60)
            for part, labels in (
                ("receiver_accepted", {"receiver": "otlp", "transport": "http"}),
                ("exporter_sent", {"exporter": "otlp_grpc/jaeger" if signal == "spans" else "otlp_http/prometheus"}),
            ):
                service.record(_counter(f"otelcol_{part}_{signal}"), items, labels)
            for part, labels in (
                ("receiver_refused", {"receiver": "otlp", "transport": "http"}),
                ("exporter_send_failed", {"exporter": "otlp_grpc/jaeger"}),
                ("exporter_enqueue_failed", {"exporter": "otlp_grpc/jaeger"}),
                ("processor_memory_limiter_refused", {"processor": "memory_limiter"}),
            ):
                service.record(_counter(f"otelcol_{part}_{signal}"), 3 * (trouble and pick.random() < 0.1), labels)
        for exporter, full in (("otlp_grpc/jaeger", 700 if trouble else 40), ("otlp_http/prometheus", 20)):
            labels = {"exporter": exporter}
            service.level("otelcol_exporter_queue_size", full + pick.randint(0, 60), labels)
            service.level("otelcol_exporter_queue_capacity", 1000, labels)
        for sampled, many in (("true", 9), ("false", 31)):
            name = "otelcol_processor_tail_sampling_global_count_traces_sampled"
            service.record(_counter(name), self._count(many * step_s / 60), {"sampled": sampled})
        early = _counter("otelcol_processor_tail_sampling_sampling_trace_dropped_too_early")
        service.record(early, int(trouble and pick.random() < 0.05), {})
        service.record(_counter("otelcol_process_cpu_seconds"), step_s * pick.uniform(0.1, 0.2), {})
        service.level("otelcol_process_memory_rss", (180 + pick.randint(0, 30)) * 1e6, unit="By")


def _call(model: str, *, provider: str = "") -> Labels:
    name = provider or MODELS[model][0]
    return {
        attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT,
        attr.GEN_AI_PROVIDER_NAME: name,
        attr.GEN_AI_REQUEST_MODEL: model,
        attr.GEN_AI_RESPONSE_MODEL: model,
        attr.SERVER_ADDRESS: HOSTS.get(name, "llm.internal"),
    }


def _counter(name: str) -> Instrument:
    return metrics.SPANWISE_PIPELINE_SPANS._replace(name=name, unit="", description=name)


def _past(metric: flavour.PastMetric, base: Instrument) -> Instrument:
    return base._replace(name=metric.name, unit=metric.unit, description=metric.description)


TOKEN_USAGE: Final = _past(flavour.TOKEN_USAGE, metrics.GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS)
OPERATION_DURATION: Final = _past(flavour.OPERATION_DURATION, metrics.GEN_AI_CLIENT_INFERENCE_DURATION)
FIRST_CHUNK: Final = _past(flavour.TIME_TO_FIRST_CHUNK, metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK)
EXPORTED: Final = _counter("otel.sdk.exporter.span.exported")
PROCESSED: Final = _counter("otel.sdk.processor.span.processed")
