"""Content blocks of Amazon Bedrock's Converse as the convention's parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import items, mapping, parse, text
from spanwise.instrument.codec.media import blob_part


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_FILES: Final = {"image": "image", "document": "document", "video": "video", "audio": "audio"}
_MIME_TYPES: Final = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "txt": "text/plain",
    "md": "text/markdown",
    "mp3": "audio/mpeg",
    "three_gp": "video/3gpp",
}
_LOCATIONS: Final = ("s3Location", "location")


def message(given: Json) -> Part:
    """A message, asked or answered: role and parts."""
    return {"role": text(given.get("role")) or "user", "parts": list(parts(given.get("content")))}


def parts(content: object) -> Iterator[Part]:
    """The parts of a list of content blocks; marks of the cache are none."""
    for entry in items(content):
        block = mapping(entry)
        if block and "cachePoint" not in block:
            yield _part(block)


def definitions(tools: object) -> list[Part]:
    """The tools offered, unwrapped from their `toolSpec`."""
    found: list[Part] = []
    for entry in items(tools):
        spec = mapping(mapping(entry).get("toolSpec"))
        if name := text(spec.get("name")):
            definition: Part = {"type": "function", "name": name}
            if description := text(spec.get("description")):
                definition["description"] = description
            schema = mapping(spec.get("inputSchema"))
            if schema.get("json") is not None:
                definition["parameters"] = parse(schema["json"])
            found.append(definition)
        elif name := text(mapping(mapping(entry).get("systemTool")).get("name")):
            found.append({"type": "system", "name": name})
    return found


def _part(block: Json) -> Part:
    if isinstance(block.get("text"), str):
        return {"type": "text", "content": block["text"]}
    for kind, modality in _FILES.items():
        if kind in block:
            return _file(mapping(block[kind]), modality)
    if "toolUse" in block:
        call = mapping(block["toolUse"])
        return {
            "type": "tool_call",
            "id": text(call.get("toolUseId")) or "",
            "name": text(call.get("name")) or "",
            "arguments": parse(call.get("input")),
        }
    if "toolResult" in block:
        result = mapping(block["toolResult"])
        return {
            "type": "tool_call_response",
            "id": text(result.get("toolUseId")) or "",
            "response": [_result(mapping(entry)) for entry in items(result.get("content"))],
        }
    return _rare(block)


def _rare(block: Json) -> Part:
    if "reasoningContent" in block:
        reasoning = mapping(block["reasoningContent"])
        said = text(mapping(reasoning.get("reasoningText")).get("text"))
        return {"type": "reasoning", "content": said or ""}
    if "guardContent" in block:
        guarded = mapping(block["guardContent"])
        if "image" in guarded:
            return _file(mapping(guarded["image"]), "image")
        return {"type": "text", "content": text(mapping(guarded.get("text")).get("text")) or ""}
    if "citationsContent" in block:
        said = "".join(
            text(mapping(entry).get("text")) or "" for entry in items(mapping(block["citationsContent"]).get("content"))
        )
        return {"type": "text", "content": said}
    kind = next(iter(block))
    return {"type": str(kind), **mapping(block[kind])}


def _result(entry: Json) -> Part:
    """A tool's answer is JSON, or a part like those of a message."""
    return {"type": "json", "content": entry["json"]} if "json" in entry else _part(entry) if entry else {}


def _file(file: Json, modality: str) -> Part:
    """Bytes by type, size and hash; what lies in S3 by its address."""
    kind = text(file.get("format")) or "unknown"
    mime_type = _MIME_TYPES.get(kind) or f"{'application' if modality == 'document' else modality}/{kind}"
    source = mapping(file.get("source"))
    data = source.get("bytes")
    if isinstance(data, str | bytes | bytearray | memoryview):
        given = data if isinstance(data, str) else bytes(data)
        return blob_part(given, mime_type=mime_type, modality=modality)
    if said := text(source.get("text")):
        return {"type": "text", "content": said}
    if "content" in source:
        return {"type": "text", "content": "".join(_texts(source["content"]))}
    for name in _LOCATIONS:
        if uri := text(mapping(source.get(name)).get("uri")):
            return {"type": "uri", "modality": modality, "mime_type": mime_type, "uri": uri}
    return {"type": "blob", "modality": modality, "mime_type": mime_type, "content": ""}


def _texts(content: object) -> Iterator[str]:
    for entry in items(content):
        yield text(mapping(entry).get("text")) or ""
