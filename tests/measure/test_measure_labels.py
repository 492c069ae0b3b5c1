"""Labels that a policy adds: which may be, how many values, and that they are cleaned as their attributes are."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from spanwise.measure import Measure, MeasureConfig
from spanwise.measure.permitted import USUAL, refusal
from spanwise.pipeline import Pipeline, PipelineConfig
from spanwise.policy import PolicyError, Reader, read_policy
from spanwise.record import Resource
from spanwise.semconv.definitions import ATTRIBUTES
from tests.measure.metering import by, points, span


TENANT = "spanwise.tenant"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("user.id", "is an id"),
        ("enduser.id", "is an id"),
        ("session.id", "is an id"),
        ("gen_ai.conversation.id", "is an id"),
        ("gen_ai.response.id", "is an id"),
        ("langfuse.session_id", "is an id"),
        ("userId", "is an id"),
        ("app.user", "belongs to one person"),
        ("user.email", "belongs to one person"),
        ("gen_ai.input.messages", "holds what somebody wrote"),
        ("gen_ai.usage.input_tokens", "is no text"),
        ("client.address", "belongs to one person"),
        ("gen_ai.request.model", "is a label already"),
        ("gen_ai_request_model", "would have the name of another label"),
        ("le", "would have the name of another label"),
        ("no name", "is no name of an attribute"),
        ("x" * 200, "is no name of an attribute"),
        ("", "is no name of an attribute"),
    ],
)
def test_what_may_not_be_a_label(name: str, reason: str) -> None:
    """What is one person's, one conversation's or one call's is refused, with the reason."""
    assert reason in refusal(name)


@pytest.mark.parametrize("name", [*USUAL, "app.feature", "user.class", "team", "gen_ai.output.type"])
def test_what_may_be_a_label(name: str) -> None:
    """Attributes with few values are accepted."""
    assert refusal(name) == ""


def test_no_personal_attribute_of_the_registry_may_be_a_label() -> None:
    """Of all that is personal or content, only the tenant may be one."""
    private = [one.name for one in ATTRIBUTES.values() if one.sensitivity in {"personal", "content"}]
    assert [name for name in private if not refusal(name)] == [TENANT]


def test_the_policy_names_labels(tmp_path: Path) -> None:
    """Good names are taken over; a bad one is a complaint with line, reason and what is accepted."""
    file = tmp_path / "spanwise.yaml"
    file.write_text("measure:\n  labels: [spanwise.tenant, app.feature]\n  most_label_values: 7\n")
    config = PipelineConfig.from_policy(read_policy(file)).measure
    assert (config.labels, config.most_label_values) == ((TENANT, "app.feature"), 7)
    assert config.validate() == []
    file.write_text("measure:\n  labels:\n    - user.id\n  most_label_values: 0\n")
    with pytest.raises(PolicyError) as caught:
        PipelineConfig.from_policy(read_policy(file))
    first, second = caught.value.lines
    assert ":2: measure.labels: 'user.id' is an id: a person, a conversation or a call has one of its own." in first
    assert f"Accepted: {', '.join(USUAL)}" in first
    assert "most_label_values" in second


def test_too_many_labels_and_labels_that_are_one() -> None:
    """Nine labels are refused, and two that Prometheus would hold under one name."""
    many, twice = Reader({"labels": [f"a.b{n}" for n in range(9)]}), Reader({"labels": ["a.b", "a_b"]})
    assert MeasureConfig.read(many).labels == MeasureConfig.read(twice).labels == ()
    assert "9 labels are more than 8" in many.problems[0].message
    assert "two of them are one label" in twice.problems[0].message
    assert "two of them" in MeasureConfig(labels=("a.b", "a_b")).validate()[0]


def test_labels_stand_on_every_metric_of_a_call(reader: InMemoryMetricReader) -> None:
    """Cost, duration, tokens, responses: all carry them; a value may come from the resource; no value, no label."""
    measure = Measure(MeasureConfig(labels=(TENANT, "app.feature"), flavours=("current", "released")))
    one = span(**{TENANT: "acme", "app.feature": True})
    measure(one)
    other = span(**{"gen_ai.request.model": "m2"})
    other.resource = Resource({TENANT: "umbrella"})
    measure(other)
    for name, found in points(reader).items():
        for labels, _ in found:
            if labels["gen_ai.request.model"] == "m2":
                assert (labels[TENANT], labels.get("app.feature")) == ("umbrella", None), name
            else:
                assert (labels[TENANT], labels["app.feature"]) == ("acme", "true"), name


def test_no_label_without_a_policy(reader: InMemoryMetricReader) -> None:
    """By default a tenant is no label."""
    Measure()(span(**{TENANT: "acme"}))
    assert all(TENANT not in labels for found in points(reader).values() for labels, _ in found)


def test_values_are_bounded(reader: InMemoryMetricReader, caplog: pytest.LogCaptureFixture) -> None:
    """Beyond the bound a value is `other`, which is said once and counted each time; known values go on."""
    measure = Measure(MeasureConfig(labels=(TENANT,), most_label_values=2))
    with caplog.at_level(logging.WARNING, "spanwise.measure"):
        for tenant in ("a", "b", "c", "d", "a", "x" * 300):
            measure(span(**{TENANT: tenant, "gen_ai.usage.cost.amount": 1.0}))
    assert by(reader, "spanwise.cost", TENANT) == {"a": 2, "b": 1, "other": 3}
    assert by(reader, "spanwise.labels.replaced", "spanwise.label") == {TENANT: 3}
    (warning,) = [record.getMessage() for record in caplog.records]
    assert "spanwise.tenant has more than 2 values" in warning
    assert "x" * 10 not in warning


def test_labels_follow_the_redaction_settings(reader: InMemoryMetricReader) -> None:
    """A tenant that the policy drops or that is an address leaves the process as the span's does."""
    options = {"measure": {"labels": [TENANT, "app.team"]}, "redact": {"attributes": {"app.team": "drop"}}}
    Pipeline(PipelineConfig.from_options(options)).account(span(**{TENANT: "jane.doe@example.com"}))
    Pipeline(PipelineConfig.from_options(options)).account(span(**{"app.team": "blue", "gen_ai.request.model": "m2"}))
    seen = [labels for labels, _ in points(reader)["gen_ai.client.inference.duration"]]
    assert seen[0][TENANT] == "[EMAIL]"
    assert "blue" not in str(seen)


def test_a_failed_cleaner_leaves_no_value(reader: InMemoryMetricReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """When nobody can say whether a label is clean, its text does not stay."""
    monkeypatch.delenv("SPANWISE_RAISE", raising=False)
    pipeline = Pipeline(PipelineConfig.from_options({"measure": {"labels": [TENANT]}}))
    monkeypatch.setattr("spanwise.redact.Redactor.attributes", lambda *_, **__: 1 / 0)
    pipeline.account(span(**{TENANT: "jane"}))
    assert {labels[TENANT] for labels, _ in points(reader)["gen_ai.client.inference.duration"]} == {"[DROPPED]"}
