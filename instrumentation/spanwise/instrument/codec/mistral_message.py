"""Messages of Mistral in the shape that the OpenAI dialects share."""

from __future__ import annotations

from typing import Any, TypeAlias

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import dump, items, mapping, text
from spanwise.instrument.codec.media import blob_part, url_part
from spanwise.instrument.codec.openai_message import chat_message, content_parts


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""


def mistral_message(message: Json) -> Part:
    """A message, asked or answered: role, parts and name."""
    return chat_message({**message, "content": plain(message.get("content"))})


def mistral_parts(content: object) -> list[Part]:
    """The parts of a message's content: a string, or a list of chunks."""
    return list(content_parts(plain(content)))


def plain(content: object) -> object:
    """`content` with the chunks that only Mistral has as the convention's parts, which `content_parts` lets through."""
    if not isinstance(content, list | tuple):
        return content
    return [_part(chunk) if isinstance(chunk, dict) else chunk for chunk in content]


def thought(chunk: Json) -> str:
    """The text of a `thinking` chunk, which is a string or a list of chunks."""
    thinking = chunk.get("thinking")
    if isinstance(thinking, str):
        return thinking
    return "".join(text(mapping(part).get("text")) or "" for part in items(thinking))


def split(delta: Json) -> Json:
    """A delta of a stream whose content is chunks, and whose arguments may be objects, as the reducer of chat reads it.

    Chunks of a stream are pieces of text and of reasoning. Others, references to documents, have no text to keep.
    """
    changed: Part = {}
    if isinstance(delta.get("content"), list):
        chunks = [mapping(chunk) for chunk in items(delta.get("content"))]
        changed["content"] = "".join(text(chunk.get("text")) or "" for chunk in chunks)
        changed["reasoning_content"] = "".join(thought(chunk) for chunk in chunks if chunk.get("type") == "thinking")
    if delta.get("tool_calls"):
        changed["tool_calls"] = [_tool_call(mapping(call)) for call in items(delta.get("tool_calls"))]
    return {**delta, **changed} if changed else delta


def _tool_call(call: Json) -> Json:
    function = mapping(call.get("function"))
    arguments = function.get("arguments")
    if not isinstance(arguments, dict):
        return call
    return {**call, "function": {**function, "arguments": dump(arguments)}}


def _part(chunk: Part) -> Part:
    kind = chunk.get("type")
    if kind == "thinking":
        return {"type": "reasoning", "content": thought(chunk)}
    if kind == "document_url":
        return url_part(text(chunk.get("document_url")) or "", "document")
    if kind == "input_audio" and isinstance(chunk.get("input_audio"), str):
        return _audio(chunk["input_audio"])
    return chunk


def _audio(data: str) -> Part:
    """Audio is given by its URL or inline, in base64 without a word on its format."""
    if data.startswith(("http://", "https://", "data:")):
        return url_part(data, "audio")
    return blob_part(data, mime_type="audio", modality="audio")
