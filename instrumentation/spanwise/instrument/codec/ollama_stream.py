"""Streams of Ollama: one JSON document a line, the last of which has the counts."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import items, mapping, text


Line: TypeAlias = dict[str, Any]
"""A JSON object under construction."""

LINE_GATE: Final = re.compile(rb'"done"\s*:\s*true|"tool_calls"\s*:\s*\[|"error"\s*:')

# No brace between it and the end of the line: the arguments of a tool may have a field of that name.
LAST_LINE: Final = re.compile(rb'"done"\s*:\s*true\b[^{}\n]*\}\s*$', re.MULTILINE)

_MOST_CALLS: Final = 256


class LineReducer:
    """Lines of a chat or of a completion as one body."""

    def __init__(self) -> None:
        self._body: Line = {}
        self._fragments: dict[str, list[str]] = {}
        self._said: dict[str, list[str]] = {}
        self._calls: list[Json] = []
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one line."""
        if event.get("error"):
            self.error = "provider_error"
            return
        _collect(self._fragments, event, ("response", "thinking"))
        message = mapping(event.get("message"))
        _collect(self._said, message, ("content", "thinking"))
        self._calls.extend(items(message.get("tool_calls"))[: _MOST_CALLS - len(self._calls)])
        if text(event.get("model")):
            self._body["model"] = event["model"]
        if event.get("done") is True:
            self._body.update({key: value for key, value in event.items() if key not in ("message", "response")})

    def body(self) -> Json:
        """The body so far."""
        body = {**self._body, **{key: "".join(fragments) for key, fragments in self._fragments.items()}}
        message: Line = {key: "".join(fragments) for key, fragments in self._said.items()}
        if self._calls:
            message["tool_calls"] = self._calls
        return {**body, "message": {"role": "assistant", **message}} if message else body


def _collect(held: dict[str, list[str]], given: Json, keys: tuple[str, ...]) -> None:
    for key in keys:
        if fragment := text(given.get(key)):
            held.setdefault(key, []).append(fragment)
