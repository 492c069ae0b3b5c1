"""The hold on `langchain-core`: a callback handler that every run of LangChain and LangGraph is told to."""

from __future__ import annotations

from contextvars import ContextVar
from types import ModuleType
from typing import Any, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.core.tap import Tap


Handlers: TypeAlias = Any
"""LangChain's handler, and its list of those that are configured for every run."""


def tap(tracer: Tracer) -> LangChainTap:
    """The tap of LangChain."""
    return LangChainTap(tracer)


class LangChainTap(Tap):
    """Registers a handler by LangChain's own hook, and takes it back."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._handler: Handlers = None
        self._hooks: list[Handlers] = []
        self._variable: ContextVar[Handlers] | None = None

    def open(self, module: ModuleType) -> None:
        """Register with `langchain_core.tracers.context`, which LangChain asks at the start of every run."""
        from spanwise.instrument.framework.langchain_handler import Handler

        self._handler = Handler(self.tracer)
        # A default is seen in every thread and task; nobody sets the variable.
        self._variable = ContextVar("spanwise_langchain", default=self._handler)
        module.register_configure_hook(self._variable, inheritable=True)
        self._hooks = module._configure_hooks

    def close(self) -> None:
        """Take the handler back; LangChain has no function for that. Runs in progress end now."""
        super().close()
        self._hooks[:] = [hook for hook in self._hooks if hook[0] is not self._variable]
        if self._handler is not None:
            self._handler.active = False
            self._handler.runs.close_all()
