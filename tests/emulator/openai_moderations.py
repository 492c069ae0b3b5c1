"""OpenAI moderations: what says "kill" is violence."""

from __future__ import annotations

from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.prompt import text_of
from tests.emulator.reply import Reply, json_reply


_CATEGORIES = ("harassment", "hate", "self-harm", "sexual", "violence", "violence/graphic")


def reply(call: Call) -> Reply:
    """The answer to POST /moderations: one result for each text, or one for all typed parts."""
    given = call.body.get("input")
    each = given if isinstance(given, list) and all(isinstance(entry, str) for entry in given) else [given]
    return json_reply(
        {
            "id": call.id("modr-"),
            "model": call.model or "omni-moderation-latest",
            "results": [_result(text_of(entry)) for entry in each],
        }
    )


def _result(text: str) -> Json:
    met = {name: name == "violence" and "kill" in text.lower() for name in _CATEGORIES}
    return {
        "flagged": any(met.values()),
        "categories": met,
        "category_scores": {name: 0.9 if is_met else 0.001 for name, is_met in met.items()},
        "category_applied_input_types": {name: ["text"] for name in _CATEGORIES},
    }
