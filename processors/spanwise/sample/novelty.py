"""`Novelty`: marks the first span of each version of a prompt, so that sampling keeps its trace."""

from __future__ import annotations

import threading
from typing import Final

from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr


_REMEMBERED: Final = 4096
_LONGEST: Final = 256


class Novelty:
    """Sets `spanwise.prompt.first_seen` on the first span of a prompt's name and version that this process ends.

    A new version is worth a look however little is kept of the rest, and no Collector can know what it has seen before.
    Spans that repeat a call are left out. Of 4,096 versions the oldest is forgotten first, and would be marked again; a
    name or version longer than 256 characters is none. Thread-safe: of several threads one marks.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], None] = {}
        # A span may end in a finaliser, in the middle of another one of its thread.
        self._lock = threading.RLock()

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span`, marked when it is the first of its version."""
        version = span.text(attr.GEN_AI_PROMPT_VERSION)
        name = span.text(attr.GEN_AI_PROMPT_NAME) or ""
        if version is None or max(len(name), len(version)) > _LONGEST or attr.SPANWISE_DUPLICATE_OF in span.attributes:
            return span
        with self._lock:
            if (name, version) in self._seen:
                return span
            self._seen[name, version] = None
            if len(self._seen) > _REMEMBERED:
                del self._seen[next(iter(self._seen))]
        span.attributes[attr.SPANWISE_PROMPT_FIRST_SEEN] = True
        return span
