"""What the checker says about metrics and events."""

from __future__ import annotations

import pytest

from spanwise.semconv.checker import check
from tests.semconv.check.telemetry import (
    CHAT,
    SPAN,
    TRACE,
    WHERE,
    Json,
    found,
    logs,
    metrics,
    pairs,
    span,
    spans,
    violations,
)


CALL = {name: CHAT[name] for name in ("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model")}
SERVER = {name: CHAT[name] for name in ("server.address", "server.port", "gen_ai.response.model")}
DURATION = "gen_ai.client.inference.duration"
DETAILS = "gen_ai.client.inference.operation.details"


def histogram(name: str, *points: Json, unit: str = "s", field: str = "histogram") -> Json:
    """A metric with one data point for each of `points`."""
    return {"name": name, "unit": unit, field: {"dataPoints": [{"attributes": pairs(point)} for point in points]}}


@pytest.mark.parametrize("field", ["histogram", "exponentialHistogram", "exponential_histogram"])
def test_conforming_metric(field: str) -> None:
    """A metric as the conventions want it has no violations; both forms of a histogram are one."""
    report = check(metrics(histogram(DURATION, {**CALL, **SERVER}, field=field)))
    assert [one for one in report.findings if one.severity != "information"] == []
    assert (report.metrics, report.judged) == (1, 1)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (histogram("gen_ai.client.foo", CALL), ("missing_metric", None)),
        (histogram("gen_ai.client.token.usage", CALL), ("deprecated", None)),
        (histogram("gen_ai.client.operation.duration", CALL), ("deprecated", None)),
        (histogram(DURATION, CALL, unit="ms"), ("unit_mismatch", None)),
        (histogram(DURATION, CALL, unit=""), ("unit_mismatch", None)),
        (histogram(DURATION, CALL, field="gauge"), ("unexpected_instrument", None)),
        (histogram(DURATION, CALL, field="sum"), ("unexpected_instrument", None)),
        (histogram(DURATION, {}), ("required_attribute_not_present", "gen_ai.provider.name")),
        (histogram(DURATION, {**CALL, "gen_ai.token.type": "input"}), ("deprecated", "gen_ai.token.type")),
        (histogram(DURATION, {**CALL, "gen_ai.foo": 1}), ("missing_attribute", "gen_ai.foo")),
        (histogram(DURATION, {**CALL, "server.port": "443"}), ("type_mismatch", "server.port")),
        (histogram("gen_ai.Foo", CALL), ("invalid_format", None)),
    ],
)
def test_metric(metric: Json, expected: tuple[str, str | None]) -> None:
    """Each rule about a metric finds what it is for."""
    assert expected in violations(check(metrics(metric)))


def test_counter() -> None:
    """A monotonic sum is a counter."""
    name = "gen_ai.client.inference.usage.input_tokens"
    counter = histogram(name, {**CALL, "gen_ai.token.modality": "text"}, unit="{token}", field="sum")
    assert ("unexpected_instrument", None) in found(check(metrics(counter)))
    counter["sum"]["isMonotonic"] = True
    assert violations(check(metrics(counter))) == []


def test_duration_of_other_operations_stays() -> None:
    """The old duration metric is outdated for inference only."""
    embeddings = {**CALL, "gen_ai.operation.name": "embeddings"}
    assert violations(check(metrics(histogram("gen_ai.client.operation.duration", embeddings)))) == []


def test_many_points_are_one_finding() -> None:
    """What is wrong with every data point of a metric is said once."""
    report = check(metrics(histogram(DURATION, *[{**CALL, "gen_ai.foo": n} for n in range(50)])))
    assert violations(report) == [("missing_attribute", "gen_ai.foo")]


def test_metrics_of_others_are_not_judged() -> None:
    """A metric outside the governed namespaces is counted only."""
    report = check(metrics(histogram("http.client.request.duration", {"gen_ai.foo": 1})))
    assert (report.metrics, report.judged, report.findings) == (1, 0, ())


def record(name: str, attributes: Json) -> Json:
    """A log record with an event name."""
    return {"eventName": name, "attributes": pairs(attributes), "traceId": TRACE, "spanId": SPAN}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (record("gen_ai.foo", {}), ("missing_event", None)),
        (record("gen_ai.user.message", {}), ("deprecated", None)),
        (record("gen_ai.evaluation.result", {}), ("required_attribute_not_present", "gen_ai.evaluation.name")),
        (record(DETAILS, {**CALL, "gen_ai.input.messages": "[]"}), ("type_mismatch", "gen_ai.input.messages")),
        (record(DETAILS, {**CALL, "gen_ai.input.messages": [1]}), ("genai_content_schema", "gen_ai.input.messages")),
        ({"attributes": pairs({"event.name": "gen_ai.choice"})}, ("deprecated", None)),
    ],
)
def test_event(event: Json, expected: tuple[str, str | None]) -> None:
    """Each rule about an event finds what it is for; content on an event is structured."""
    assert expected in violations(check(logs(event)))


def test_conforming_event() -> None:
    """An event as the conventions want it has no violations, and says where it belongs."""
    messages = [{"role": "user", "parts": [{"type": "text", "content": "hi"}]}]
    report = check(logs(record(DETAILS, {**CALL, "gen_ai.input.messages": messages})))
    assert violations(report) == []
    assert {one.where for one in report.findings if one.signal == "event"} == {WHERE}


@pytest.mark.parametrize(
    ("given", "lacking"),
    [({"exception.type": "E"}, []), ({"exception.message": "m"}, []), ({}, ["exception.type", "exception.message"])],
)
def test_exception_owes_one_of_two(given: Json, lacking: list[str]) -> None:
    """An exception has a type or a message."""
    report = check(logs(record("gen_ai.client.operation.exception", given)))
    conditional = "conditionally_required_attribute_not_present"
    assert [one.attribute for one in report.findings if one.id == conditional] == lacking


def test_events_of_spans() -> None:
    """Old message events on a span are outdated; an exception event is nobody's business; JSON text is allowed."""
    old = {"name": "gen_ai.user.message", "attributes": pairs({"content": "hi"})}
    details = {"name": DETAILS, "attributes": pairs({**CALL, "gen_ai.input.messages": "[]"})}
    report = check(spans(span(CHAT, events=[old, details, {"name": "exception"}])))
    assert [(one.id, one.signal, one.subject) for one in report.findings if one.severity == "violation"] == [
        ("deprecated", "event", "gen_ai.user.message")
    ]


def test_plain_logs_are_not_judged() -> None:
    """A log record without an event name, or with another's, is left alone."""
    report = check(logs({"body": {"stringValue": "x"}}, record("device.crash", {"gen_ai.foo": 1})))
    assert report.findings == ()
