"""Gemini's request dialect, read into a prompt."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.document import Json, JsonValue
from tests.emulator.prompt import Prompt, Tool


def contents_prompt(body: Json) -> Prompt:
    """What a generateContent request asks for."""
    contents: list[Json] = body.get("contents") or []
    config: Json = body.get("generationConfig") or {}
    said = [text for content in contents if content.get("role", "user") == "user" and (text := _text(content))]
    last = contents[-1] if contents else {}
    results = [part["functionResponse"] for part in _parts(last) if "functionResponse" in part]
    thinking = config.get("thinkingConfig") or {}
    written = [body[name] for name in ("contents", "systemInstruction", "tools") if name in body]
    schema = config.get("responseJsonSchema") or config.get("responseSchema")
    return Prompt(
        text=said[-1] if said else "",
        tools=tuple(_tools(body)),
        tool_result=json.dumps(results[-1].get("response")) if results else None,
        schema=_lower(schema) if schema else None,
        json_mode=config.get("responseMimeType") == "application/json",
        thinks=bool(thinking.get("includeThoughts") or thinking.get("include_thoughts")),
        characters=sum(len(json.dumps(part)) for part in written),
    )


def _parts(content: Json) -> list[Json]:
    return [part for part in content.get("parts") or [] if isinstance(part, dict)]


def _text(content: Json) -> str:
    return "\n".join(part["text"] for part in _parts(content) if isinstance(part.get("text"), str))


def _tools(body: Json) -> Iterator[Tool]:
    mode = ((body.get("toolConfig") or {}).get("functionCallingConfig") or {}).get("mode")
    for tool in body.get("tools") or [] if mode != "NONE" else []:
        for declared in tool.get("functionDeclarations") or []:
            names = ("parametersJsonSchema", "parameters_json_schema", "parameters")
            schema = next((declared[name] for name in names if declared.get(name)), {"type": "OBJECT"})
            yield Tool(str(declared["name"]), _lower(schema))


def _lower(schema: JsonValue) -> JsonValue:
    """A schema with its types in lower case, as JSON schemas have them."""
    if isinstance(schema, list):
        return [_lower(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: value.lower() if key == "type" and isinstance(value, str) else _lower(value)
        for key, value in schema.items()
    }
