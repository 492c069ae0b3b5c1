"""Messages, documents and results of LangChain as the convention writes content."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias


Thing: TypeAlias = Any
"""An object of LangChain's, which need not be installed where this is checked."""

Part: TypeAlias = dict[str, Any]
"""A message or a part of one, as JSON."""

_ROLES: Final = {"human": "user", "ai": "assistant", "AIMessageChunk": "assistant", "system": "system", "tool": "tool"}
_MOST: Final = 1000
_SCORES: Final = ("score", "relevance_score", "_score")


def messages(given: Iterable[Thing]) -> list[Part]:
    """Messages as the convention writes them; at most 1000, and what is none is left out."""
    return [message(each) for each in list(given)[:_MOST] if is_message(each)]


def is_message(thing: Thing) -> bool:
    """Whether this is one of LangChain's messages."""
    return hasattr(thing, "content") and isinstance(getattr(thing, "type", None), str)


def message(given: Thing) -> Part:
    """One message with its parts: text, calls of tools and what tools answered."""
    role = _ROLES.get(given.type, given.type)
    if role == "tool":
        part = {"type": "tool_call_response", "id": getattr(given, "tool_call_id", None), "response": given.content}
        return {"role": role, "parts": [part]}
    parts = list(_parts(given.content))
    calls = getattr(given, "tool_calls", None)
    parts.extend(_call(call) for call in (calls if isinstance(calls, list) else []) if isinstance(call, Mapping))
    return {"role": role, "parts": parts}


def _call(call: Mapping[str, Thing]) -> Part:
    return {"type": "tool_call", "id": call.get("id"), "name": call.get("name"), "arguments": call.get("args")}


def documents(given: Thing) -> list[Part]:
    """What a retriever found: id, score, text and metadata of each, as far as there are any."""
    found = []
    for document in list(given)[:_MOST] if isinstance(given, list | tuple) else []:
        metadata = getattr(document, "metadata", None)
        said: Mapping[str, Thing] = metadata if isinstance(metadata, Mapping) else {}
        score = next((said[name] for name in _SCORES if isinstance(said.get(name), int | float)), None)
        made = {
            "id": getattr(document, "id", None) or said.get("id"),
            "score": score,
            "content": getattr(document, "page_content", None),
            "metadata": dict(said) or None,
        }
        found.append({name: value for name, value in made.items() if value is not None})
    return found


def simplify(thing: Thing) -> Thing:
    """JSON of a message, a document or a command to a graph.

    Raises:
        TypeError: it is something else.
    """
    if is_message(thing):
        return message(thing)
    if hasattr(thing, "page_content"):
        return documents([thing])[0]
    raise TypeError(type(thing).__name__)


def _parts(content: Thing) -> Iterable[Part]:
    if isinstance(content, str):
        if content:
            yield {"type": "text", "content": content}
        return
    for block in content[:_MOST] if isinstance(content, list) else []:
        if isinstance(block, str):
            yield {"type": "text", "content": block}
        elif isinstance(block, Mapping) and isinstance(block.get("text"), str):
            yield {"type": "text", "content": block["text"]}
        elif isinstance(block, Mapping) and block.get("type") not in {"tool_use", "tool_call", "function_call"}:
            yield {"type": str(block.get("type", "unknown"))}
