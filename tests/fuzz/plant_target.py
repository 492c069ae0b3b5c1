"""A planted value does not survive, whatever stands around it and however it is hidden."""

# ruff: noqa: E501

from __future__ import annotations

import json
from random import Random
from typing import Final

from spanwise.proof.canary import Canary, Mint
from spanwise.proof.disguise import WHOLE, can_hide, disguised
from spanwise.proof.example import Example
from spanwise.proof.search import Search
from spanwise.proof.self_test import judge
from spanwise.record import Event, SpanRecord
from tests.fuzz.broken import Broken
from tests.fuzz.engine_target import ENGINE
from tests.fuzz.pieces import every_example


_BEFORE: Final = (
    "", " ", "\n", "see ", "I wrote: ", "(", "<", "x, ", "| ", "- ", "error: ", "値は ", "é ", "* ", "> ", "\t", "my notes. ",
    "Sehr geehrte Damen und Herren,\n", "[INFO] ", "{", "2026-11-25T10:00:00Z ", "id=abc ", "a\r\n", "```\n", "say \"",
)  # fmt: skip
_AFTER: Final = (
    "", " ", "\n", ", thanks", ")", ">", "; x", " |", ".", "!", "?", " です", " é", "\r\nb", "\n```", "\" again", "}", " and more",
    "\t7", "\n\n-- \nJoe",
)  # fmt: skip
_SHORTEST: Final = 6
_JUDGE: Final = judge(ENGINE)


def planted(chance: Random) -> None:
    """A new value of some rule, in some surroundings, hidden in some way, under some depth of JSON."""
    canary = _canary(chance)
    if canary is None:
        return
    names = [name for name in WHOLE if can_hide(Example(*canary[:6]), name)]
    name = chance.choice(("", "", "", *names))
    if name:
        canary = disguised(canary, name)
    in_json = name.startswith("JSON")
    before, after = ("", "") if in_json else (chance.choice(_BEFORE), chance.choice(_AFTER))
    text = f"{before}{canary.text}{after}"
    depth = chance.randrange(2) if in_json else chance.randrange(4)
    for _ in range(depth):
        text = json.dumps(chance.choice(([text], {"a": text}, [{"role": "user", "content": text}])))
    if survives(canary, text):
        raise Broken(f"no value survives: {name or 'plain'}, JSON depth {depth}", text, detail=canary.rule)


def split(chance: Random) -> None:
    """The same value, in two pieces which follow each other: in events, in parts of a message, in a list."""
    canary = _canary(chance)
    if canary is None or len(canary.value) < 8:
        return
    place = len(canary.before) + chance.randrange(1, len(canary.value))
    whole = f"{chance.choice(_BEFORE)}{canary.text}{chance.choice(_AFTER)}"
    place += whole.index(canary.text)
    pieces = [whole[:place], whole[place:]]
    parts = json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": each} for each in pieces]}])
    span = SpanRecord(
        "chat", 1, 2, attributes={"gen_ai.output.messages": parts, "app.chunks": list(pieces)},
        events=[Event("chunk", 1, {"delta": each}) for each in pieces],
    )  # fmt: skip
    ENGINE(span)
    messages = json.loads(str(span.attributes["gen_ai.output.messages"]))[0]["parts"]
    chunks = span.attributes["app.chunks"]
    assert isinstance(chunks, list)
    for carrier, joined in (
        ("events", "".join(str(event.attributes["delta"]) for event in span.events)),
        ("message parts", "".join(part["content"] for part in messages)),
        ("a list", "".join(map(str, chunks))),
    ):
        if canary.value in joined:
            raise Broken(f"no value survives: split over {carrier}", repr(pieces), detail=canary.rule)


def survives(canary: Canary, text: str) -> bool:
    """Whether the value of `canary` is still there once `text` was redacted."""
    clean = ENGINE.find(text).text
    return bool(Search([canary.value]).found(clean.encode("utf-8", "surrogatepass")))


def _canary(chance: Random) -> Canary | None:
    example = chance.choice(every_example())
    if len(example.value) < _SHORTEST:
        return None
    canary = Mint(_JUDGE, chance).fresh(example)
    # The example's own value stands in where no new one could be made: tests/redact tries those.
    return None if canary is None or canary.value == example.value else canary
