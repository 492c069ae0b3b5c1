"""The sink of `spanwise run`: the store, and a tally of this run."""

from __future__ import annotations

from collections.abc import Sequence

from spanwise.record import ScoreRecord, SpanRecord
from spanwise.report import RunTally
from spanwise.store import Store, StoreError


class Recorder:
    """Stores what it is called with and adds it up; a store that fails does not stop the adding."""

    def __init__(self, store: Store) -> None:
        self.tally = RunTally()
        self._store = store
        self._lost_spans = 0
        self._lost_scores = 0
        self._reason = ""

    def __call__(self, records: Sequence[SpanRecord]) -> None:
        """Take `records`. The store has waited and retried before it fails, so its failure is final here."""
        self.tally.add(records)
        try:
            self._store.write(records)
        except StoreError as error:
            self._lost_spans += len(records)
            self._reason = str(error)

    def scores(self, records: Sequence[ScoreRecord]) -> None:
        """Take scores, as spans are taken."""
        try:
            self._store.write_scores(records)
        except StoreError as error:
            self._lost_scores += len(records)
            self._reason = str(error)

    def complaint(self) -> str:
        """One line about spans and scores that could not be stored; empty when there were none."""
        if not self._lost_spans + self._lost_scores:
            return ""
        lost = {"spans": self._lost_spans, "scores": self._lost_scores}
        what = " and ".join(f"{count:,} {name}" for name, count in lost.items() if count)
        return f"spanwise: {what} were not stored: {self._reason}"
