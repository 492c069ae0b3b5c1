"""`Score`: what one check made of one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spanwise.quality.check import STRUCTURAL
from spanwise.record import AttributeValue
from spanwise.semconv import attributes as attr


PASSED: Final = "passed"


@dataclass(frozen=True, slots=True)
class Score:
    """The result of one check.

    Attributes:
        name: the check, one of `CHECKS`.
        value: from 0, bad, to 1, good.
        label: one word for it; `passed` where nothing was found.
        reason: why, in words of ours: nothing of what was checked is quoted.
        method: `structural` or `heuristic`.
    """

    name: str
    value: float
    label: str
    reason: str
    method: str = STRUCTURAL

    @property
    def is_finding(self) -> bool:
        """Whether the check found something to complain of."""
        return self.value < 1

    def attributes(self) -> dict[str, AttributeValue]:
        """The score as attributes of the convention's event."""
        return {
            attr.GEN_AI_EVALUATION_NAME: self.name,
            attr.GEN_AI_EVALUATION_SCORE_VALUE: float(self.value),
            attr.GEN_AI_EVALUATION_SCORE_LABEL: self.label,
            attr.GEN_AI_EVALUATION_EXPLANATION: self.reason,
            attr.SPANWISE_QUALITY_METHOD: self.method,
        }


def passed(name: str, reason: str, method: str = STRUCTURAL) -> Score:
    """The score of a check that found nothing."""
    return Score(name, 1.0, PASSED, reason, method)
