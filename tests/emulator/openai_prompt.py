"""OpenAI's three request dialects, read into one prompt."""

from __future__ import annotations

import json

from tests.emulator.document import Json, JsonValue
from tests.emulator.prompt import Prompt, Tool, text_of


def chat_prompt(body: Json) -> Prompt:
    """What a chat completions request asks for."""
    messages: list[Json] = body.get("messages") or []
    last = messages[-1] if messages else {}
    from_user = [m for m in messages if m.get("role") == "user"]
    wanted: Json = body.get("response_format") or {}
    return Prompt(
        text=text_of(from_user[-1].get("content")) if from_user else "",
        tools=_chosen(_tools(body.get("tools") or []), body.get("tool_choice")),
        tool_result=text_of(last.get("content")) if last.get("role") == "tool" else None,
        schema=(wanted.get("json_schema") or {}).get("schema") if wanted.get("type") == "json_schema" else None,
        json_mode=wanted.get("type") == "json_object",
        characters=_length(messages, body.get("tools")),
    )


def responses_prompt(body: Json) -> Prompt:
    """What a responses request asks for."""
    given = body.get("input")
    items: list[Json] = given if isinstance(given, list) else [{"role": "user", "content": given or ""}]
    last = items[-1] if items else {}
    from_user = [item for item in items if item.get("role") == "user"]
    wanted: Json = (body.get("text") or {}).get("format") or {}
    return Prompt(
        text=text_of(from_user[-1].get("content")) if from_user else "",
        tools=_chosen(_tools(body.get("tools") or []), body.get("tool_choice")),
        tool_result=text_of(last.get("output")) if last.get("type") == "function_call_output" else None,
        schema=wanted.get("schema") if wanted.get("type") == "json_schema" else None,
        json_mode=wanted.get("type") == "json_object",
        characters=_length(items, body.get("instructions"), body.get("tools")),
    )


def completion_prompts(body: Json) -> list[Prompt]:
    """What a legacy completions request asks for: one prompt for each it holds. Token ids have no text."""
    given = body.get("prompt") or ""
    many = given if isinstance(given, list) and all(isinstance(part, str | list) for part in given) else [given]
    return [Prompt(text=text_of(part) if isinstance(part, str) else "", characters=_length(part)) for part in many]


def _tools(written: list[Json]) -> tuple[Tool, ...]:
    functions = [tool.get("function") or tool for tool in written if tool.get("type", "function") == "function"]
    return tuple(Tool(str(f["name"]), f.get("parameters") or {}) for f in functions if "name" in f)


def _chosen(tools: tuple[Tool, ...], choice: JsonValue) -> tuple[Tool, ...]:
    if choice == "none":
        return ()
    if isinstance(choice, dict) and choice.get("type") == "function":
        name = (choice.get("function") or choice).get("name")
        return tuple(tool for tool in tools if tool.name == name)
    return tools


def _length(*parts: JsonValue) -> int:
    return sum(len(p) if isinstance(p, str) else len(json.dumps(p, ensure_ascii=False)) for p in parts if p)
