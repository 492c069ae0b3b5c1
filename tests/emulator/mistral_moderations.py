"""Mistral moderations: a text is flagged where it says so itself."""

from __future__ import annotations

from tests.emulator.call import Call
from tests.emulator.document import JsonValue
from tests.emulator.prompt import text_of
from tests.emulator.reply import Reply, json_reply


_CATEGORIES = ("sexual", "hate_and_discrimination", "violence_and_threats", "selfharm", "health", "financial", "pii")


def reply(call: Call) -> Reply:
    """The answer to POST /v1/moderations and /v1/chat/moderations: one result for each text or conversation."""
    given = call.body.get("input")
    inputs: list[JsonValue] = given if isinstance(given, list) else [given]
    said = [text_of(entry) for entry in inputs]
    results = [
        {
            "categories": {name: name in text for name in _CATEGORIES},
            "category_scores": {name: 0.99 if name in text else 0.01 for name in _CATEGORIES},
        }
        for text in said
    ]
    return json_reply({"id": call.id("mod-"), "model": call.model, "results": results})
