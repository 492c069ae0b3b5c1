"""The hold on `openai-agents`: a tracing processor beside those that the application has."""

from __future__ import annotations

from types import ModuleType
from typing import Any, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.core.tap import Tap
from spanwise.instrument.framework.openai_agents_processor import Processor


Anything: TypeAlias = Any
"""The SDK's list of processors, and what is in it."""


def tap(tracer: Tracer) -> OpenAIAgentsTap:
    """The tap of the OpenAI Agents SDK."""
    return OpenAIAgentsTap(tracer)


class OpenAIAgentsTap(Tap):
    """Adds a processor by the SDK's own hook, and takes it back.

    An application that sets its processors replaces those of the SDK, which send traces to OpenAI. It does not mean
    ours, so that stays behind those which it sets.
    """

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._processor = Processor(tracer)
        self._list: Anything = None

    def open(self, module: ModuleType) -> None:
        """Add the processor with the function of `agents.tracing`."""
        home = module.provider.SynchronousMultiTracingProcessor
        self.replace(home, "set_processors", self._sets)
        module.add_trace_processor(self._processor)
        self._list = getattr(module.get_trace_provider(), "_multi_processor", None)

    def _sets(self, original: Anything) -> Anything:
        def set_processors(several: Anything, processors: Anything) -> None:
            held = self.active and self._processor in several._processors
            original(several, [*processors, self._processor] if held else processors)

        return set_processors

    def close(self) -> None:
        """Take the processor back; the SDK has no function for that. Runs in progress end now."""
        super().close()
        if self._list is not None:
            left = [each for each in self._list._processors if each is not self._processor]
            self._list.set_processors(left)
        self._processor.close()
