"""`ScoreSource`: who gives a score."""

from __future__ import annotations

from enum import StrEnum

from spanwise.semconv import values


class ScoreSource(StrEnum):
    """One of `values.SPANWISE_SCORE_SOURCE`."""

    HUMAN = values.SPANWISE_SCORE_SOURCE_HUMAN
    CODE = values.SPANWISE_SCORE_SOURCE_CODE
    LLM = values.SPANWISE_SCORE_SOURCE_LLM
    CHECK = values.SPANWISE_SCORE_SOURCE_CHECK
