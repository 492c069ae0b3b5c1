"""The JSON schemas accept what the convention allows and refuse what it does not."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import pytest
from jsonschema import Draft202012Validator

from spanwise.semconv import definitions, schemas


Json: TypeAlias = Any

TEXT = {"type": "text", "content": "Hello"}


def said(part: Json) -> Json:
    """A conversation of one message with one part."""
    return [{"role": "user", "parts": [part]}]


def errors(attribute: str, value: Json) -> list[str]:
    """Where `value` breaks the schema of `attribute`."""
    schema = schemas.schema(attribute)
    assert schema is not None
    return [error.json_path for error in Draft202012Validator(schema).iter_errors(value)]


VALID = [
    ("gen_ai.input.messages", []),
    ("gen_ai.input.messages", said(TEXT)),
    ("gen_ai.input.messages", [{"role": "critic", "name": "Ann", "parts": [], "x": 1}]),
    ("gen_ai.input.messages", said(TEXT | {"own": [1]})),
    ("gen_ai.input.messages", said({"type": "something_new", "content": 3})),
    ("gen_ai.input.messages", said({"type": "tool_call", "name": "search"})),
    ("gen_ai.input.messages", said({"type": "tool_call", "name": "search", "id": None, "arguments": "{}"})),
    ("gen_ai.input.messages", said({"type": "tool_call_response", "id": "c1", "response": None})),
    ("gen_ai.input.messages", said({"type": "server_tool_call", "name": "s", "server_tool_call": {"type": "web"}})),
    ("gen_ai.input.messages", said({"type": "server_tool_call_response", "server_tool_call_response": {"type": "w"}})),
    ("gen_ai.input.messages", said({"type": "reasoning", "content": "so"})),
    ("gen_ai.input.messages", said({"type": "compaction"})),
    ("gen_ai.input.messages", said({"type": "blob", "modality": "image", "content": "aGk=", "mime_type": None})),
    ("gen_ai.input.messages", said({"type": "file", "modality": "document", "file_id": "f1"})),
    ("gen_ai.input.messages", said({"type": "uri", "modality": "holograms", "uri": "https://example.com/a"})),
    ("gen_ai.output.messages", [{"role": "assistant", "parts": [TEXT], "finish_reason": "stop"}]),
    ("gen_ai.output.messages", [{"role": "assistant", "parts": [TEXT]}]),
    ("gen_ai.system_instructions", [TEXT]),
    (
        "gen_ai.tool.definitions",
        [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}],
    ),
    ("gen_ai.tool.definitions", [{"type": "web_search", "name": "w", "parameters": 3}]),
    ("gen_ai.tool.call.arguments", {"city": "Rome"}),
    ("gen_ai.tool.call.result", {}),
    ("gen_ai.retrieval.documents", [{"id": "d1", "score": 0.5, "title": "t"}, {}]),
    ("gen_ai.memory.records", [{"content": "likes tea"}, {"content": {"a": 1}, "id": "r", "score": 1, "metadata": {}}]),
]
INVALID = [
    ("gen_ai.input.messages", {}, "$"),
    ("gen_ai.input.messages", [3], "$[0]"),
    ("gen_ai.input.messages", [{"parts": []}], "$[0]"),
    ("gen_ai.input.messages", [{"role": "user"}], "$[0]"),
    ("gen_ai.input.messages", [{"role": "user", "parts": "Hello"}], "$[0].parts"),
    ("gen_ai.input.messages", [{"role": 1, "parts": []}], "$[0].role"),
    ("gen_ai.input.messages", said({"content": "no type"}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": 1}), "$[0].parts[0].type"),
    ("gen_ai.input.messages", said({"type": "text"}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": "text", "content": 1}), "$[0].parts[0].content"),
    ("gen_ai.input.messages", said({"type": "tool_call", "id": "c1"}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": "tool_call", "name": "f", "id": 7}), "$[0].parts[0].id"),
    ("gen_ai.input.messages", said({"type": "tool_call_response", "id": "c1"}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": "server_tool_call", "name": "s", "server_tool_call": {}}),
     "$[0].parts[0].server_tool_call"),
    ("gen_ai.input.messages", said({"type": "server_tool_call_response"}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": "reasoning"}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": "compaction", "content": 1}), "$[0].parts[0].content"),
    ("gen_ai.input.messages", said({"type": "blob", "content": "aGk="}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": "file", "modality": "image"}), "$[0].parts[0]"),
    ("gen_ai.input.messages", said({"type": "uri", "modality": "image"}), "$[0].parts[0]"),
    ("gen_ai.output.messages", [{"role": "assistant", "parts": [{"type": "text"}]}], "$[0].parts[0]"),
    ("gen_ai.output.messages", [{"role": "assistant", "parts": [], "finish_reason": 1}], "$[0].finish_reason"),
    ("gen_ai.output.messages", [{"parts": []}], "$[0]"),
    ("gen_ai.system_instructions", "You are kind", "$"),
    ("gen_ai.system_instructions", [{"role": "system", "parts": []}], "$[0]"),
    ("gen_ai.tool.definitions", [{"name": "f"}], "$[0]"),
    ("gen_ai.tool.definitions", [{"type": "function"}], "$[0]"),
    ("gen_ai.tool.definitions", [{"type": "function", "name": "f", "parameters": "{}"}], "$[0].parameters"),
    ("gen_ai.tool.definitions", [{"type": "function", "function": {"name": "f"}}], "$[0]"),
    ("gen_ai.tool.call.arguments", [1], "$"),
    ("gen_ai.tool.call.arguments", "{}", "$"),
    ("gen_ai.tool.call.result", None, "$"),
    ("gen_ai.retrieval.documents", [{"score": "high"}], "$[0].score"),
    ("gen_ai.retrieval.documents", [{"id": 3}], "$[0].id"),
    ("gen_ai.retrieval.documents", {}, "$"),
    ("gen_ai.memory.records", [{}], "$[0]"),
    ("gen_ai.memory.records", [{"content": 3}], "$[0].content"),
]  # fmt: skip


@pytest.mark.parametrize(("attribute", "value"), VALID)
def test_valid_samples_pass(attribute: str, value: Json) -> None:
    """What the convention allows is accepted: open roles, parts, modalities and keys among it."""
    assert errors(attribute, value) == []


@pytest.mark.parametrize(("attribute", "value", "path"), INVALID)
def test_invalid_samples_are_refused_where_they_are_wrong(attribute: str, value: Json, path: str) -> None:
    """A wrong value is refused once, at the place that is wrong."""
    assert errors(attribute, value) == [path]


@pytest.mark.parametrize("attribute", schemas.names())
def test_a_schema_is_sound_and_closed(attribute: str) -> None:
    """A schema is valid JSON Schema 2020-12, and every reference in it leads inside it and is needed."""
    schema = schemas.schema(attribute)
    assert schema is not None
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    defined = {f"#/$defs/{name}" for name in schema.get("$defs", {})}
    assert {part.split('"')[0] for part in text.split('"$ref": "')[1:]} == defined


def test_every_structured_attribute_has_a_schema() -> None:
    """The attributes with a schema are those of type `any`."""
    structured = sorted(name for name, one in definitions.ATTRIBUTES.items() if one.type == "any")
    assert list(schemas.names()) == structured
    assert len(structured) == 8


@pytest.mark.parametrize(
    "attribute", ["gen_ai.request.model", "", "../registry/core", "gen_ai.input.messages.json", "x\0"]
)
def test_other_names_have_none(attribute: str) -> None:
    """A name without a schema gives None, and never becomes a path."""
    assert schemas.schema(attribute) is None


def test_a_schema_is_read_once() -> None:
    """The second question costs a look-up."""
    assert schemas.schema("gen_ai.tool.call.result") is schemas.schema("gen_ai.tool.call.result")
