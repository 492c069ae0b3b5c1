"""What the checker reads, and what it makes of what it cannot read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, Status, StatusCode

from spanwise.record import Event, SpanRecord
from spanwise.semconv.checker import Inspection, UnreadableTelemetry, check, inspect_stream
from tests.semconv.check.telemetry import CHAT, Json, changed, logs, metrics, span, spans, violations


GOOD = spans(span(CHAT))
BAD = spans(span(changed(CHAT, gen_ai__provider__name=None)))
MISSING = ("required_attribute_not_present", "gen_ai.provider.name")


@pytest.mark.parametrize(
    "form",
    [
        BAD,
        json.dumps(BAD),
        json.dumps(BAD, indent=2),
        json.dumps(BAD).encode(),
        bytearray(json.dumps(BAD).encode()),
        json.dumps([GOOD, BAD]),
        f"\n\n{json.dumps(GOOD)}\n{json.dumps(BAD)}\n",
        f"\ufeff{json.dumps(BAD)}",
        [GOOD, BAD],
    ],
)
def test_forms_of_otlp_json(form: Any) -> None:
    """A document, its text in any layout, lines of documents and lists of documents are all read."""
    assert MISSING in violations(check(form))


def test_file(tmp_path: Path) -> None:
    """A path is read as a file."""
    path = tmp_path / "spans.json"
    path.write_text(json.dumps(BAD))
    assert MISSING in violations(check(path))


def test_signals_in_any_mixture() -> None:
    """One document may hold spans, metrics and logs; so may the lines of a file."""
    metric = metrics({"name": "gen_ai.foo", "gauge": {}})
    event = logs({"eventName": "gen_ai.foo"})
    together = check({**BAD, **metric, **event})
    lines = check("\n".join(json.dumps(one) for one in (BAD, metric, event)))
    assert violations(together) == violations(lines)
    assert {"missing_metric", "missing_event", MISSING[0]} <= {name for name, _ in violations(lines)}
    assert (lines.spans, lines.metrics, lines.events) == (1, 1, 1)


def test_loose_writers() -> None:
    """snake_case, enum names, numbers for integers, `null` and unknown fields are read."""
    loose = {
        "resource_spans": [
            {
                "resource": None,
                "scope_spans": [
                    {
                        "spans": [
                            {
                                "name": "chat llama-4",
                                "kind": "SPAN_KIND_CLIENT",
                                "status": {"code": "STATUS_CODE_OK"},
                                "future_field": [1],
                                "attributes": [
                                    {"key": "gen_ai.usage.input_tokens", "value": {"int_value": 12}},
                                    {"key": "gen_ai.operation.name", "value": {"string_value": "chat"}},
                                ],
                            }
                        ]
                    }
                ],
            }
        ]
    }
    found = violations(check(loose))
    assert ("span_status_ok_set_by_instrumentation", None) in found
    assert not any(name == "type_mismatch" for name, _ in found)


@pytest.mark.parametrize("line", ["{", "not json", "[1]", "{}", '{"resourceMetric": []}', '"x"', "1"])
def test_bad_lines_beside_good_ones(line: str) -> None:
    """A line that cannot be read is named by its number, and the others are checked."""
    report = check(f"{json.dumps(GOOD)}\n{line}\n{json.dumps(BAD)}\n")
    assert MISSING in violations(report)
    assert [problem.line for problem in report.problems] == [2]
    assert (report.spans, report.unread) == (2, 1)


def test_bad_first_line() -> None:
    """A file whose first line is cut off is still read."""
    report = check(f"{json.dumps(GOOD)[40:]}\n{json.dumps(BAD)}\n")
    assert MISSING in violations(report)
    assert [problem.line for problem in report.problems] == [1]


@pytest.mark.parametrize(
    "text", ["{", "x", "[]]", "{}", json.dumps(GOOD, indent=1)[:-9], "\x00", '{"resourceSpans": 1,', "NaN"]
)
def test_nothing_readable(text: str) -> None:
    """Input of which nothing can be read is an error, not a clean report; and it is one problem, not one a line."""
    with pytest.raises(UnreadableTelemetry):
        check(text)
    inspection = Inspection()
    assert inspect_stream(inspection, io.BytesIO(text.encode()), "f.json") == 0
    assert inspection.report().unread == 1
    assert str(inspection.report().problems[0]).startswith("f.json")


@pytest.mark.parametrize("empty", ["", "\n\n", b"", []])
def test_nothing_there(empty: Any) -> None:
    """No telemetry is no finding."""
    report = check(empty)
    assert (report.findings, report.spans, report.unread) == ((), 0, 0)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("attributes", 7),
        ("attributes", [7]),
        ("attributes", [{"key": 7}]),
        ("attributes", [{"key": "a", "value": {"intValue": "x" * 99}}]),
        ("attributes", [{"key": "a", "value": {"intValue": 2**70}}]),
        ("attributes", [{"key": "a", "value": {"doubleValue": "x"}}]),
        ("attributes", [{"key": "a", "value": {"boolValue": "true"}}]),
        ("attributes", [{"key": "a", "value": 7}]),
        ("name", 7),
        ("traceId", 7),
        ("status", []),
        ("events", {}),
        ("events", [None]),
    ],
)
def test_malformed_span_beside_a_good_one(part: str, value: object) -> None:
    """A span that cannot be read is a problem, and costs only itself."""
    report = check(json.dumps(spans({**span(CHAT), part: value}, *BAD["resourceSpans"][0]["scopeSpans"][0]["spans"])))
    assert MISSING in violations(report)
    assert (report.spans, report.unread) == (1, 1)


def test_malformed_container() -> None:
    """A container that cannot be read is a problem; the other signals are checked."""
    report = check({"resourceSpans": 7, **logs({"eventName": "gen_ai.foo"})})
    assert (report.unread, report.events) == (1, 1)


@pytest.mark.parametrize("depth", [63, 64, 65, 300])
def test_deep_values(depth: int) -> None:
    """A value may nest 64 deep; a deeper one makes its span a problem."""
    value: Json = {"stringValue": "x"}
    for _ in range(depth):
        value = {"arrayValue": {"values": [value]}}
    report = check(spans({**span(CHAT), "attributes": [{"key": "a", "value": value}]}))
    assert report.unread == (depth > 64)


@pytest.mark.parametrize("ids", [("", ""), ("zz" * 16, "00" * 8), ("00" * 15, "00" * 8), ("\x1b" * 32, "0" * 16)])
def test_strange_ids(ids: tuple[str, str]) -> None:
    """Ids that are none are left out of a finding's place."""
    report = check(spans({**span(CHAT), "traceId": ids[0], "spanId": ids[1]}))
    assert {one.where for one in report.findings} == {""}


