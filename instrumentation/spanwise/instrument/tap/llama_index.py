"""The hold on `llama-index-core`: handlers of its instrumentation's root dispatcher."""

from __future__ import annotations

from types import ModuleType
from typing import Any, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.core.tap import Tap


Handlers: TypeAlias = Any
"""LlamaIndex's dispatcher and the handlers on it."""


def tap(tracer: Tracer) -> LlamaIndexTap:
    """The tap of LlamaIndex."""
    return LlamaIndexTap(tracer)


class LlamaIndexTap(Tap):
    """Adds a span handler and an event handler to the dispatcher that all others propagate to, and takes them back."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._root: Handlers = None
        self._handlers: list[Handlers] = []
        self._runs: Handlers = None

    def open(self, module: ModuleType) -> None:
        """Add the handlers to `llama_index.core.instrumentation.root_dispatcher`."""
        from spanwise.instrument.framework.llama_index_handler import EventHandler, SpanHandler
        from spanwise.instrument.framework.llama_index_span import Steps
        from spanwise.instrument.framework.runs import Runs

        self._runs = Runs(self.tracer)
        steps = Steps(self._runs)
        self._root = module.root_dispatcher
        self._handlers = [SpanHandler(), EventHandler()]
        for handler in self._handlers:
            handler.told(steps)
        self._root.add_span_handler(self._handlers[0])
        self._root.add_event_handler(self._handlers[1])

    def close(self) -> None:
        """Take the handlers back; the dispatcher has no method for that. Runs in progress end now."""
        super().close()
        for held in (self._root.span_handlers, self._root.event_handlers) if self._root is not None else ():
            held[:] = [handler for handler in held if not any(handler is ours for ours in self._handlers)]
        for handler in self._handlers:
            handler.told(None)
        if self._runs is not None:
            self._runs.close_all()
