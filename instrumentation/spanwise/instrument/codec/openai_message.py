"""Messages of the OpenAI dialects as the convention's messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import items, mapping, parse, text
from spanwise.instrument.codec.media import Part, blob_part, url_part


__all__ = ["chat_message", "content_parts", "tool_call", "tool_definitions", "url_part"]


def chat_message(message: Json) -> Part:
    """A chat message, asked or answered: role, parts and name."""
    role = text(message.get("role")) or "user"
    parts: list[Part] = []
    if reasoning := text(message.get("reasoning_content")) or text(message.get("reasoning")):
        parts.append({"type": "reasoning", "content": reasoning})
    if role in ("tool", "function"):
        parts.append(_tool_result(message))
    else:
        parts.extend(content_parts(message.get("content")))
    if refusal := text(message.get("refusal")):
        parts.append({"type": "refusal", "content": refusal})
    parts.extend(_spoken(mapping(message.get("audio"))))
    parts.extend(_tool_calls(message))
    result: Part = {"role": "tool" if role == "function" else role, "parts": parts}
    if name := text(message.get("name")):
        result["name"] = name
    return result


def content_parts(content: object) -> Iterator[Part]:
    """The parts of a message's content: a string, or a list of typed parts."""
    if isinstance(content, str):
        if content:
            yield {"type": "text", "content": content}
        return
    for part in items(content):
        if isinstance(part, str):
            yield {"type": "text", "content": part}
        elif isinstance(part, dict):
            yield _part(part)


def _part(part: dict[str, Any]) -> Part:
    kind = part.get("type")
    if kind in ("text", "input_text", "output_text", "summary_text", "reasoning_text"):
        return {"type": "text", "content": str(part.get("text") or "")}
    if kind == "refusal":
        return {"type": "refusal", "content": str(part.get("refusal") or "")}
    if kind in ("image_url", "input_image"):
        image = part.get("image_url")
        url = text(mapping(image).get("url")) or text(image)
        if url:
            return url_part(url, "image")
        return {"type": "file", "modality": "image", "file_id": str(part.get("file_id") or "")}
    if kind == "input_audio":
        audio = mapping(part.get("input_audio"))
        mime_type = f"audio/{text(audio.get('format')) or 'unknown'}"
        return blob_part(text(audio.get("data")) or "", mime_type=mime_type, modality="audio")
    if kind in ("file", "input_file"):
        file = mapping(part.get("file")) or part
        if data := text(file.get("file_data")):
            return url_part(data, "document")
        return {"type": "file", "modality": "document", "file_id": str(file.get("file_id") or "")}
    return dict(part)


def _spoken(audio: Json) -> Iterator[Part]:
    """What a model said: its words, and the audio as a reference. The format is the one that was asked for."""
    if words := text(audio.get("transcript")):
        yield {"type": "text", "content": words}
    if data := text(audio.get("data")):
        yield blob_part(data, mime_type="audio", modality="audio")
    elif identity := text(audio.get("id")):
        yield {"type": "file", "modality": "audio", "file_id": identity}


def _tool_result(message: Json) -> Part:
    content = message.get("content")
    response = content if isinstance(content, str) else list(content_parts(content))
    part: Part = {"type": "tool_call_response", "response": parse(response)}
    if identity := text(message.get("tool_call_id")):
        part["id"] = identity
    return part


def _tool_calls(message: Json) -> Iterator[Part]:
    for call in items(message.get("tool_calls")):
        function = mapping(mapping(call).get("function")) or mapping(mapping(call).get("custom"))
        arguments = function.get("arguments", function.get("input"))
        yield tool_call(mapping(call).get("id"), function.get("name"), arguments)
    if legacy := mapping(message.get("function_call")):
        yield tool_call(None, legacy.get("name"), legacy.get("arguments"))


def tool_call(identity: object, name: object, arguments: object) -> Part:
    """A `tool_call` part; arguments are parsed where they are JSON."""
    part: Part = {"type": "tool_call", "name": str(name or ""), "arguments": parse(arguments)}
    if found := text(identity):
        part["id"] = found
    return part


def tool_definitions(tools: object) -> list[Part]:
    """Tools offered to the model, unwrapped from their `function` envelope."""
    definitions: list[Part] = []
    for tool in items(tools):
        outer = mapping(tool)
        inner = mapping(outer.get("function")) or mapping(outer.get("custom")) or outer
        kind = text(outer.get("type")) or "function"
        definition: Part = {"type": kind, "name": text(inner.get("name")) or kind}
        for key in ("description", "parameters"):
            if inner.get(key) is not None:
                definition[key] = inner[key]
        definitions.append(definition)
    return definitions
