"""Bad instrumentations of `openai`, each with one fault that the suite has to find."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias

from opentelemetry import context, trace
from opentelemetry.trace import Span, Tracer, TracerProvider


Anything: TypeAlias = Any
"""Methods, arguments and results of the SDK."""


class Planted:
    """Replaces the sync `chat.completions.create`; a subclass says with what."""

    def instrument(self, *, tracer_provider: TracerProvider) -> None:
        """Switch it on."""
        from openai.resources.chat.completions import Completions

        create, tracer = Completions.create, tracer_provider.get_tracer("planted")

        def replaced(instance: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            return self.call(tracer, lambda: create(instance, *args, **kwargs))

        self._original = create
        Completions.create = replaced  # type: ignore[method-assign, assignment]

    def uninstrument(self) -> None:
        """Switch it off."""
        from openai.resources.chat.completions import Completions

        Completions.create = self._original  # type: ignore[method-assign]

    def call(self, tracer: Tracer, create: Callable[[], Anything]) -> Anything:
        """One call, in the faulty way."""
        raise NotImplementedError


class DoubleCounting(Planted):
    """Two spans a call."""

    def call(self, tracer: Tracer, create: Callable[[], Anything]) -> Anything:
        """The result, untouched."""
        for _ in range(2):
            _start(tracer).end()
        return create()


class LeakingContext(Planted):
    """The span stays current after the call."""

    def call(self, tracer: Tracer, create: Callable[[], Anything]) -> Anything:
        """The result, untouched."""
        span = _start(tracer)
        context.attach(trace.set_span_in_context(span))
        span.end()
        return create()


class ConsumingStream(Planted):
    """The stream is read before the caller gets it, as another type."""

    def call(self, tracer: Tracer, create: Callable[[], Anything]) -> Anything:
        """A list of chunks in place of a stream."""
        with tracer.start_as_current_span("chat", attributes={"gen_ai.operation.name": "chat"}):
            result = create()
            return list(result) if type(result).__name__ == "Stream" else result


class TalkingOfErrors(Planted):
    """The message of an exception is its type, the key is an attribute, and the user gets another exception."""

    def call(self, tracer: Tracer, create: Callable[[], Anything]) -> Anything:
        """The result, or an exception of its own."""
        import openai

        span = _start(tracer)
        span.set_attribute("key", "canary-key-4711")
        try:
            return create()
        except openai.APIError as error:
            span.set_attribute("error.type", str(error))
            span.set_status(trace.StatusCode.ERROR)
            raise RuntimeError("the call failed") from error
        finally:
            span.end()


class Crashing(Planted):
    """The process ends with the first refused call."""

    def call(self, tracer: Tracer, create: Callable[[], Anything]) -> Anything:
        """The result; nothing at all where there is none."""
        import openai

        span = _start(tracer)
        try:
            return create()
        except openai.BadRequestError:
            os._exit(3)
        finally:
            span.end()


def _start(tracer: Tracer) -> Span:
    return tracer.start_span("chat", attributes={"gen_ai.operation.name": "chat"})
