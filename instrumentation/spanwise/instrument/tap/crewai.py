"""The hold on `crewai`: its bus of events, and the methods that may end without one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Tracer

from spanwise.instrument.core.tap import Tap
from spanwise.instrument.framework.crewai_span import Steps
from spanwise.instrument.framework.runs import Runs
from spanwise.pipeline.boundary import shield


Anything: TypeAlias = Any
"""The bus, crews, agents and events of CrewAI."""

_HOME: Final = "crewai."
_METHODS: Final[Mapping[str, tuple[str, ...]]] = {
    "CrewAIEventsBus": ("emit", "aemit"),
    "Crew": ("kickoff", "akickoff"),
    "Flow": ("kickoff_async", "resume_async", "_execute_method"),
    "Task": ("_execute_core", "_aexecute_core"),
    "Agent": ("kickoff", "kickoff_async", "execute_task", "aexecute_task", "_execute_without_timeout"),
    "LiteAgent": ("kickoff", "kickoff_async"),
    "ToolUsage": ("_use", "_ause"),
    "LLM": ("call", "acall"),
    "Memory": ("_background_encode_batch",),
}
"""The bus, and where a step begins that does not go on when the method is over; releases have not all of them."""


def tap(tracer: Tracer) -> CrewAITap:
    """The tap of CrewAI."""
    return CrewAITap(tracer)


class CrewAITap(Tap):
    """Reads the events where they are emitted.

    Handlers that are registered by the bus's own hook run in threads of its own, with a copy of the context, so that
    no span can be made current there for what the emitting code does next.
    """

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._runs = Runs(tracer)
        self._steps = Steps(self._runs)

    def open(self, module: ModuleType) -> None:
        """Take hold of the bus, and of the classes of steps, where `module` has them.

        Newer releases copy names from one module to others, that of the module included, so a class is held where it
        is met first.
        """
        for name, methods in _METHODS.items():
            kind = vars(module).get(name)
            if not isinstance(kind, type) or not kind.__module__.startswith(_HOME):
                continue
            for method, make in self._makes(methods).items():
                if method in vars(kind) and getattr(vars(kind)[method], "_spanwise_tap", None) is not self:
                    self.replace(kind, method, make)

    def _makes(self, methods: tuple[str, ...]) -> dict[str, Callable[[Anything], Anything]]:
        own = {"emit": self._emits, "aemit": self._aemits, "_execute_without_timeout": self._carries}
        return {method: own.get(method, self._watches) for method in methods}

    def close(self) -> None:
        """Let go of them. Runs in progress end now."""
        super().close()
        self._runs.close_all()

    def _emits(self, original: Anything) -> Anything:
        def emit(bus: Anything, source: Anything, event: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if not self.active:
                return original(bus, source, event, *args, **kwargs)
            shield("instrument", self._steps.start, source, event)
            try:
                return original(bus, source, event, *args, **kwargs)
            finally:
                shield("instrument", self._steps.end, source, event)

        return emit

    def _aemits(self, original: Anything) -> Anything:
        async def aemit(bus: Anything, source: Anything, event: Anything) -> Anything:
            if not self.active:
                return await original(bus, source, event)
            shield("instrument", self._steps.start, source, event)
            try:
                return await original(bus, source, event)
            finally:
                shield("instrument", self._steps.end, source, event)

        return aemit

    def _carries(self, original: Anything) -> Anything:
        """An agent with a limit of time works in another thread."""

        def works(agent: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            token = shield("instrument", self._steps.carry, agent) if self.active else None
            try:
                return original(agent, *args, **kwargs)
            finally:
                if token is not None:
                    shield("instrument", self._steps.put_down, token)

        return works

    def _watches(self, original: Anything) -> Anything:
        """A cancellation, an exit and what some releases forget have no event: what began inside ends here."""
        if inspect.iscoroutinefunction(original):

            async def waits(*args: Anything, **kwargs: Anything) -> Anything:
                depth = shield("instrument", self._steps.depth) if self.active else None
                try:
                    result = await original(*args, **kwargs)
                except BaseException as error:
                    self._unwind(depth, error)
                    raise
                self._unwind(depth, None)
                return result

            return waits

        def calls(*args: Anything, **kwargs: Anything) -> Anything:
            depth = shield("instrument", self._steps.depth) if self.active else None
            try:
                result = original(*args, **kwargs)
            except BaseException as error:
                self._unwind(depth, error)
                raise
            self._unwind(depth, None)
            return result

        return calls

    def _unwind(self, depth: int | None, error: BaseException | None) -> None:
        if depth is not None and self.active:
            shield("instrument", self._steps.unwind, depth, error)
