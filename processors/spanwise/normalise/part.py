"""Parts of messages in the shapes that suites and provider APIs write, as the convention's parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias

from spanwise.normalise.document import parse


Json: TypeAlias = Any
"""A parsed JSON value of somebody else's span."""

Part: TypeAlias = dict[str, Json]
"""One part of a message."""

MAX_PARTS: Final = 1_000
"""Parts kept of one message."""

MAX_WRAPPERS: Final = 8
"""Envelopes that are opened around one part."""

_WRAPPERS: Final = frozenset({"message_content", "tool_call", "tool", "function_call_wrapper"})
_TEXT: Final = frozenset({"text", "input_text", "output_text", "summary_text"})
_REASONING: Final = frozenset({"reasoning", "thinking", "reasoning_text"})
_CANONICAL: Final = frozenset(
    {
        "text",
        "tool_call",
        "tool_call_response",
        "server_tool_call",
        "server_tool_call_response",
        "reasoning",
        "compaction",
        "blob",
        "file",
        "uri",
    }
)
_REQUIRED: Final = {
    "text": "content",
    "reasoning": "content",
    "tool_call": "name",
    "tool_call_response": "response",
    "blob": "content",
    "file": "file_id",
    "uri": "uri",
}


def parts(content: Json) -> list[Part]:
    """The parts of `content`: text, a list of parts in any known shape, or one part. Unknown shapes are kept."""
    content = parse(content)
    if content is None or content == "":
        return []
    if isinstance(content, list | tuple):
        return [part for item in content[:MAX_PARTS] for part in _item(item)]
    return list(_item(content))


def tool_call(identity: Json, name: Json, arguments: Json) -> Part:
    """A `tool_call` part; arguments are parsed where they are JSON."""
    part: Part = {"type": "tool_call", "name": name if isinstance(name, str) else ""}
    if isinstance(identity, str) and identity:
        part["id"] = identity
    if arguments is not None:
        part["arguments"] = parse(arguments)
    return part


def tool_result(identity: Json, response: Json) -> Part:
    """A `tool_call_response` part."""
    part: Part = {"type": "tool_call_response", "response": parse(response)}
    if isinstance(identity, str) and identity:
        part["id"] = identity
    return part


def url_part(url: str, modality: str) -> Part:
    """A `uri` part, or a `blob` part when the URL carries its data."""
    if url.startswith("data:"):
        head, _, data = url[5:].partition(",")
        return {"type": "blob", "modality": modality, "mime_type": head.split(";")[0], "content": data}
    return {"type": "uri", "modality": modality, "uri": url}


def _item(item: Json) -> Iterator[Part]:
    for _ in range(MAX_WRAPPERS):
        if not (isinstance(item, Mapping) and len(item) == 1 and (key := next(iter(item))) in _WRAPPERS):
            break
        item = item[key]
    if isinstance(item, str):
        if item:
            yield {"type": "text", "content": item}
    elif isinstance(item, Mapping):
        yield _part(item)
    elif item is not None:
        yield {"type": "text", "content": str(item)}


def _part(item: Mapping[str, Json]) -> Part:
    kind = item.get("type")
    if isinstance(kind, str):
        if kind in _CANONICAL and _REQUIRED.get(kind, "type") in item and not _is_foreign(kind, item):
            return dict(item)
        return _by_type(kind, item)
    return _by_shape(item)


def _is_foreign(kind: str, item: Mapping[str, Json]) -> bool:
    """Whether `item` shares a type's name with the convention but not its form."""
    return kind == "file" and isinstance(item.get("file"), Mapping)


def _by_type(kind: str, item: Mapping[str, Json]) -> Part:
    if kind in _TEXT:
        text = item.get("text", item.get("content"))
        extra = {key: item[key] for key in ("signature", "encrypted_content", "id") if key in item}
        return {"type": "text", "content": _string(text), **extra}
    if kind in _REASONING:
        text = item.get("thinking") or item.get("reasoning") or item.get("text") or item.get("content")
        return {"type": "reasoning", "content": _string(text), **_kept(item, ("signature",))}
    if kind in {"tool_use", "tool-call", "tool_call", "function_call", "function", "toolCall"}:
        return _call(item)
    if kind in {"tool_result", "tool-result", "tool_call_response", "function_call_output"}:
        identity = item.get("tool_use_id") or item.get("toolCallId") or item.get("call_id") or item.get("id")
        response = next((item[key] for key in ("output", "result", "response", "content") if key in item), None)
        return tool_result(identity, response)
    return _media(kind, item) or dict(item)


def _call(item: Mapping[str, Json]) -> Part:
    function = item.get("function")
    inner = function if isinstance(function, Mapping) else item
    arguments = next((inner[key] for key in ("arguments", "args", "input", "parameters") if key in inner), None)
    name = inner.get("name") or inner.get("toolName") or inner.get("tool_name")
    return tool_call(item.get("id") or item.get("toolCallId") or item.get("call_id"), name, arguments)


def _media(kind: str, item: Mapping[str, Json]) -> Part | None:
    modality = next((word for word in ("image", "audio", "video", "document") if word in kind), None)
    if modality is None and kind in {"file", "input_file", "media"}:
        modality = "document"
    if modality is None:
        return None
    source = next((item[key] for key in (kind, "image_url", "image", "url", "source", "file") if key in item), None)
    for _ in range(MAX_WRAPPERS):
        if not isinstance(source, Mapping):
            break
        source = next((source[key] for key in ("url", "data", "file_data", modality) if key in source), None)
    if isinstance(source, str) and source.startswith(("data:", "http:", "https:", "gs:", "s3:")):
        return url_part(source, modality)
    return None


def _by_shape(item: Mapping[str, Json]) -> Part:
    """Parts without a type: Gemini's and Bedrock's, which one key tells apart."""
    if isinstance(item.get("text"), str):
        kind = "reasoning" if item.get("thought") is True else "text"
        return {"type": kind, "content": item["text"]}
    for key in ("functionCall", "function_call", "toolUse"):
        if isinstance(call := item.get(key), Mapping):
            arguments = call.get("args", call.get("input", call.get("arguments")))
            return tool_call(call.get("id") or call.get("toolUseId"), call.get("name"), arguments)
    for key in ("functionResponse", "function_response", "toolResult"):
        if isinstance(result := item.get(key), Mapping):
            response = result.get("response", result.get("content"))
            return tool_result(result.get("id") or result.get("toolUseId"), response)
    if "name" in item and ("arguments" in item or "args" in item):
        return _call(item)
    if isinstance(function := item.get("function"), Mapping) and "name" in function:
        return _call(item)
    return {"type": "generic", **item} if "type" not in item else dict(item)


def _kept(item: Mapping[str, Json], keys: tuple[str, ...]) -> Part:
    return {key: item[key] for key in keys if key in item}


def _string(value: Json) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
