"""Anthropic's request dialect, read into a prompt."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.document import Json, JsonValue
from tests.emulator.prompt import Prompt, Tool, text_of


def messages_prompt(body: Json) -> Prompt:
    """What a messages request asks for."""
    messages: list[Json] = body.get("messages") or []
    last = messages[-1].get("content") if messages else ""
    results = [part for part in _blocks(last) if part.get("type") == "tool_result"]
    said = [text for message in messages if message.get("role") == "user" and (text := _said(message.get("content")))]
    wanted: Json = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
    return Prompt(
        text=said[-1] if said else "",
        tools=_chosen(body),
        tool_result=text_of(results[-1].get("content")) if results else None,
        schema=wanted.get("schema") if wanted.get("type") == "json_schema" else None,
        thinks=(body.get("thinking") or {}).get("type") in ("enabled", "adaptive"),
        characters=sum(len(_written(body[name])) for name in ("messages", "system", "tools") if body.get(name)),
    )


def cache_write_tokens(body: Json) -> tuple[int, int]:
    """Tokens in blocks that carry `cache_control`, for the five-minute and the one-hour cache."""
    totals = {"5m": 0, "1h": 0}
    for block in _all_blocks(body):
        mark = block.get("cache_control")
        if isinstance(mark, dict):
            totals["1h" if mark.get("ttl") == "1h" else "5m"] += -(-len(_written(block)) // 4)
    return totals["5m"], totals["1h"]


def _all_blocks(body: Json) -> Iterator[Json]:
    yield from _blocks(body.get("tools"))
    yield from _blocks(body.get("system"))
    for message in body.get("messages") or []:
        yield from _blocks(message.get("content"))


def _blocks(content: JsonValue) -> list[Json]:
    return [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []


def _said(content: JsonValue) -> str:
    """The user's own words: tool results also come in user messages, and are left out."""
    if isinstance(content, list):
        return text_of([part for part in _blocks(content) if part.get("type") == "text"])
    return text_of(content)


def _chosen(body: Json) -> tuple[Tool, ...]:
    choice: Json = body.get("tool_choice") or {}
    tools = tuple(
        Tool(str(tool["name"]), tool["input_schema"])
        for tool in body.get("tools") or []
        if "name" in tool and isinstance(tool.get("input_schema"), dict)
    )
    if choice.get("type") == "none":
        return ()
    return tuple(t for t in tools if t.name == choice.get("name")) if choice.get("type") == "tool" else tools


def _written(part: JsonValue) -> str:
    return part if isinstance(part, str) else json.dumps(part, ensure_ascii=False)
