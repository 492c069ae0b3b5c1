"""A score after the step returned is about that step: of the same thread or task, and marked so."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Iterator

import pytest
from opentelemetry import _logs
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, ParentBased, Sampler, TraceIdRatioBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, Tracer, set_span_in_context

from spanwise import score
from spanwise.application.stamp import Stamp
from spanwise.instrument.core import last
from tests.scoring.test_scoring_score import Provided


@pytest.fixture
def provided(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provided]:
    """A global logger provider without a pipeline."""
    made = Provided(None)
    monkeypatch.setattr(_logs._internal, "_LOGGER_PROVIDER", made.provider)
    yield made
    made.provider.shutdown()


@pytest.fixture
def tracer() -> Tracer:
    """Spans that are stamped."""
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(Stamp())
    return provider.get_tracer("t")


def step(tracer: Tracer) -> tuple[int, int]:
    """A step with one inside it; the ids of the outer one."""
    with tracer.start_as_current_span("answer") as span, tracer.start_as_current_span("chat"):
        context = span.get_span_context()
    return context.trace_id, context.span_id


async def astep(tracer: Tracer) -> tuple[int, int]:
    """The same, as a coroutine that is suspended."""
    with tracer.start_as_current_span("answer") as span:
        await asyncio.sleep(0)
        with tracer.start_as_current_span("chat"):
            await asyncio.sleep(0)
        return span.get_span_context().trace_id, span.get_span_context().span_id


def test_after_the_step(provided: Provided, tracer: Tracer) -> None:
    """It is about the outermost span of the last trace, and says why; a named target is not marked."""

    def run() -> tuple[int, int]:
        step(tracer)
        ids = step(tracer)
        score("helpful", 1)
        return ids

    ids = contextvars.Context().run(run)
    *found, said = provided.one()
    assert tuple(found) == ids and said["spanwise.score.target"] == "last_ended"
    score("helpful", 1, trace=f"{ids[0]:032x}")
    assert "spanwise.score.target" not in (provided.records()[1].log_record.attributes or {})


def test_after_a_coroutine(provided: Provided, tracer: Tracer) -> None:
    """Of tasks that run at once each scores its own step; a task that is made afterwards knows the step before it."""

    async def handled() -> tuple[int, int]:
        ids = await astep(tracer)
        await asyncio.sleep(0)
        score("helpful", 1)
        return ids

    async def handle_all() -> list[tuple[int, int]]:
        return list(await asyncio.gather(*(handled() for _ in range(5))))

    expected = contextvars.Context().run(asyncio.run, handle_all())
    found = [(it.log_record.trace_id, it.log_record.span_id) for it in provided.records()]
    assert sorted(found, key=str) == sorted(expected, key=str)


def test_another_thread_warns(provided: Provided, tracer: Tracer, caplog: pytest.LogCaptureFixture) -> None:
    """A thread in which no step has ended has no last one: the score is left out, and a warning says how to name it."""

    def run() -> None:
        step(tracer)
        thread = threading.Thread(target=score, args=("helpful", 1))
        thread.start()
        thread.join()

    contextvars.Context().run(run)
    assert provided.records() == [] and "no current span" in caplog.text


def test_the_current_span_comes_first(provided: Provided, tracer: Tracer) -> None:
    """Within a step the score is about what runs, and is not marked."""

    def run() -> None:
        step(tracer)
        with tracer.start_as_current_span("second"):
            score("helpful", 1)

    contextvars.Context().run(run)
    assert "spanwise.score.target" not in provided.one()[2]


def test_a_step_below_one_of_another_process(provided: Provided, tracer: Tracer) -> None:
    """A span whose parent is in another process is the outermost of this one."""
    above = SpanContext(7, 8, is_remote=True, trace_flags=TraceFlags(1))

    def run() -> None:
        with tracer.start_as_current_span("served", context=set_span_in_context(NonRecordingSpan(above))):
            pass
        score("helpful", 1)

    contextvars.Context().run(run)
    assert provided.one()[0] == 7


@pytest.mark.parametrize(
    ("sampler", "expected"),
    [
        (ALWAYS_ON, True),
        (ParentBased(ALWAYS_ON), True),
        (ALWAYS_OFF, False),
        (TraceIdRatioBased(0.5), False),
        (ParentBased(TraceIdRatioBased(1.0)), False),
    ],
)
def test_where_spans_are_left_out_nothing_is_guessed(sampler: Sampler, expected: bool) -> None:
    """A provider that samples does not know which span was the last: it may be that of somebody else."""
    provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
    assert last.sees_every_span(provider) is expected
    stamp = Stamp(remembers=False)
    provider.add_span_processor(stamp)

    def run() -> bool:
        step(provider.get_tracer("t"))
        return last.LAST.get() is None

    assert contextvars.Context().run(run)
