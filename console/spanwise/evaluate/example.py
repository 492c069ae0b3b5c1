"""`Example`: what one stored call was asked and answered, as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spanwise.quality.conversation import answer_of, conversation_of, instructions_of
from spanwise.record import SpanRecord


LONGEST: Final = 60_000
"""Characters of each text that is judged; the middle of a longer one is left out."""
_GAP: Final = "\n[...]\n"


@dataclass(frozen=True, slots=True)
class Example:
    """One call that is to be judged.

    Attributes:
        input: the messages before the answer, one after the other, each behind its role.
        output: the answer; calls of tools as JSON.
        system: the instructions of the system; empty where there are none.
        call: the call as it is stored, without events.
    """

    input: str
    output: str
    system: str
    call: SpanRecord


def example_of(call: SpanRecord) -> Example | None:
    """The example in a stored call; `None` where its answer was not captured."""
    output = answer_of(call)
    if not output:
        return None
    return Example(_cut(conversation_of(call)), _cut(output), _cut(instructions_of(call)), call)


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    half = (LONGEST - len(_GAP)) // 2
    return f"{text[:half]}{_GAP}{text[-half:]}"
