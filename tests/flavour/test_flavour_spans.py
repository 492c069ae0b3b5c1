"""Spans in older states of the convention."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opentelemetry.trace import SpanKind

from spanwise.flavour import Choice, Flavouring, chosen
from spanwise.normalise import Normalise
from spanwise.pipeline import ConfigError, Pipeline, PipelineConfig
from spanwise.record import AttributeValue, Scope, SpanRecord


INPUT = [
    {"role": "user", "parts": [{"type": "text", "content": "hi"}]},
    {"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "f", "arguments": {"a": 1}}]},
    {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c1", "response": {"b": 2}}]},
]
OUTPUT = [{"role": "assistant", "parts": [{"type": "text", "content": "yo"}]}]


def record(**attributes: AttributeValue) -> SpanRecord:
    """A chat span of ours with content; `attributes` are added, with `__` for `.` in their names."""
    found: dict[str, AttributeValue] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "azure.ai.openai",
        "gen_ai.request.model": "gpt-4.1",
        "openai.response.service_tier": "default",
        "gen_ai.response.finish_reasons": ["tool_call"],
        "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "be kind"}]),
        "gen_ai.input.messages": json.dumps(INPUT),
        "gen_ai.output.messages": json.dumps(OUTPUT),
    }
    found |= {name.replace("__", "."): value for name, value in attributes.items()}
    return SpanRecord(
        "chat gpt-4.1",
        1,
        2,
        kind=SpanKind.CLIENT,
        start_unix_nano=10,
        end_unix_nano=20,
        attributes=found,
        scope=Scope("spanwise.instrument", "1", "https://opentelemetry.io/schemas/gen-ai-dev"),
    )


def test_current_changes_nothing() -> None:
    """The current flavour leaves a span as it is."""
    assert Flavouring("current")(record()) == record()


def test_released_is_named_by_its_schema() -> None:
    """The released flavour has the current attributes under the schema URL of 1.37."""
    found = Flavouring("released")(record())
    assert found.attributes == record().attributes
    assert found.scope.schema_url == "https://opentelemetry.io/schemas/1.37.0"
    assert record().scope.schema_url != found.scope.schema_url


def test_legacy() -> None:
    """The legacy flavour has the old names, the old words, and messages as events in their order."""
    found = Flavouring("legacy")(record())
    assert found.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "gpt-4.1",
        "gen_ai.system": "az.ai.openai",
        "gen_ai.openai.response.service_tier": "default",
        "gen_ai.response.finish_reasons": ["tool_calls"],
    }
    events: Any = [(event.name, event.time_unix_nano, event.attributes) for event in found.events]
    about = {"gen_ai.system": "az.ai.openai"}
    assert events[0] == ("gen_ai.system.message", 10, {**about, "content": "be kind"})
    assert events[1] == ("gen_ai.user.message", 10, {**about, "content": "hi"})
    name, _, attributes = events[2]
    assert name == "gen_ai.assistant.message"
    assert json.loads(attributes["tool_calls"])[0]["function"] == {"name": "f", "arguments": '{"a":1}'}
    assert events[3] == ("gen_ai.tool.message", 10, {**about, "id": "c1", "content": '{"b":2}'})
    name, at_unix_nano, attributes = events[4]
    assert (name, at_unix_nano, attributes["index"]) == ("gen_ai.choice", 20, 0)
    assert json.loads(attributes["message"]) == {"content": "yo"}


def test_legacy_twice_is_once() -> None:
    """Rewriting what is rewritten changes nothing."""
    once = Flavouring("legacy")(record())
    events = len(once.events)
    twice = Flavouring("legacy")(once)
    assert (len(twice.events), twice.attributes["gen_ai.system"]) == (events, "az.ai.openai")


def test_there_and_back() -> None:
    """What the legacy flavour writes, normalising reads: names, words and messages come back."""
    span = Flavouring("legacy")(record())
    span.scope = Scope("somebody")
    step = Normalise()
    step.content(step(span))
    assert span.attributes["gen_ai.provider.name"] == "azure.ai.openai"
    assert span.attributes["gen_ai.response.finish_reasons"] == ["tool_call"]
    assert json.loads(str(span.attributes["gen_ai.output.messages"])) == OUTPUT
    messages = json.loads(str(span.attributes["gen_ai.input.messages"]))
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "tool"]


@pytest.mark.parametrize("content", ["not json", "{}", "[1]", '["x"]', ""])
def test_unreadable_content_stays(content: str) -> None:
    """A content attribute that holds no messages stays where it is."""
    found = Flavouring("legacy")(record(gen_ai__input__messages=content))
    assert found.attributes["gen_ai.input.messages"] == content


def test_other_spans_stay() -> None:
    """A span that is not GenAI is not touched."""
    span = SpanRecord("GET", 1, 2, attributes={"openai.response.service_tier": "x"})
    assert Flavouring("legacy")(span).attributes == {"openai.response.service_tier": "x"}


def test_pipeline_writes_the_flavour_last() -> None:
    """In the pipeline the flavour comes after redaction, so that events are clean as well."""
    pipeline = Pipeline(PipelineConfig.from_options({"semconv": "legacy"}))
    span = record(
        gen_ai__input__messages=json.dumps([{"role": "user", "parts": [{"type": "text", "content": "a@b.org"}]}])
    )
    found = pipeline.process(span)
    assert found is not None
    assert "a@b.org" not in repr(found)
    assert [event.attributes["content"] for event in found.events if event.name == "gen_ai.user.message"] == ["[EMAIL]"]


def test_a_span_in_an_older_flavour_is_read_by_the_next_host() -> None:
    """A processed span that left its host in the legacy flavour is translated back, and not priced again."""
    left = Pipeline(PipelineConfig.from_options({"semconv": "legacy"})).process(record())
    assert left is not None
    status = left.attributes["spanwise.cost.status"]
    found = Pipeline().process(left)
    assert found is not None
    assert found.attributes["gen_ai.provider.name"] == "azure.ai.openai"
    assert found.attributes["spanwise.cost.status"] == status


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, Choice()),
        ({"SPANWISE_SEMCONV": " Legacy "}, Choice("legacy")),
        ({"SPANWISE_METRICS": "current, legacy,current"}, Choice("current", ("current", "legacy"))),
        ({"OTEL_SEMCONV_STABILITY_OPT_IN": "http,gen_ai_latest_experimental"}, Choice()),
        ({"OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai/dup"}, Choice("current", ("current", "legacy"))),
        (
            {"OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai/dup", "SPANWISE_METRICS": "released"},
            Choice(metrics=("released",)),
        ),
    ],
)
def test_environment(environ: dict[str, str], expected: Choice) -> None:
    """Our own variables come first, then the conventions' opt-in; nothing means current."""
    assert chosen(environ) == expected


def test_unknown_flavour_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """An unknown name is named in a warning, and the current convention is written."""
    assert chosen({"SPANWISE_SEMCONV": "old", "SPANWISE_METRICS": "current,older"}) == Choice()
    assert "SPANWISE_SEMCONV: found 'old'; accepted: current, released, legacy" in caplog.text
    assert "SPANWISE_METRICS: found 'older'" in caplog.text


def test_unknown_flavour_in_a_file_is_refused() -> None:
    """A configuration file with an unknown flavour is an error that says what is accepted."""
    with pytest.raises(ConfigError, match="semconv: found 'old'; accepted: current, released, legacy"):
        PipelineConfig.from_options({"semconv": "old"})
    with pytest.raises(ConfigError, match=r"measure\.flavours\[0\]: found 'old', .*: current, released, legacy"):
        PipelineConfig.from_options({"measure": {"flavours": ["old"]}})
