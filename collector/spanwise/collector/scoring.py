"""`Scoring`: where the scores go that a collector takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from spanwise.collector.feedback import Feedback
from spanwise.collector.writer import ScoreSink
from spanwise.record import ScoreRecord


ScorePipeline: TypeAlias = Callable[[ScoreRecord], ScoreRecord]
"""What is done to each score. Called from several threads at once; it does not raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """How a collector takes scores.

    Attributes:
        sink: takes processed scores; raises `SinkError` when it cannot.
        pipeline: what each score goes through; `None` leaves them as they are.
        feedback: who may send scores from a browser; `None` serves no such endpoint.
    """

    sink: ScoreSink
    pipeline: ScorePipeline | None = None
    feedback: Feedback | None = None
