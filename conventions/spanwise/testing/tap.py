"""Where spans are taken from: a processor that a tracer provider keeps, and recordings that come and go."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from weakref import WeakKeyDictionary

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from spanwise.testing.provider import global_provider
from spanwise.testing.recording import RecordedSpans


@contextmanager
def record_spans(provider: TracerProvider | None = None) -> Iterator[RecordedSpans]:
    """Record every span that ends inside the `with` block, through `provider` or else the global one.

    A provider cannot lose a processor, so it gets one for good, however often it is recorded; outside of a block that
    processor does nothing.

    Raises:
        NoTracerProvider: the global provider is not one of the SDK.
    """
    tap = _tap(global_provider() if provider is None else provider)
    recorded = RecordedSpans()
    tap.open(recorded)
    try:
        yield recorded
    finally:
        tap.close(recorded)


class SpanTap(SpanProcessor):
    """Hands every finished span to the open recordings."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recordings: tuple[RecordedSpans, ...] = ()

    def open(self, recording: RecordedSpans) -> None:
        """From now on `recording` gets every span."""
        with self._lock:
            self._recordings = (*self._recordings, recording)

    def close(self, recording: RecordedSpans) -> None:
        """From now on `recording` gets no more spans."""
        with self._lock:
            self._recordings = tuple([one for one in self._recordings if one is not recording])

    def on_end(self, span: ReadableSpan) -> None:
        """Give `span` to the recordings."""
        for recording in self._recordings:
            recording.add(span)


_lock: Final = threading.Lock()
_taps: Final[WeakKeyDictionary[TracerProvider, SpanTap]] = WeakKeyDictionary()


def _tap(provider: TracerProvider) -> SpanTap:
    with _lock:
        tap = _taps.get(provider)
        if tap is None:
            tap = _taps[provider] = SpanTap()
            provider.add_span_processor(tap)
        return tap
