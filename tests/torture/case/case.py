"""`Case`: one program, what it shows, and what is expected of it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer

from tests.torture.sdk import TriedSdk


Fact: TypeAlias = Any
"""What a program found out, as JSON has it."""

APPLICATION = "torture"
"""The scope of spans that the programs make themselves."""
SETTLED_S = 1.0
"""How long a suite may take to end a span whose stream is over."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What a case expects. What is `None` is not judged."""

    spans: int | None = 1
    """Model calls that have a span of the suite's."""
    failed: bool | None = None
    """Whether the spans have status ERROR and say what went wrong, in few words; or have not."""
    tokens: dict[str, int] | None = None
    """Attributes of the convention, exactly."""
    parents: dict[str, str | None] | None = None
    """For every span of the application with this name, the name of its parent."""
    parent: str | None = None
    """The application's span that every model call is a child of."""
    one_each: bool = False
    """Whether every span of the application that is called `job` has exactly one model call."""
    forbids: tuple[str, ...] = ()
    """Texts that are nowhere in any span."""
    facts: dict[str, Fact] | None = None
    """What the program found out."""
    counts_native: bool = False
    """Whether spans that the SDK makes itself count as well."""


@dataclass(frozen=True, slots=True)
class Case:
    """One program and what is expected.

    Args:
        promise: the row of the table.
        name: of the program; unique in its promise.
        run: the program; a coroutine function where it is async.
        expect: what has to be.
        operation: the operation it makes calls of. Where a suite makes no span of that one, the case is not supported.
        bare: whether it is run before anything is instrumented as well, and has to find out the same.
        alone: whether it needs a process of its own.
        instrumented: whether the suite is switched on before it begins; otherwise it does that itself.
    """

    promise: str
    name: str
    run: Callable[[Scene], object]
    expect: Expect = field(default_factory=Expect)
    operation: str = ""
    bare: bool = False
    alone: bool = False
    instrumented: bool = True

    @property
    def id(self) -> str:
        """Promise and name."""
        return f"{self.promise}/{self.name}"


@dataclass(slots=True)
class Scene:
    """What a program has: the SDK, a tracer, the suite's switches, and a place for what it finds out."""

    sdk: TriedSdk
    provider: TracerProvider
    exporter: InMemorySpanExporter
    instrument: Callable[[], None]
    uninstrument: Callable[[], None]
    facts: dict[str, Fact] = field(default_factory=dict)

    @property
    def tracer(self) -> Tracer:
        """The application's own tracer."""
        return self.provider.get_tracer(APPLICATION)

    def model_spans(self) -> int:
        """Finished spans that are not the application's, nor the SDK's own."""
        others = (APPLICATION, *self.sdk.native_scopes)
        finished = self.exporter.get_finished_spans()
        return sum(
            1
            for span in finished
            if (span.instrumentation_scope.name if span.instrumentation_scope else "") not in others
        )

    def settle(self, spans: int) -> None:
        """Wait until there are so many model spans, or until a suite has had all the time it may take."""
        until_s = time.monotonic() + SETTLED_S
        while self.model_spans() < spans and time.monotonic() < until_s:
            time.sleep(0.01)
            # What held a stream, a thread of the SDK's maybe, has let go of it meanwhile.
            gc.collect()
