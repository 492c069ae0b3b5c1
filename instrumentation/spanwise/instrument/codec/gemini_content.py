"""Contents of Gemini as the convention's messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import items, mapping, parse, text


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])([A-Z])")
_SIGNATURES: Final = ("thoughtSignature", "thought_signature")
"""Opaque bytes that only the provider can read, long as a page."""


def either(body: Json, name: str) -> Any:
    """The field `name`, which requests may write in snake case too, as all JSON forms of Google's messages."""
    found = body.get(name)
    return body.get(snake(name)) if found is None else found


def word(value: object) -> str | None:
    """`value` as a plain string, also where the SDK left a member of an enumeration; `None` for anything else."""
    return str.__str__(value) if isinstance(value, str) and value else None


@lru_cache(maxsize=256)
def snake(name: str) -> str:
    """`name` in snake case."""
    return _CAPITAL.sub(r"_\1", name).lower()


def message(content: Json) -> Part:
    """A content, asked or answered: role and parts. What only returns results of tools has the role of a tool."""
    parts = list(content_parts(content))
    role = text(content.get("role")) or "user"
    if parts and all(part["type"] == "tool_call_response" for part in parts):
        role = "tool"
    return {"role": "assistant" if role == "model" else role, "parts": parts}


def content_parts(content: object) -> Iterator[Part]:
    """The parts of a content: an object with `parts`, or a string, as some clients write it."""
    if isinstance(content, str):
        if content:
            yield {"type": "text", "content": content}
        return
    given = mapping(content).get("parts")
    for entry in (given,) if isinstance(given, dict) else items(given):
        if isinstance(entry, str):
            yield {"type": "text", "content": entry}
        elif part := mapping(entry):
            yield _part(part)


def _part(part: Json) -> Part:
    said = part.get("text")
    if isinstance(said, str):
        return {"type": "reasoning" if part.get("thought") is True else "text", "content": said}
    if call := mapping(either(part, "functionCall")):
        return _identified({"type": "tool_call", "name": _name(call), "arguments": parse(call.get("args"))}, call)
    if result := mapping(either(part, "functionResponse")):
        return _identified({"type": "tool_call_response", "response": result.get("response")}, result)
    if blob := mapping(either(part, "inlineData")):
        kind = str(either(blob, "mimeType") or "")
        return {"type": "blob", "modality": modality(kind), "mime_type": kind, "content": str(blob.get("data") or "")}
    if file := mapping(either(part, "fileData")):
        kind = str(either(file, "mimeType") or "")
        return {"type": "uri", "modality": modality(kind), "mime_type": kind, "uri": str(either(file, "fileUri") or "")}
    return _tool_part(part)


def _tool_part(part: Json) -> Part:
    """Code that the provider ran, what came of it, and kinds of parts that nobody knows yet."""
    if code := mapping(either(part, "executableCode")):
        return _identified(_server_call("code_execution", {"type": "code_execution", **code}), code)
    if result := mapping(either(part, "codeExecutionResult")):
        said = {"type": "code_execution", **result}
        return _identified({"type": "server_tool_call_response", "name": "code_execution", **_response(said)}, result)
    kept = {key: value for key, value in part.items() if key not in _SIGNATURES}
    kind = next((key for key in kept if key != "thought"), "unknown")
    return {"type": snake(str(kind)), **kept}


def _server_call(name: str, call: Part) -> Part:
    return {"type": "server_tool_call", "name": name, "server_tool_call": call}


def _response(said: Part) -> Part:
    return {"server_tool_call_response": said}


def _identified(part: Part, source: Json) -> Part:
    if identity := text(source.get("id")):
        part["id"] = identity
    return part


def _name(call: Json) -> str:
    return str(call.get("name") or "")


def modality(mime_type: str) -> str:
    """`image`, `audio` or `video` for such media types, `document` for all others."""
    kind = mime_type.partition("/")[0].lower()
    return kind if kind in ("image", "audio", "video") else "document"


def tool_definitions(tools: object) -> list[Part]:
    """Functions offered to the model, and the provider's own tools by their names."""
    definitions: list[Part] = []
    for entry in items(tools):
        for key, value in mapping(entry).items():
            kind = snake(str(key))
            if kind == "function_declarations":
                definitions.extend(_definition(mapping(declared)) for declared in items(value))
            elif value is not None:
                definitions.append({"type": kind, "name": kind})
    return definitions


def _definition(declared: Json) -> Part:
    definition: Part = {"type": "function", "name": _name(declared)}
    if description := text(declared.get("description")):
        definition["description"] = description
    parameters = either(declared, "parametersJsonSchema") or declared.get("parameters")
    if parameters is not None:
        definition["parameters"] = parameters
    return definition
