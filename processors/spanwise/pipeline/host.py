"""`PipelineHost`: the pipeline inside an application, around the span processor its tracer provider already has."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from spanwise.budget.gate import GATE
from spanwise.pipeline import pending
from spanwise.pipeline.boundary import shield
from spanwise.pipeline.driver import Pipeline
from spanwise.pipeline.processed import ProcessedSpan
from spanwise.record.sdk import from_readable
from spanwise.semconv import attributes as attr


R = TypeVar("R")

EXIT_TIMEOUT_S = 5.0
"""How long the exporters may hold up the end of the process, unless the user says otherwise."""


class PipelineHost:
    """Puts a pipeline around a tracer provider's active processor and takes it away again.

    The processor object stays the same, so tracers that exist already are covered, and so are processors added later.
    Its `on_end` hands every processor a `ProcessedSpan`; its `shutdown` and `force_flush` end in bounded time.

    Args:
        pipeline: what spans go through.
        exit_timeout_s: seconds that `shutdown` may take. An exporter that hangs loses its last batch, not the
            process.
    """

    def __init__(self, pipeline: Pipeline, *, exit_timeout_s: float = EXIT_TIMEOUT_S) -> None:
        self.pipeline = pipeline
        self._exit_timeout_s = exit_timeout_s
        self._processor: SpanProcessor | None = None
        self._ended = False

    @staticmethod
    def of(provider: TracerProvider) -> PipelineHost | None:
        """The host installed on `provider`, if there is one."""
        host = getattr(provider._active_span_processor, "_spanwise_host", None)
        return host if isinstance(host, PipelineHost) else None

    def install(self, provider: TracerProvider) -> bool:
        """Whether the pipeline now stands around `provider`'s processor; `False` when one already did."""
        if self.of(provider) is not None:
            return False
        processor = provider._active_span_processor
        self._processor = processor
        # Instance attributes shadow the methods: the provider, its tracers and its spans all hold this very object.
        vars(processor).update(
            _spanwise_host=self,
            on_end=self._on_end(processor.on_end),
            shutdown=self._shutdown(processor.shutdown),
            force_flush=self._force_flush(processor.force_flush),
        )
        self.pipeline.hold_counts(held=True)
        if self.pipeline.budget is not None:
            GATE.watch(self.pipeline.budget, provider.resource.attributes.get(attr.SERVICE_NAME))
        return True

    def prepare(self) -> None:
        """Build what cleans spans, if there was one: a few tenths of a second of work, once in a process.

        A short program ends before an exporter has asked for its spans. The time that exporters have at exit is for
        them, not for this.
        """
        if self._ended:
            shield("redact", self.pipeline.prepare)

    def uninstall(self) -> None:
        """Take the pipeline away; the processor is as it was."""
        if self._processor is not None:
            for name in ("_spanwise_host", "on_end", "shutdown", "force_flush"):
                vars(self._processor).pop(name, None)
            self._processor = None
            self.pipeline.hold_counts(held=False)
            if self.pipeline.budget is not None:
                GATE.leave(self.pipeline.budget)

    def processed(self, span: ReadableSpan) -> ReadableSpan | None:
        """What the next processor gets for `span`; `None` when not even a record could be made of it."""
        if isinstance(span, ProcessedSpan):
            return span
        self._ended = True
        return shield("host", self._account, span)

    def _account(self, span: ReadableSpan) -> ProcessedSpan | None:
        scope = span.instrumentation_scope
        if not self.pipeline.concerns(scope.name if scope else "", span.attributes or {}):
            context, parent = span.get_span_context(), span.parent
            if context is not None and parent is not None:
                self.pipeline.passed(context.trace_id, context.span_id, parent.span_id)
            return ProcessedSpan(span, None, self.pipeline.clean)
        record = self.pipeline.account(from_readable(span))
        return None if record is None else ProcessedSpan(span, record, self.pipeline.clean)

    def _on_end(self, following: Callable[[ReadableSpan], None]) -> Callable[[ReadableSpan], None]:
        def on_end(span: ReadableSpan) -> None:
            processed = self.processed(span)
            if processed is not None:
                following(processed)

        return on_end

    def _shutdown(self, following: Callable[[], None]) -> Callable[[], None]:
        def shutdown() -> None:
            pending.settle(self._exit_timeout_s)
            self.prepare()
            bounded(following, self._exit_timeout_s)

        return shutdown

    def _force_flush(self, following: Callable[[int], bool]) -> Callable[[int], bool]:
        def force_flush(timeout_millis: int = 30_000) -> bool:
            deadline_s = time.monotonic() + timeout_millis / 1000
            settled = pending.settle(timeout_millis / 1000)
            left_s = max(deadline_s - time.monotonic(), 0)
            flushed = bounded(lambda: following(max(int(left_s * 1000), 1)), left_s)
            return settled and flushed is True

        return force_flush


def bounded(call: Callable[[], R], timeout_s: float) -> R | None:
    """The result of `call`, or `None` once `timeout_s` seconds have passed; the call then goes on in a daemon thread.

    An exception of `call` is raised here.
    """
    outcome: list[R] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:  # noqa: BLE001 - carried to the caller's thread, where it is raised
            failure.append(error)

    thread = threading.Thread(target=run, name="spanwise-bounded", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        # No thread can start any more when the interpreter is on its way out: run in place, unbounded.
        return call()
    thread.join(timeout_s)
    if failure:
        raise failure[0]
    return outcome[0] if outcome else None