def test_long_line_is_left_out() -> None:
    """A line beyond the limit is a problem and costs no memory; the lines around it are checked."""
    text = "\n".join((json.dumps(GOOD), '"' + "x" * 9_000 + '"', json.dumps(BAD)))
    inspection = Inspection()
    assert inspect_stream(inspection, io.BytesIO(text.encode()), "f", max_bytes=8_000) == 2
    report = inspection.report()
    assert [str(problem) for problem in report.problems] == ["f:2: longer than 8000 bytes"]
    assert MISSING in violations(report)


def test_long_document_is_read_as_lines() -> None:
    """A document beyond the limit is not held; good lines after it are still found."""
    text = json.dumps(GOOD, indent=1) + "\n" + json.dumps(BAD)
    inspection = Inspection()
    limit = len(json.dumps(BAD)) + 10
    assert len(text) > limit
    assert inspect_stream(inspection, io.BytesIO(text.encode()), "f", max_bytes=limit) == 1
    assert MISSING in violations(inspection.report())


def test_stream_is_read_line_by_line() -> None:
    """Lines are checked as they come; nothing waits for the end of the input."""
    seen: list[int] = []
    inspection = Inspection()

    class Lines(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            seen.append(inspection.report().spans)
            return super().readline(size)

    inspect_stream(inspection, Lines(b"\n".join([json.dumps(GOOD).encode()] * 3)))
    assert seen == [0, 1, 2, 3]


@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    """No bytes do more than raise the one documented error."""
    try:
        check(data)
    except UnreadableTelemetry as error:
        assert str(error)


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "resourceSpans",
                    "scopeSpans",
                    "spans",
                    "resourceMetrics",
                    "scopeMetrics",
                    "metrics",
                    "resourceLogs",
                    "scopeLogs",
                    "logRecords",
                    "attributes",
                    "key",
                    "value",
                    "arrayValue",
                    "values",
                    "name",
                    "status",
                    "sum",
                    "dataPoints",
                    "stringValue",
                    "intValue",
                    "doubleValue",
                    "kvlistValue",
                    "events",
                    "resource",
                    "kind",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=30,
)


@given(st.fixed_dictionaries({"resourceSpans": documents, "resourceMetrics": documents, "resourceLogs": documents}))
def test_any_document(document: Json) -> None:
    """No document of the right keys and the wrong everything raises: what cannot be read is a problem."""
    report = check(document)
    assert report.unread >= 0
    assert all(one.message for one in report.findings)


CALL: Any = CHAT


def memory_spans() -> Iterator[object]:
    """The same failed call as an SDK span and as a record."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    with provider.get_tracer("t").start_as_current_span("chat", kind=SpanKind.SERVER, attributes=CALL) as live:
        live.set_status(Status(StatusCode.ERROR))
        live.add_event("gen_ai.choice", {"content": "x"})
    yield exporter.get_finished_spans()[0]
    yield SpanRecord(
        "chat",
        1,
        2,
        kind=SpanKind.SERVER,
        status=StatusCode.ERROR,
        attributes=dict(CALL),
        events=[Event("gen_ai.choice", 0)],
    )


@pytest.mark.parametrize("form", [0, 1], ids=["sdk", "record"])
def test_spans_in_memory(form: int) -> None:
    """Spans of the SDK and records are read alike: name, kind, status, attributes, events, ids."""
    report = check([list(memory_spans())[form]])
    assert {name for name, _ in violations(report)} == {
        "genai_span_name_format",
        "genai_span_kind_unexpected",
        "error_type_missing_on_error",
        "deprecated",
    }
    assert all(len(one.where) == 49 for one in report.findings)


@pytest.mark.parametrize("item", [None, 7, "span", object(), {"spans": []}])
def test_not_telemetry(item: object) -> None:
    """Something that is neither a span nor a document is the caller's mistake."""
    with pytest.raises(TypeError, match="expected"):
        check([item])
