"""The handlers that LlamaIndex's dispatcher tells its spans and events to."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.span_handlers import BaseSpanHandler
from pydantic import PrivateAttr

from spanwise.instrument.framework.llama_index_span import Steps
from spanwise.pipeline.boundary import shield


Thing: TypeAlias = Any
"""What LlamaIndex gives to its handlers."""

_CHUNKS: Final = frozenset({"LLMChatInProgressEvent", "LLMCompletionInProgressEvent"})
_ENDS: Final = frozenset({"LLMChatEndEvent", "LLMCompletionEndEvent"})


class SpanHandler(BaseSpanHandler):  # type: ignore[misc] # LlamaIndex need not be installed
    """Makes spans of ours; the dispatcher's own bookkeeping of spans is not used."""

    _steps: Steps | None = PrivateAttr(default=None)

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex asks every handler for."""
        return "SpanwiseSpanHandler"

    def told(self, steps: Steps | None) -> None:
        """From now on `steps` is told; `None`: nobody."""
        self._steps = steps

    def span_enter(
        self,
        id_: str,
        bound_args: Thing,
        instance: Thing = None,
        parent_id: str | None = None,
        tags: Thing = None,
        **_: Thing,
    ) -> None:
        """A method is called."""
        if self._steps is not None:
            shield("instrument", self._steps.enter, id_, bound_args, instance, parent_id, tags)

    def span_exit(self, id_: str, bound_args: Thing, instance: Thing = None, result: Thing = None, **_: Thing) -> None:  # noqa: ARG002
        """It returned."""
        if self._steps is not None:
            shield("instrument", self._steps.exit, id_, result)

    def span_drop(self, id_: str, bound_args: Thing, instance: Thing = None, err: Thing = None, **_: Thing) -> None:  # noqa: ARG002
        """It raised."""
        if self._steps is not None:
            shield("instrument", self._steps.drop, id_, err)

    def new_span(self, *_args: Thing, **_kwargs: Thing) -> None:
        """None of LlamaIndex's own."""

    def prepare_to_exit_span(self, *_args: Thing, **_kwargs: Thing) -> None:
        """None of LlamaIndex's own."""

    def prepare_to_drop_span(self, *_args: Thing, **_kwargs: Thing) -> None:
        """None of LlamaIndex's own."""


class EventHandler(BaseEventHandler):  # type: ignore[misc] # LlamaIndex need not be installed
    """Tells chunks and ends of model calls: a stream goes on after its span was left."""

    _steps: Steps | None = PrivateAttr(default=None)

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex asks every handler for."""
        return "SpanwiseEventHandler"

    def told(self, steps: Steps | None) -> None:
        """From now on `steps` is told; `None`: nobody."""
        self._steps = steps

    def handle(self, event: Thing, **_: Thing) -> None:
        """Something happened."""
        kind = type(event).__name__
        if self._steps is None or not isinstance(event.span_id, str):
            return
        if kind in _CHUNKS:
            shield("instrument", self._steps.chunk, event.span_id)
        elif kind in _ENDS:
            shield("instrument", self._steps.answer, event.span_id, event.response)
