"""The sink of `spanwise serve`: the store, and nothing that grows with time."""

from __future__ import annotations

from collections.abc import Sequence

from spanwise.cli.recorder import Recorder
from spanwise.collector import SinkError
from spanwise.record import SpanRecord
from spanwise.store import Store, StoreError


class ServeSink(Recorder):
    """Stores what it is called with. The collector offers again what the store could not take, then counts it."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._spans_to = store

    def __call__(self, records: Sequence[SpanRecord]) -> None:
        """Take `records`.

        Raises:
            SinkError: the store could not; nothing of them was stored.
        """
        try:
            self._spans_to.write(records)
        except StoreError as error:
            raise SinkError("store") from error
