"""Model calls of LangChain: a span for those that no instrumentation of a provider's SDK made one for."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Status, StatusCode

from spanwise.instrument.codec import Attributes
from spanwise.instrument.core.capture import capture
from spanwise.instrument.core.orphan import ORPHANS, now_unix_nano
from spanwise.instrument.framework.association import association
from spanwise.instrument.framework.content import json_text
from spanwise.instrument.framework.langchain_message import messages
from spanwise.instrument.framework.langchain_model import generations, request, response
from spanwise.instrument.framework.runs import Runs
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Thing: TypeAlias = Any
"""What LangChain gives to callbacks."""

_CHAT: Final = values.GEN_AI_OPERATION_NAME_CHAT
_COMPLETION: Final = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION


class Calls:
    """What is done for the callbacks of model calls.

    Args:
        runs: those in progress.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def chat_start(self, _serialized: Thing, given: list[list[Thing]], **told: Thing) -> None:
        """A chat model is asked."""
        content: Attributes = {}
        if capture() and given and (text := json_text(messages(given[0]))) is not None:
            content[attr.GEN_AI_INPUT_MESSAGES] = text
        self._start(_CHAT, content, **told)

    def completion_start(self, _serialized: Thing, prompts: list[str], **told: Thing) -> None:
        """A model that completes text is asked."""
        content: Attributes = {}
        if capture() and prompts:
            parts = [{"type": "text", "content": prompts[0]}]
            content[attr.GEN_AI_INPUT_MESSAGES] = json_text([{"role": "user", "parts": parts}]) or ""
        self._start(_COMPLETION, content, **told)

    def _start(
        self,
        operation: str,
        content: Attributes,
        *,
        run_id: Hashable,
        parent_run_id: Hashable | None = None,
        metadata: Mapping[str, Thing] | None = None,
        **_: Thing,
    ) -> None:
        said = {**request(operation, metadata or {}), **association(metadata or {})}
        model = said.get(attr.GEN_AI_REQUEST_MODEL)
        name = f"{operation} {model}" if model else operation
        asked = self._runs.ask(run_id, parent_run_id, name=name, attributes=said)
        asked.content = content

    def chunk(self, _token: Thing, *, run_id: Hashable, **_: Thing) -> None:
        """A chunk of a stream is here."""
        asked = self._runs.asked(run_id)
        if asked is not None:
            asked.chunk()

    def end(self, result: Thing, *, run_id: Hashable, **_: Thing) -> None:
        """The model answered."""
        asked = self._runs.answered(run_id)
        span = asked.missed() if asked is not None else None
        if asked is None or span is None:
            return
        if capture():
            said = [getattr(each, "message", None) for each in generations(result)]
            reasons = response(result).get(attr.GEN_AI_RESPONSE_FINISH_REASONS)
            made = messages(said)
            for message, reason in zip(made, reasons if isinstance(reasons, list) else [], strict=False):
                message["finish_reason"] = reason
            if text := json_text(made):
                asked.content[attr.GEN_AI_OUTPUT_MESSAGES] = text
        asked.finish(span, response(result))

    def fail(self, error: BaseException, *, run_id: Hashable, **_: Thing) -> None:
        """It did not answer, or is no longer read."""
        asked = self._runs.answered(run_id)
        span = asked.missed() if asked is not None else None
        if asked is None or span is None:
            return
        if isinstance(error, GeneratorExit):
            at_unix_nano = now_unix_nano()
            said: Attributes = {attr.SPANWISE_STREAM_OUTCOME: values.SPANWISE_STREAM_OUTCOME_CLOSED}
            ORPHANS.ready()
            ORPHANS.put(lambda: asked.finish(span, said, at_unix_nano=at_unix_nano))
            return
        error_type = type(error).__qualname__
        span.set_status(Status(StatusCode.ERROR, error_type))
        asked.finish(span, {attr.ERROR_TYPE: error_type})
