"""The sink of `spanwise run`: the store, and a tally of this run."""

from __future__ import annotations

from collections.abc import Sequence

from spanwise.record import SpanRecord
from spanwise.report import RunTally
from spanwise.store import Store, StoreError


class Recorder:
    """Stores what it is called with and adds it up; a store that fails does not stop the adding."""

    def __init__(self, store: Store) -> None:
        self.tally = RunTally()
        self._store = store
        self._lost_spans = 0
        self._reason = ""

    def __call__(self, records: Sequence[SpanRecord]) -> None:
        """Take `records`. The store has waited and retried before it fails, so its failure is final here."""
        self.tally.add(records)
        try:
            self._store.write(records)
        except StoreError as error:
            self._lost_spans += len(records)
            self._reason = str(error)

    def complaint(self) -> str:
        """One line about spans that could not be stored; empty when there were none."""
        if not self._lost_spans:
            return ""
        return f"spanwise: {self._lost_spans:,} spans were not stored: {self._reason}"
