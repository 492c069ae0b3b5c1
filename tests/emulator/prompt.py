"""What a request asks for, whatever its dialect."""

from __future__ import annotations

from dataclasses import dataclass

from tests.emulator.document import Json, JsonValue


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may call, with the JSON schema of its arguments."""

    name: str
    schema: Json


@dataclass(frozen=True, slots=True)
class Prompt:
    """The parts of a request that decide the answer."""

    text: str
    """What the user said last."""
    tools: tuple[Tool, ...] = ()
    tool_result: str | None = None
    """What a tool returned, when that ends the conversation."""
    schema: Json | None = None
    """The schema the answer has to fit."""
    json_mode: bool = False
    thinks: bool = False
    """Whether the answer shows its reasoning."""
    characters: int = 0
    """Length of everything sent, for the token count."""


def text_of(content: JsonValue) -> str:
    """The text in a message's content: a string, a part, or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(filter(None, (text_of(part) for part in content)))
    if isinstance(content, dict):
        return text_of(content.get("text") or content.get("content") or "")
    return ""
