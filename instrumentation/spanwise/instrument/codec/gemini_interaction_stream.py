"""Events of Gemini's interactions, folded into the interaction that would have come whole."""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Json
from spanwise.instrument.codec.field import count, items, mapping, parse, text
from spanwise.semconv import values


Step: TypeAlias = dict[str, Any]
"""A step, or a content of one, as it grows."""

_MOST_STEPS: Final = 1024
_MOST_CONTENTS: Final = 4096
_WORD: Final = re.compile(r"[A-Za-z_]{2,48}")
"""Google's words for errors. What is none comes from a gateway and may be anything."""


def error_word(error: object) -> str | None:
    """The word for `error`: its code, or, where that is a number as elsewhere in Google's APIs, its status."""
    said = mapping(error)
    for word in (said.get("code"), said.get("status")):
        if isinstance(word, str) and _WORD.fullmatch(word):
            return word
    return None


class InteractionReducer:
    """Events of a stream as one interaction. The last event repeats its usage, and not its steps."""

    def __init__(self) -> None:
        self._body: Step = {}
        self._steps: dict[int, Step] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        kind = event.get("event_type")
        if interaction := mapping(event.get("interaction")):
            self._body.update({key: value for key, value in interaction.items() if value is not None})
            if interaction.get("status") == values.GEN_AI_RESPONSE_STATUS_FAILED:
                errors = items(interaction.get("errors"))
                self.error = error_word(errors[0] if errors else None) or "interaction_failed"
        elif kind == "interaction.status_update":
            self._update(event)
        elif kind == "step.start":
            self._start(count(event.get("index")), mapping(event.get("step")))
        elif kind == "step.delta":
            self._grow(count(event.get("index")), mapping(event.get("delta")))
            self._use(mapping(event.get("metadata")).get("total_usage"))
        elif kind == "step.stop":
            self._use(event.get("usage"))
        elif kind == "error" or event.get("error"):
            self.error = error_word(event.get("error")) or "provider_error"

    def _update(self, event: Json) -> None:
        self._body.setdefault("id", event.get("interaction_id"))
        if status := text(event.get("status")):
            self._body["status"] = status
        self._use(event.get("usage"))

    def _use(self, usage: object) -> None:
        """Take the usage so far, which each event that has one tells from the start."""
        if counts := mapping(usage):
            self._body["usage"] = counts

    def _start(self, index: int | None, step: Json) -> None:
        if index is not None and (index in self._steps or len(self._steps) < _MOST_STEPS):
            self._steps[index] = dict(step)

    def _grow(self, index: int | None, delta: Json) -> None:
        step = self._steps.get(-1 if index is None else index)
        if step is None:
            return
        kind = delta.get("type")
        if kind in ("text", "image", "audio", "video", "document"):
            _append(step, "content", delta)
        elif kind == "thought_summary":
            _append(step, "summary", mapping(delta.get("content")))
        elif kind == "arguments_delta":
            step.setdefault("_arguments", []).append(text(delta.get("arguments")) or "")
        elif kind == step.get("type"):
            step.update({key: value for key, value in delta.items() if key != "type"})

    def body(self) -> Json:
        """The interaction so far."""
        if not self._steps:
            return self._body
        return {**self._body, "steps": [_closed(self._steps[index]) for index in sorted(self._steps)]}


def _append(step: Step, name: str, content: Json) -> None:
    """Add a content; text goes on where the content before is text."""
    held = step.get(name)
    if not isinstance(held, list):
        held = step[name] = []
    said = content.get("text")
    if not isinstance(said, str):
        if content and len(held) < _MOST_CONTENTS:
            held.append(dict(content))
    elif held and isinstance(held[-1], dict) and "_fragments" in held[-1]:
        held[-1]["_fragments"].append(said)
    elif len(held) < _MOST_CONTENTS:
        held.append({"_fragments": [said]})


def _closed(step: Step) -> Step:
    whole = {key: value for key, value in step.items() if key != "_arguments"}
    if "_arguments" in step:
        whole["arguments"] = parse("".join(step["_arguments"]))
    for name in ("content", "summary"):
        if isinstance(step.get(name), list):
            whole[name] = [_joined(each) for each in step[name]]
    return whole


def _joined(content: object) -> object:
    if isinstance(content, dict) and "_fragments" in content:
        return {"type": "text", "text": "".join(content["_fragments"])}
    return content
