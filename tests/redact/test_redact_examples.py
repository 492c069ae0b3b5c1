"""What the rules' own examples mark is taken out by the engine, wherever such a text comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from spanwise.proof.example import Example, examples
from spanwise.redact import Redactor


REDACTOR = Redactor()
EXAMPLES = examples()
LABEL = re.compile(r"\[[A-Z][A-Z0-9_]*\]")
PIECE = 5
"""Characters of a value of which nothing may be left."""


def nested(text: str, depth: int) -> str:
    """`text` as a string in JSON, that in a string in JSON, and so on."""
    for _ in range(depth):
        text = json.dumps([{"role": "tool", "content": text}])
    return text


ENVELOPES: dict[str, Callable[[str], str]] = {
    "alone": str,
    "in a sentence": "please look at {} for me".format,
    "in brackets": "({})".format,
    "on a line": "first\n{}\nlast".format,
    "a JSON string": lambda text: json.dumps({"a": text}),
    "a JSON string in UTF-8": lambda text: json.dumps([text], ensure_ascii=False),
    "JSON in JSON": lambda text: nested(text, 2),
    "JSON in JSON in JSON": lambda text: nested(text, 3),
}


def is_left(example: Example, text: str) -> bool:
    """Whether some of the value of `example` is left when `text`, which holds it, was redacted."""
    clean = REDACTOR.text(text)
    for _ in range(4):
        try:
            clean = json.dumps(json.loads(clean), ensure_ascii=False).replace("\\", "")
        except ValueError:
            break
    clean = LABEL.sub("", clean)
    around = example.before + example.after
    pieces = {example.value[at : at + PIECE] for at in range(max(1, len(example.value) - PIECE + 1))}
    return any(piece in clean and piece not in around for piece in pieces)


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_every_example_is_taken_out(envelope: str) -> None:
    """Nothing of a marked value is left, whichever rule takes it."""
    made = ENVELOPES[envelope]
    left = [f"{example.rule}: {example.text}" for example in EXAMPLES if is_left(example, made(example.text))]
    assert left == []
