"""Messages in the shapes that suites and provider APIs write, as the convention's messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from spanwise.normalise.document import parse
from spanwise.normalise.part import Part, parts, tool_call, tool_result


Json: TypeAlias = Any
"""A parsed JSON value of somebody else's span."""

Message: TypeAlias = dict[str, Json]
"""One message: role, parts, and a name where it has one."""

MAX_MESSAGES: Final = 2_000
"""Messages kept of one span."""

MAX_WRAPPERS: Final = 8
"""Envelopes that are opened around the messages."""

_ENVELOPES: Final = ("messages", "input", "inputs", "outputs", "output", "choices", "generations", "message", "data")
_MESSAGE_KEYS: Final = frozenset({"role", "parts", "content", "contents", "tool_calls", "kwargs", "message"})
# Tuples, because what is looked up in them may be anything JSON holds.
_LANGCHAIN: Final = ("human", "ai", "system", "tool", "function", "AIMessageChunk")
_RESULTS: Final = ("tool_result", "tool-result", "tool_call_response")
_EXTRA_TEXT: Final = (("reasoning_content", "reasoning"), ("reasoning", "reasoning"), ("refusal", "refusal"))


def messages(value: Json, role: str, roles: Mapping[str, str]) -> list[Message]:
    """The messages in `value`: text, one message or many, inside the envelopes suites put around them.

    Args:
        value: what a span holds.
        role: of what says none.
        roles: the convention's words for roles.
    """
    value = _opened(parse(value))
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple):
        if not any(_is_message(parse(item)) for item in value[:MAX_MESSAGES]):
            found = parts(list(value))
            return [{"role": role, "parts": found}] if found else []
        return [message for item in value[:MAX_MESSAGES] if (message := _message(item, role, roles)) is not None]
    message = _message(value, role, roles)
    return [message] if message is not None else []


def _opened(value: Json) -> Json:
    """`value` without the envelopes around its messages; lists of one list are opened as well."""
    for _ in range(MAX_WRAPPERS):
        if isinstance(value, list | tuple) and len(value) == 1 and isinstance(value[0], list | tuple):
            value = value[0]
            continue
        if not isinstance(value, Mapping) or {"role", "parts"} & value.keys():
            return value
        key = next((key for key in _ENVELOPES if key in value and _is_content(value[key])), None)
        if key is None:
            return value
        value = parse(value[key])
    return value


def _is_content(value: Json) -> bool:
    return isinstance(value, list | tuple | Mapping) or (isinstance(value, str) and value != "")


def _is_message(value: Json) -> bool:
    return isinstance(value, Mapping) and (
        "role" in value or "parts" in value or "message" in value or "kwargs" in value or _is_langchain(value)
    )


def _is_langchain(value: Mapping[str, Json]) -> bool:
    return value.get("type") in _LANGCHAIN and "content" in value


def _message(value: Json, role: str, roles: Mapping[str, str]) -> Message | None:
    value = _unwrapped(parse(value))
    if not isinstance(value, Mapping):
        found = parts(value)
        return {"role": role, "parts": found} if found else None
    given = value.get("role") or (value.get("type") if _is_langchain(value) else None)
    own = str(given).lower() if isinstance(given, str) and given else role
    own = roles.get(own, roles.get(str(given), own))
    if isinstance(value.get("parts"), list | tuple):
        found = parts(value["parts"])
    elif not _MESSAGE_KEYS & value.keys():
        found = parts(value)
    else:
        found = _content(value, own)
    if not found and given is None:
        return None
    message: Message = {"role": own, "parts": found}
    if isinstance(name := value.get("name"), str) and name and own != "tool":
        message["name"] = name
    return message


def _unwrapped(value: Json) -> Json:
    """A message out of what suites put around it: `message`, a choice, a LangChain object."""
    for _ in range(MAX_WRAPPERS):
        if not isinstance(value, Mapping) or "role" in value or "parts" in value:
            return value
        if isinstance(value.get("message"), Mapping):
            value = value["message"]
        elif isinstance(kwargs := value.get("kwargs"), Mapping) and "content" in kwargs:
            kind = value.get("id")
            name = kind[-1] if isinstance(kind, list) and kind else kwargs.get("type")
            value = {"role": name, **kwargs} if isinstance(name, str) else kwargs
        elif isinstance(value.get("delta"), Mapping):
            value = value["delta"]
        else:
            return value
    return value


def _content(value: Mapping[str, Json], role: str) -> list[Part]:
    found: list[Part] = []
    for key, kind in _EXTRA_TEXT:
        text = value.get(key)
        if isinstance(text, str) and text and not any(part.get("content") == text for part in found):
            found.append({"type": kind, "content": text})
    content = value.get("content") if value.get("content") is not None else value.get("contents")
    identity = value.get("tool_call_id") or value.get("id")
    if role == "tool" and not _has_result(content):
        found.append(tool_result(identity, content))
    else:
        found += parts(content)
    calls = parse(value.get("tool_calls"))
    for call in calls if isinstance(calls, list | tuple) else ():
        found += [part for part in parts([call]) if part.get("type") != "text"]
    legacy = value.get("function_call")
    if isinstance(legacy, Mapping):
        found.append(tool_call(None, legacy.get("name"), legacy.get("arguments")))
    elif isinstance(name := value.get("function_call_name"), str):
        found.append(tool_call(None, name, value.get("function_call_arguments_json")))
    return found


def _has_result(content: Json) -> bool:
    """Whether `content` already says that it is a tool's result."""
    return isinstance(content, list | tuple) and any(
        isinstance(item, Mapping) and item.get("type") in _RESULTS for item in content
    )
