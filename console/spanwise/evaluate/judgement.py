"""`Judgement`: what was made of one call, and the answer of a judge read as one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson

from spanwise.evaluate.judge import Judge
from spanwise.record import SpanRecord


Json: TypeAlias = Any
"""A parsed JSON value."""

UNREADABLE: Final = "unreadable_judgement"
OUT_OF_SCALE: Final = "score_out_of_scale"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one evaluation of one call came to.

    Attributes:
        value: a number, true or false, or a verdict in words; `None` where it failed or says nothing.
        label: a verdict beside a number.
        reason: in words.
        error_type: why it failed; empty when it did not.
        span: the call of the judge, priced; `None` where no model was asked.
    """

    value: float | bool | str | None = None
    label: str = ""
    reason: str = ""
    error_type: str = ""
    span: SpanRecord | None = None


def read_answer(answer: str, judge: Judge) -> Judgement:
    """The judgement in a judge's answer: the value from 0, the worst of its scale, to 1; the label is what it said.

    Text around the JSON object is passed over. A score outside of the scale is none: it is not cut to fit.
    """
    found = _object(answer)
    score = found.get("score") if found else None
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        return Judgement(error_type=UNREADABLE)
    if not judge.least <= score <= judge.most:
        return Judgement(error_type=OUT_OF_SCALE)
    reason = found.get("reason") if found else None
    return Judgement(
        value=round((score - judge.least) / (judge.most - judge.least), 6),
        label=f"{score:g} of {judge.most:g}",
        reason=reason if isinstance(reason, str) else "",
    )


def _object(answer: str) -> Mapping[str, Json] | None:
    start, end = answer.find("{"), answer.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        found = orjson.loads(answer[start : end + 1])
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
