"""Text that holds nothing stays as it is, also beside something that goes."""

# ruff: noqa: E501

from __future__ import annotations

import json
from random import Random
from typing import Final

from tests.corpus import decoy
from tests.fuzz.broken import Broken
from tests.fuzz.engine_target import ENGINE


_PROSE: Final = (
    "the", "model", "answered", "please", "look", "at", "this", "order", "It", "was", "sent", "on", "Monday", "and", "we", "not", "your",
    "value", "a", "to", "of", "Grüße", "値", "été", "für", "12", "3.5", "7%", "v2", "(see", "below)", "e.g.", "--", "OK!", "\n", "1.", "#4",
)  # fmt: skip
_NAMES: Final = (
    "key",
    "token",
    "password",
    "phone",
    "card",
    "number",
    "account",
    "address",
    "is",
    "secret",
    "user",
    "id",
    "born",
)
"""Words that name values. None stands directly before something that could be one: then it would be one."""

_VALUE: Final = "joe@example.com"


def clean(chance: Random) -> None:
    """Ids, hashes, prices, times, code and prose come back as the same text; beside a value, too."""
    parts = [_part(chance) for _ in range(chance.randrange(1, 8))]
    text = chance.choice((" ", "\n", ", ", "; ")).join(parts)
    if chance.randrange(3) == 0:
        text = json.dumps({"content": text, "n": [1, 2.5, None]}, ensure_ascii=False)
    if is_changed(text):
        small = next((part for part in parts if is_changed(part)), text)
        kinds = ", ".join(sorted(ENGINE.find(small).kinds))
        # Not made smaller: the rest of a date may be a phone number.
        raise Broken("clean text stays", small, detail=kinds)
    beside = f"{text}\n{_VALUE}\n{text}"
    if text[:1] in {"{", "["}:
        return
    found = ENGINE.find(beside).text
    if not (found.startswith(text) and found.endswith(text)) or _VALUE in found:
        raise Broken("clean text stays beside a value, which goes", beside)


def is_changed(text: str) -> bool:
    """Whether redaction changes `text`."""
    return ENGINE.find(text).text != text


def _part(chance: Random) -> str:
    kind = chance.randrange(6)
    if kind < 3:
        return decoy.inline(chance)
    if kind == 3:
        return decoy.code(chance)
    if kind == 4:
        name, value = chance.choice(decoy.FIELDS)
        return json.dumps({name: value(chance)})
    words = (*_PROSE, *_NAMES)
    return " ".join([*(chance.choice(words) for _ in range(chance.randrange(30))), "and", "that", "was", "it"])
