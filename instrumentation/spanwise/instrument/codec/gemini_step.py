"""Steps of Gemini's interactions as the convention's messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import items, mapping, text
from spanwise.instrument.codec.media import blob_part


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_MEDIA: Final = ("image", "audio", "video", "document")
_USER: Final = "user_input"
_OPAQUE: Final = ("signature", "id", "call_id", "type")
"""Fields of a step that stand elsewhere in its part, or that only the provider can read."""


def asked(given: object) -> list[Part]:
    """The messages of an input: a text, a content, a list of contents or a list of steps.

    Contents that stand beside each other are one message of the user.
    """
    if isinstance(given, str):
        return [{"role": "user", "parts": [{"type": "text", "content": given}]}]
    messages: list[Part] = []
    beside: list[Part] | None = None
    for entry in (given,) if isinstance(given, dict) else items(given):
        if isinstance(entry, str) or mapping(entry).get("type") in ("text", *_MEDIA):
            if beside is None:
                beside = []
                messages.append({"role": "user", "parts": beside})
            beside.append(content_part(entry))
        elif step := mapping(entry):
            beside = None
            messages.append({"role": _role(step), "parts": list(step_parts(step))})
    return messages


def answered(body: Json) -> list[Part]:
    """The parts of an answer: of the steps behind what the user said last, where an interaction repeats that."""
    steps = [mapping(step) for step in items(body.get("steps"))]
    said = [place for place, step in enumerate(steps) if step.get("type") == _USER]
    return [part for step in steps[said[-1] + 1 if said else 0 :] for part in step_parts(step)]


def step_parts(step: Json) -> Iterator[Part]:
    """The parts of one step."""
    kind = text(step.get("type")) or ""
    if kind in (_USER, "model_output"):
        yield from map(content_part, items(step.get("content")))
    elif kind == "thought":
        for piece in items(step.get("summary")):
            part = content_part(piece)
            yield {**part, "type": "reasoning"} if part["type"] == "text" else part
    elif kind == "function_call":
        arguments = step.get("arguments")
        yield _identified({"type": "tool_call", "name": _name(step), "arguments": arguments}, step.get("id"))
    elif kind == "function_result":
        result = _result(step.get("result"))
        yield _identified({"type": "tool_call_response", "response": result}, step.get("call_id"))
    elif kind:
        yield _tool_part(kind, step)


def _tool_part(kind: str, step: Json) -> Part:
    """A tool that the provider ran, what came of it, and kinds of steps that nobody knows yet."""
    said = {key: value for key, value in step.items() if key not in _OPAQUE}
    tool, _, end = kind.rpartition("_")
    if end == "call":
        call: Part = {"type": tool, **said}
        part: Part = {"type": "server_tool_call", "name": _name(step) or tool, "server_tool_call": call}
        return _identified(part, step.get("id"))
    if end == "result":
        result: Part = {"type": tool, **said, "result": _result(step.get("result"))}
        part = {"type": "server_tool_call_response", "name": _name(step) or tool, "server_tool_call_response": result}
        return _identified(part, step.get("call_id"))
    return {"type": kind, **said}


def content_part(entry: object) -> Part:
    """One content: text, or media as a reference."""
    if isinstance(entry, str):
        return {"type": "text", "content": entry}
    content = mapping(entry)
    kind = text(content.get("type")) or "unknown"
    if kind == "text":
        return {"type": "text", "content": str(content.get("text") or "")}
    mime_type = str(content.get("mime_type") or "")
    if data := text(content.get("data")):
        return blob_part(data, mime_type=mime_type, modality=kind)
    if uri := text(content.get("uri")):
        return {"type": "uri", "modality": kind, "mime_type": mime_type, "uri": uri}
    return {**content, "type": kind}


def _result(result: object) -> object:
    """What a tool returned, with media in it as references."""
    if not isinstance(result, list):
        return result
    return [content_part(each) if mapping(each).get("type") in _MEDIA else each for each in result]


def _role(step: Json) -> str:
    kind = step.get("type")
    if kind == _USER:
        return "user"
    return "tool" if kind == "function_result" else "assistant"


def _name(step: Json) -> str:
    return str(step.get("name") or "")


def _identified(part: Part, identity: object) -> Part:
    if isinstance(identity, str) and identity:
        part["id"] = identity
    return part


def tool_definitions(tools: object) -> list[Part]:
    """Functions offered to the model, and the provider's own tools and servers by their names."""
    return [_definition(tool) for each in items(tools) if (tool := mapping(each))]


def _definition(tool: Json) -> Part:
    """A tool without what else it was given: the headers of a server hold keys."""
    kind = text(tool.get("type")) or "unknown"
    definition: Part = {"type": kind, "name": _name(tool) or kind}
    if kind == "function":
        if description := text(tool.get("description")):
            definition["description"] = description
        if tool.get("parameters") is not None:
            definition["parameters"] = tool["parameters"]
    return definition
