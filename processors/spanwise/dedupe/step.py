"""`Dedupe`: marks spans of a model call that another span has already been counted for."""

from __future__ import annotations

from typing import TypeAlias

from spanwise.dedupe.config import DedupeConfig
from spanwise.dedupe.evidence import OVERLAP, RESPONSE_ID, evidence
from spanwise.dedupe.memory import Memory
from spanwise.dedupe.sighting import INFERENCE, Call, Sighting
from spanwise.dedupe.usage import UsageNames
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr


Finding: TypeAlias = tuple[Call, str]
"""The call that a span is of, and why."""


class Dedupe:
    """A step that lets one span of each model call count, the first it sees.

    Every later span of that call loses its usage and its cost, and says in `spanwise.duplicate_of` which span counts
    and in `spanwise.duplicate.reason` why. When the first had no usage and a later one has, that one keeps it and
    gets a reason alone: its tokens and cost count, the call does not count again.

    No span is dropped. One that says already that it is a duplicate is left as it is; the same span delivered twice is
    treated as it was the first time. Spans that are no inference pass untouched. A call that is no longer remembered
    counts again.

    About 3 us per inference, 8 us per duplicate, which is then neither priced nor measured, and 0.1 us for others.
    May be called by several threads; takes no lock.
    Raises `ValueError` on a configuration with mistakes.
    """

    def __init__(self, config: DedupeConfig | None = None) -> None:
        self._config = config or DedupeConfig()
        if problems := self._config.validate():
            raise ValueError("; ".join(problems))
        self._window_ns = int(self._config.window_s * 1e9)
        self._memory = Memory(self._config.max_calls)
        self._usage = UsageNames(self._config.usage_names)

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span`, marked when it repeats another; the same record."""
        operation = span.attributes.get(attr.GEN_AI_OPERATION_NAME)
        if not isinstance(operation, str) or operation not in INFERENCE or not self._config.enabled:
            return span
        if attr.SPANWISE_DUPLICATE_OF in span.attributes or not span.span_id:
            return span
        mine = Sighting(span, operation)
        others = self._memory.remember(mine)
        if others and (found := self._find(mine, others)) is not None:
            self._settle(span, mine, *found)
        return span

    @property
    def remembered(self) -> int:
        """Spans remembered now; for looking into a running process, not for the hot path: it walks over all of them."""
        return self._memory.count_all()

    def _find(self, mine: Sighting, others: list[Sighting]) -> Finding | None:
        """The call `mine` is of, by the strongest evidence there is; `None` when it is the first span of its call."""
        beside: list[Call] = []
        for other in others:
            if other.is_same_span(mine):
                continue
            reason = evidence(mine, other, self._window_ns)
            if reason == OVERLAP:
                beside.append(other.call)
            elif reason is not None and (_join(other.call, mine) or reason == RESPONSE_ID):
                return other.call, reason
        for call in beside:
            if _join(call, mine):
                return call, OVERLAP
        return None

    def _settle(self, span: SpanRecord, mine: Sighting, call: Call, reason: str) -> None:
        mine.call = call
        if call.first == mine.span_id:
            return
        span.attributes[attr.SPANWISE_DUPLICATE_REASON] = reason
        if mine.knows and call.takes_usage(mine.span_id):
            return
        self._usage.remove_from(span.attributes)
        span.attributes[attr.SPANWISE_DUPLICATE_OF] = f"{call.counted:016x}"


def _join(call: Call, mine: Sighting) -> bool:
    """Whether `mine` may be of `call`: of two equal calls at once, a suite has one span for each."""
    return call.admits(mine.scope, mine.span_id)
