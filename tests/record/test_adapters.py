"""A span is the same span in every form: the SDK's, ours, OTLP protobuf and OTLP JSON."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from google.protobuf.json_format import MessageToDict
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Link as SdkLink
from opentelemetry.trace import SpanContext, SpanKind, StatusCode, TraceFlags

from spanwise.record import AttributeValue, Event, Link, Resource, Scope, SpanRecord, otlp, otlp_json
from spanwise.record.received import MalformedRequest
from spanwise.record.sdk import from_readable, to_readable


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = st.one_of(
    TEXT, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.binary(max_size=8)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
ATTRIBUTES: Any = st.dictionaries(TEXT.filter(bool), VALUES, max_size=5)
TIMES = st.integers(0, 2**62)
IDS = st.integers(1, 2**64 - 1)


@st.composite
def records(draw: st.DrawFn) -> SpanRecord:
    """Any record that OTLP can carry."""
    return SpanRecord(
        name=draw(TEXT),
        trace_id=draw(st.integers(1, 2**128 - 1)),
        span_id=draw(IDS),
        parent_span_id=draw(st.just(0) | IDS),
        kind=draw(st.sampled_from(SpanKind)),
        start_unix_nano=draw(TIMES),
        end_unix_nano=draw(TIMES),
        status=draw(st.sampled_from(StatusCode)),
        status_description=draw(TEXT),
        attributes=draw(ATTRIBUTES),
        events=draw(st.lists(st.builds(Event, TEXT, TIMES, ATTRIBUTES), max_size=2)),
        links=draw(st.lists(st.builds(Link, st.integers(1, 2**128 - 1), IDS, ATTRIBUTES), max_size=2)),
        resource=draw(st.builds(Resource, ATTRIBUTES, TEXT)),
        scope=draw(st.builds(Scope, TEXT, TEXT, TEXT, ATTRIBUTES)),
        flags=draw(st.sampled_from([0, 1])),
    )


def plain(value: AttributeValue) -> object:
    """`value` with every sequence a list, so that forms compare."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def shown(record: SpanRecord) -> object:
    """Everything of a record, comparable."""
    return (
        record.name,
        record.trace_id,
        record.span_id,
        record.parent_span_id,
        record.kind,
        record.start_unix_nano,
        record.end_unix_nano,
        record.status,
        plain(record.attributes),
        [(event.name, event.time_unix_nano, plain(event.attributes)) for event in record.events],
        [(link.trace_id, link.span_id, plain(link.attributes)) for link in record.links],
        plain(dict(record.resource.attributes)),
        (record.scope.name, record.scope.version, record.scope.schema_url, plain(dict(record.scope.attributes))),
    )


@given(st.lists(records(), max_size=4))
@settings(max_examples=60, deadline=None)
def test_protobuf_round_trip(given_records: list[SpanRecord]) -> None:
    """Record to protobuf and back is the same record, in the same order within its resource and scope."""
    received = otlp.records(otlp.parse(otlp.request(given_records).SerializeToString()))
    assert received.rejected == 0
    assert sorted(map(repr, map(shown, received.records))) == sorted(map(repr, map(shown, given_records)))


@given(records())
@settings(max_examples=60, deadline=None)
def test_json_reads_what_protobuf_says(record: SpanRecord) -> None:
    """OTLP/JSON, with its hexadecimal ids, gives the record that protobuf gives."""
    request = MessageToDict(otlp.request([record]), use_integers_for_enums=True)
    (span,) = request["resourceSpans"][0]["scopeSpans"][0]["spans"]
    span["traceId"], span["spanId"] = f"{record.trace_id:032x}", f"{record.span_id:016x}"
    if record.parent_span_id:
        span["parentSpanId"] = f"{record.parent_span_id:016x}"
    for link, sent in zip(record.links, span.get("links", []), strict=True):
        sent["traceId"], sent["spanId"] = f"{link.trace_id:032x}", f"{link.span_id:016x}"
    (received,) = otlp_json.records(orjson.dumps(request)).records
    assert shown(received) == shown(record)


def sdk_span() -> ReadableSpan:
    """A span of the SDK with everything a span has."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("scope", "1.2", "https://schema.test/1", {"scope": True})
    link = SdkLink(SpanContext(7, 8, is_remote=True, trace_flags=TraceFlags(1)), {"why": "because"})
    with (
        tracer.start_as_current_span("parent"),
        tracer.start_as_current_span("child", kind=SpanKind.CLIENT, links=[link]) as span,
    ):
        span.set_attributes({"text": "é", "number": 3, "ratio": 0.5, "yes": True, "list": ["a", "b"]})
        span.add_event("happened", {"n": 1}, 12345)
        span.set_status(StatusCode.ERROR, "it broke")
    return exporter.get_finished_spans()[0]


def test_the_sdk_round_trip() -> None:
    """A span of the SDK becomes a record and a span again without loss."""
    span = sdk_span()
    assert to_readable(from_readable(span)).to_json() == span.to_json()


def test_the_stock_encoder_says_what_our_record_says() -> None:
    """What the stock exporter sends is read as the record made of the span in its process."""
    span = sdk_span()
    received = otlp.records(encode_spans([span]))
    assert shown(received.records[0]) == shown(from_readable(span))
    assert received.records[0].status_description == "it broke"


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'{"resourceSpans": 3}', b'{"resourceSpans": [{"scopeSpans": "x"}]}']
)
def test_json_that_is_no_request(body: bytes) -> None:
    """What is no request is refused or holds no span; it never raises anything else."""
    try:
        assert otlp_json.records(body).records == []
    except MalformedRequest as error:
        assert "x" not in str(error) or body  # the message quotes nothing


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes(body: bytes) -> None:
    """Any bytes are a request or a malformed one."""
    for read in (lambda raw: otlp.records(otlp.parse(raw)), otlp_json.records):
        try:
            read(body)
        except MalformedRequest:
            continue


def test_deep_values_are_cut_not_followed() -> None:
    """A value nested without end costs a marker, not the stack."""
    value = '{"arrayValue":{"values":[' * 100 + '{"intValue":"1"}' + "]}}" * 100
    span = (
        f'{{"traceId":"{"1" * 32}","spanId":"{"1" * 16}","name":"a","attributes":[{{"key":"deep","value":{value}}}]}}'
    )
    received = otlp_json.records(f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{span}]}}]}}]}}'.encode())
    assert "TOO DEEP" in repr(received.records[0].attributes["deep"])
