"""`ScoreRecord`: one result of an evaluation, apart from the span that it is about."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from spanwise.record.span import AttributeValue, Resource
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


SCOPE: Final = "spanwise.scoring"
"""The instrumentation scope of scores that are given with this distribution."""

LONGEST_NAME: Final = 128
LONGEST_LABEL: Final = 128
LONGEST_COMMENT: Final = 4096
LONGEST_ID: Final = 256
"""Characters at most. A longer comment is cut where a score is made; anything else that is longer is a mistake."""

LARGEST: Final = 1e12
"""A number beyond it, of either sign, is taken for a mistake."""


@dataclass(slots=True)
class ScoreRecord:
    """A `gen_ai.evaluation.result` event as it travels: what it is about, and attributes in a plain dict.

    Attributes:
        trace_id: of the trace it is about; 0 where only a response is named.
        span_id: of the span it is about; 0 where the whole trace is meant, or a response.
        time_unix_nano: when it was given, which may be long after the call.
        attributes: of the event, in the convention's names.
        resource: what emitted it.
    """

    trace_id: int = 0
    span_id: int = 0
    time_unix_nano: int = 0
    attributes: dict[str, AttributeValue] = field(default_factory=dict)
    resource: Resource = field(default_factory=Resource)

    @property
    def value(self) -> float | None:
        """The number; `None` where the score is a verdict in words, or no finite number."""
        value = self.attributes.get(attr.GEN_AI_EVALUATION_SCORE_VALUE)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return None
        return float(value)

    def text(self, name: str) -> str | None:
        """The attribute `name` when it is a non-empty string."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) and value else None


def problem(score: ScoreRecord) -> str:
    """Why `score` cannot be kept, in a sentence that quotes nothing of it; empty when it can."""
    if not (name := score.text(attr.GEN_AI_EVALUATION_NAME)):
        return "a score has no name"
    if len(name) > LONGEST_NAME:
        return f"the name of a score is longer than {LONGEST_NAME} characters"
    if score.span_id and not score.trace_id:
        return "a score names a span without its trace"
    response = score.text(attr.GEN_AI_RESPONSE_ID)
    if not (score.trace_id or response):
        return "a score names no trace, span or response"
    if response and len(response) > LONGEST_ID:
        return f"the id of a response is longer than {LONGEST_ID} characters"
    says = (attr.GEN_AI_EVALUATION_SCORE_LABEL, attr.ERROR_TYPE)
    if score.value is None and not any(score.text(name) for name in says):
        return "a score has neither a finite number nor a label"
    return ""


def said(
    name: object,
    value: object,
    *,
    comment: object = None,
    source: str = values.SPANWISE_SCORE_SOURCE_CODE,
    user: object = None,
) -> dict[str, AttributeValue]:
    """The attributes of the event that says `value` of the criterion `name`.

    A number is the value. True and false are the values 1 and 0 with labels of that name, so that they can be averaged
    and still be told from a number. Text is a label without a value.

    Args:
        name: the criterion, as `helpful`; 1 to 128 characters.
        value: a finite number within 1e12, true or false, or text of 1 to 128 characters.
        comment: a reason. It is content and redacted like all content; what is beyond 4096 characters is cut.
        source: who gave the score, one of `values.SPANWISE_SCORE_SOURCE`.
        user: an id of the person who gave it.

    Raises:
        TypeError: `name`, `value`, `comment` or `user` is of another type.
        ValueError: one of them, or `source`, is none of what is accepted. No message quotes a comment.
    """
    found: dict[str, AttributeValue] = {attr.GEN_AI_EVALUATION_NAME: _text("name", name, LONGEST_NAME)}
    if isinstance(value, str):
        found[attr.GEN_AI_EVALUATION_SCORE_LABEL] = _text("value", value, LONGEST_LABEL)
    else:
        found[attr.GEN_AI_EVALUATION_SCORE_VALUE] = _number(value)
        if isinstance(value, bool):
            found[attr.GEN_AI_EVALUATION_SCORE_LABEL] = str(value).lower()
    if comment is not None and comment != "":
        if not isinstance(comment, str):
            raise TypeError(f"comment: found a value of type {type(comment).__name__}; accepted is text.")
        found[attr.GEN_AI_EVALUATION_EXPLANATION] = comment[:LONGEST_COMMENT]
    if source not in values.SPANWISE_SCORE_SOURCE:
        accepted = ", ".join(sorted(values.SPANWISE_SCORE_SOURCE))
        raise ValueError(f"source: found {str(source)[:40]!r}; accepted: {accepted}.")
    found[attr.SPANWISE_SCORE_SOURCE] = source
    if user is not None:
        found[attr.USER_ID] = _text("user", user, LONGEST_ID)
    return found


def label(text: object) -> str:
    """`text` as a verdict in words.

    Raises:
        TypeError: it is no text.
        ValueError: it is empty or longer than 128 characters.
    """
    return _text("label", text, LONGEST_LABEL)


def trace_id(text: object, called: str = "trace") -> int:
    """The trace id that `text` is in hex.

    Raises:
        TypeError: it is no text.
        ValueError: it is not 32 hexadecimal digits, or all of them are 0.
    """
    return _hex(text, called, 32)


def span_id(text: object, called: str = "span") -> int:
    """The span id that `text` is in hex.

    Raises:
        TypeError: it is no text.
        ValueError: it is not 16 hexadecimal digits, or all of them are 0.
    """
    return _hex(text, called, 16)


def response_id(text: object, called: str = "response_id") -> str:
    """`text` as the id of a response, which is the provider's and of no known form.

    Raises:
        TypeError: it is no text.
        ValueError: it is empty or longer than 256 characters.
    """
    return _text(called, text, LONGEST_ID)


def _text(called: str, text: object, longest: int) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{called}: found a value of type {type(text).__name__}; accepted is text.")
    if not 0 < len(text.strip()) <= len(text) <= longest:
        raise ValueError(f"{called}: found text of {len(text)} characters; accepted are 1 to {longest}.")
    return text


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(
            f"value: found a value of type {type(value).__name__}; accepted is a number, True, False or text."
        )
    if not -LARGEST <= value <= LARGEST:  # also not a number
        raise ValueError(f"value: found {str(value)[:40]}; accepted is a finite number from -1e12 to 1e12.")
    return float(value)


def _hex(text: object, called: str, digits: int) -> int:
    if not isinstance(text, str):
        raise TypeError(
            f"{called}: found a value of type {type(text).__name__}; accepted are {digits} hexadecimal digits."
        )
    if len(text) != digits or set(text) - _HEX or not text.strip("0"):
        raise ValueError(f"{called}: accepted are {digits} hexadecimal digits, not all 0; found another form.")
    return int(text, 16)


_HEX: Final = frozenset("0123456789abcdefABCDEF")
