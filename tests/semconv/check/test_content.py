"""Messages and other structured attributes against their schemas."""

from __future__ import annotations

import json

import pytest

from spanwise.semconv import schemas
from spanwise.semconv.checker.content import flaw
from tests.semconv.check.telemetry import CHAT, Json, of_span


SECRET = "hunter2-and-more"

MESSAGES = [
    {"role": "user", "parts": [{"type": "text", "content": "hi"}]},
    {"role": "assistant", "parts": [{"type": "tool_call", "id": "1", "name": "f", "arguments": {"a": 1}}]},
    {"role": "tool", "parts": [{"type": "tool_call_response", "id": "1", "response": "42"}]},
]


def flaws(name: str, value: object) -> list[str]:
    """The messages about the form of one content attribute."""
    report = of_span({**CHAT, name: value})
    return [one.message for one in report.findings if one.id == "genai_content_schema" and one.attribute == name]


@pytest.mark.parametrize("write", [lambda value: value, json.dumps])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gen_ai.input.messages", MESSAGES),
        ("gen_ai.output.messages", [{"role": "assistant", "parts": [], "finish_reason": "stop"}]),
        ("gen_ai.system_instructions", [{"type": "text", "content": "be kind"}]),
        ("gen_ai.tool.definitions", [{"type": "function", "name": "f", "parameters": {"type": "object"}}]),
        ("gen_ai.tool.call.arguments", {"a": [1, {"b": None}]}),
        ("gen_ai.retrieval.documents", [{"id": "1", "score": 0.5, "title": "x"}]),
        ("gen_ai.memory.records", [{"content": {"a": 1}}]),
    ],
)
def test_content_that_is_right(name: str, value: object, write: Json) -> None:
    """Content may be structured or JSON text on a span, and fits its schema either way."""
    assert flaws(name, write(value)) == []


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [
        ("gen_ai.input.messages", "hello", "not JSON"),
        ("gen_ai.input.messages", {"role": "user"}, "at $: "),
        ("gen_ai.input.messages", [{"role": "user", "content": SECRET}], "at $[0]: without parts"),
        ("gen_ai.input.messages", [{"role": "user", "parts": [{"type": "text"}]}], "at $[0].parts[0]: without content"),
        ("gen_ai.input.messages", [{"role": 1, "parts": []}], "at $[0].role: not of type string"),
        ("gen_ai.output.messages", [{"role": "assistant", "parts": SECRET}], "at $[0].parts: not of type array"),
        ("gen_ai.tool.definitions", [{"type": "function"}], "at $[0]: without name"),
        ("gen_ai.tool.call.result", json.dumps([SECRET]), "at $: not of type object"),
        ("gen_ai.retrieval.documents", [{"score": SECRET}], "at $[0].score"),
    ],
)
def test_content_that_is_wrong(name: str, value: object, place: str) -> None:
    """The finding says where and what, by the words of the schema, and quotes nothing."""
    [message] = flaws(name, value)
    assert place in message
    assert SECRET not in message


def test_no_content_anywhere_in_a_report() -> None:
    """Whatever is wrong with it, content stays out of every finding."""
    contents = {
        "gen_ai.input.messages": json.dumps([{"role": SECRET, "parts": [{SECRET: SECRET}]}]),
        "gen_ai.output.messages": SECRET,
        "gen_ai.system_instructions": [SECRET],
        "gen_ai.tool.definitions": [{SECRET: SECRET}],
        "gen_ai.retrieval.query.text": 7,
        "gen_ai.request.stop_sequences": [SECRET],
        "gen_ai.completion": SECRET,
        "gen_ai.unknown": SECRET,
    }
    report = of_span({**CHAT, **contents})
    assert len(report.findings) > len(contents)
    assert SECRET not in repr(report)


@pytest.mark.parametrize("depth", [70, 900, 5_000, 100_000])
def test_deep_content_is_refused(depth: int) -> None:
    """JSON nested deeper than anything real is a finding, never a crash."""
    assert len(flaws("gen_ai.tool.call.arguments", '{"a":' * depth + "1" + "}" * depth)) == 1
    assert len(flaws("gen_ai.input.messages", "[" * depth + "]" * depth)) == 1


def test_keys_that_no_schema_names_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place below a key that the schema does not name shows a star: such a key may be content."""
    known = {"type": "object", "properties": {"a": {}}, "additionalProperties": {"type": "string"}}
    monkeypatch.setattr(schemas, "schema", lambda name: known)
    assert flaw("test.attribute", {SECRET: 7}) == "does not match its schema at $.*: not of type string"
