"""What is remembered: bounded, shared by threads, and open to finalisers."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from typing import Any

import pytest

from spanwise.dedupe import Dedupe, DedupeConfig
from spanwise.record import SpanRecord
from tests.dedupe.sample import OFFICIAL, UNIQUE, call, marks
from tests.steps import steps


def test_memory_is_bounded() -> None:
    """Twenty times as many spans as may be remembered take no more memory, hostile names and ids included."""
    step = Dedupe(DedupeConfig(max_calls=1000))

    def run(first: int, last: int) -> int:
        for number in range(first, last):
            span = call(number, trace=number, parent=number % 7, gen_ai__response__id=f"{UNIQUE}{number}")
            span.attributes["gen_ai.request.model"] = f"{number}" * 100_000 if number % 50 == 0 else f"model-{number}"
            step(span)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    early = run(1, 2000)
    late = run(2000, 20_000)
    tracemalloc.stop()
    assert 500 <= step.remembered <= 1000
    assert late < early + 100_000


@pytest.mark.slow
def test_a_million_spans() -> None:
    """A million calls leave no more than the ten thousand that may be remembered."""
    step, span = Dedupe(), call(1)
    for number in range(1, 1_000_001):
        span.span_id = span.trace_id = number
        span.attributes["gen_ai.response.id"] = str(number)
        step(span)
    assert 5000 <= step.remembered <= 10_000


def test_the_latest_are_remembered() -> None:
    """At least the latest half of `max_calls` is known; what came long before counts again."""
    step = Dedupe(DedupeConfig(max_calls=100))
    marks(
        *(call(number, trace=number, gen_ai__response__id=f"{UNIQUE}{number}") for number in range(1, 501)), step=step
    )
    recent = call(1000, trace=460, gen_ai__response__id=f"{UNIQUE}460")
    forgotten = call(1001, trace=300, gen_ai__response__id=f"{UNIQUE}300")
    assert marks(recent, forgotten, step=step) == [(460, "response_id"), None]


def test_the_window_is_of_the_spans_times() -> None:
    """Whether a call is too long ago is told by the spans' own times, so spans that arrive late are still compared."""
    step = Dedupe(DedupeConfig(window_s=2))
    spans = [call(number, at=at, gen_ai__response__id=UNIQUE) for number, at in ((1, 0), (2, 1000), (3, 2.9), (4, 3.1))]
    assert marks(*spans, step=step) == [None, None, (1, "response_id"), (1, "response_id")]


@pytest.mark.parametrize("changes", [{}, {"gen_ai__response__id": "chatcmpl-1"}])
def test_one_parent_of_thousands(changes: dict[str, Any]) -> None:
    """Ten thousand calls on one parent, or with one id, do not slow each other down: each takes the same steps."""

    def spans(count: int) -> list[SpanRecord]:
        return [call(number, parent=9, at=number, **changes) for number in range(10, 10 + count)]

    assert marks(*spans(10_000)) == [None] * 10_000

    def spent(count: int) -> int:
        step, several = Dedupe(), spans(count)
        return steps(lambda: [step(span) for span in several])

    assert spent(1_000) < 2.1 * spent(500)


@pytest.mark.parametrize("named", [True, False])
def test_threads_that_end_one_call_at_once(named: bool) -> None:
    """Of spans of one call that end at the same moment on several threads exactly one counts, call after call."""
    step, rounds, suites = Dedupe(), 400, 4
    ids = [f"{UNIQUE}{number}" if named else None for number in range(rounds)]
    spans = [
        [
            call(number * 10 + suite, trace=number, parent=9, scope=f"suite.{suite}", gen_ai__response__id=ids[number])
            for suite in range(suites)
        ]
        for number in range(1, rounds)
    ]
    gate = threading.Barrier(suites)

    def end(suite: int) -> None:
        for group in spans:
            gate.wait()
            step(group[suite])

    threads = [threading.Thread(target=end, args=(suite,)) for suite in range(suites)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for group in spans:
        assert sum("spanwise.duplicate_of" not in span.attributes for span in group) == 1


class Abandoned:
    """Ends a span when the garbage collector finds it, as an abandoned stream does."""

    def __init__(self, step: Dedupe, span: SpanRecord, ended: list[SpanRecord]) -> None:
        self.step, self.span, self.ended = step, span, ended
        self.itself = self

    def __del__(self) -> None:
        self.ended.append(self.step(self.span))


def test_a_span_that_ends_in_a_finaliser() -> None:
    """A span that the garbage collector ends in the middle of the step neither blocks it nor counts twice."""
    step, ended = Dedupe(), list[SpanRecord]()
    threshold = gc.get_threshold()
    for number in range(1, 400):
        response_id = f"{UNIQUE}{number}" if number % 2 else None
        inner = call(number, trace=number, parent=number + 500, gen_ai__response__id=response_id)
        outer = call(number + 500, trace=number, scope=OFFICIAL, gen_ai__response__id=response_id)
        gc.disable()
        Abandoned(step, inner, ended)
        assert len(ended) == number - 1
        gc.set_threshold(1)
        gc.enable()
        step(outer)
        gc.set_threshold(*threshold)
        assert ended[number - 1 :] == [inner]
        assert sum("spanwise.duplicate_of" in span.attributes for span in (inner, outer)) == 1
