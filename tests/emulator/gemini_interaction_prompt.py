"""The dialect of an interaction's request, read into a prompt."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.document import Json, JsonValue
from tests.emulator.prompt import Prompt, Tool, text_of


def interaction_prompt(body: Json) -> Prompt:
    """What an interaction asks for."""
    steps = list(_steps(body.get("input")))
    said = [text for step in steps if step["type"] == "user_input" and (text := text_of(step.get("content")))]
    last = steps[-1] if steps else {}
    formats = body.get("response_format")
    form = next(iter(formats), {}) if isinstance(formats, list) else formats or {}
    written = [body[name] for name in ("input", "system_instruction", "tools") if name in body]
    return Prompt(
        text=said[-1] if said else "",
        tools=tuple(_tools(body)),
        tool_result=json.dumps(last.get("result")) if last.get("type") == "function_result" else None,
        schema=form.get("schema"),
        json_mode=form.get("mime_type") == "application/json",
        thinks=(body.get("generation_config") or {}).get("thinking_summaries") == "auto",
        characters=sum(len(json.dumps(part)) for part in written),
    )


def _steps(given: JsonValue) -> Iterator[Json]:
    """An input as steps: it may be a text, a content, or a list of contents."""
    for entry in given if isinstance(given, list) else [given]:
        if isinstance(entry, str):
            yield {"type": "user_input", "content": entry}
        elif isinstance(entry, dict) and entry.get("type") in ("text", "image", "audio", "video", "document"):
            yield {"type": "user_input", "content": [entry]}
        elif isinstance(entry, dict):
            yield entry


def _tools(body: Json) -> Iterator[Tool]:
    if (body.get("generation_config") or {}).get("tool_choice") == "none":
        return
    for tool in body.get("tools") or []:
        if tool.get("type") == "function":
            yield Tool(str(tool.get("name")), tool.get("parameters") or {"type": "object"})
