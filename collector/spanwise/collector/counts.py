"""What a collector has done with the spans it was sent."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Counts:
    """Totals since the start, of spans unless scores are named.

    Once drained, `received == filtered + written + dropped` and `scores_received == scores_written + scores_dropped`.
    """

    received: int = 0
    """Well-formed spans taken."""
    rejected: int = 0
    """Malformed spans refused inside accepted requests."""
    filtered: int = 0
    """Spans the pipeline took out."""
    written: int = 0
    """Spans the sink took."""
    dropped: int = 0
    """Spans taken but lost on the way to the sink."""
    dropped_by_reason: Mapping[str, int] = field(default_factory=dict)
    refused_requests: int = 0
    """Requests answered with an error."""
    scores_received: int = 0
    """Well-formed scores taken."""
    scores_rejected: int = 0
    """Malformed scores refused inside accepted requests."""
    scores_written: int = 0
    """Scores the sink took."""
    scores_dropped: int = 0
    """Scores taken but lost on the way to the sink."""
    logs_ignored: int = 0
    """Log records that are no scores. Nothing keeps them here, and their sender is told so."""


class Tally:
    """Thread-safe counters behind `Counts`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._totals: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()

    def add(self, **amounts: int) -> None:
        """Add to the fields of `Counts` named."""
        with self._lock:
            self._totals.update(amounts)

    def drop(self, reason: str, spans: int) -> None:
        """Count `spans` as lost for `reason`."""
        if spans:
            with self._lock:
                self._dropped[reason] += spans

    def snapshot(self) -> Counts:
        """The totals now."""
        with self._lock:
            return Counts(**self._totals, dropped=self._dropped.total(), dropped_by_reason=dict(self._dropped))
