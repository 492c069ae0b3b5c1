"""Spans of LlamaIndex's dispatcher: its runs as spans of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Mapping
from typing import Any, Final, TypeAlias

from opentelemetry.trace import Status, StatusCode

from spanwise.instrument.codec import Attributes
from spanwise.instrument.core.capture import capture
from spanwise.instrument.core.form import FORMS
from spanwise.instrument.framework.association import association
from spanwise.instrument.framework.content import json_text
from spanwise.instrument.framework.llama_index_content import documents, message, messages, query, simplify, usage
from spanwise.instrument.framework.llama_index_naming import Kind, is_step, kind_of
from spanwise.instrument.framework.provider import provider_named
from spanwise.instrument.framework.run import Run
from spanwise.instrument.framework.runs import Runs
from spanwise.semconv import attributes as attr


Thing: TypeAlias = Any
"""What LlamaIndex gives to its handlers."""

_TWINS: Final = frozenset({"tool", "rerank"})
_UNKNOWN_ERROR: Final = "_OTHER"


class Steps:
    """What is done when the dispatcher enters, leaves and drops a span, and when a model tells a chunk or its end.

    Args:
        runs: those in progress.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._call_ids: dict[str, str] = {}
        self._failed: dict[str, str] = {}
        self._stepped: dict[str, str] = {}

    def enter(
        self, id_: str, bound_args: Thing, instance: Thing, parent_id: str | None, tags: Mapping[str, Thing] | None
    ) -> None:
        """A method is called."""
        parent = self._runs.parent(parent_id)
        given = bound_args.arguments
        stepped = is_step(id_, instance, parent_id=parent_id or "")
        kind = kind_of(id_, instance, root=parent is None, stepped=stepped)
        said = association(tags or {})
        if stepped and parent_id is not None and parent_id in self._runs:
            self._stepped[id_] = parent_id
        if kind is None or self._repeats(kind, parent_id):
            self._runs.skip(id_, parent_id)
        elif kind.kind == "pass":
            self._runs.skip(id_, parent_id, enter=True)
            call_id = next((each.tool_id for each in given.values() if hasattr(each, "tool_id")), None)
            if isinstance(call_id, str) and call_id:
                self._call_ids[id_] = call_id
        elif kind.operation:
            self._ask(id_, parent_id, kind, instance, given, said)
        else:
            self._open(id_, parent_id, kind, instance, given, said)

    def _repeats(self, kind: Kind, parent_id: str | None) -> bool:
        """Whether a method calls its own twin, as `call` and `__call__` of a tool."""
        if kind.kind == "embeddings":
            return self._runs.asked(parent_id) is not None
        run = self._runs.run(parent_id)
        if run is None or kind.kind not in _TWINS:
            return False
        return run.form is FORMS[kind.kind] and run.name == kind.name

    def _open(  # noqa: PLR0913, PLR0917 - what LlamaIndex tells
        self,
        id_: str,
        parent_id: str | None,
        kind: Kind,
        instance: Thing,
        given: Mapping[str, Thing],
        said: Attributes,
    ) -> None:
        name = "task" if kind.kind == "step" else kind.kind
        if name == "tool":
            said = {**said, **_of_tool(instance)}
            if (call_id := self._call_ids.get(parent_id or "")) is not None:
                said[attr.GEN_AI_TOOL_CALL_ID] = call_id
        top_k = getattr(instance, "similarity_top_k", None)
        if name == "retrieval" and isinstance(top_k, int):
            said = {**said, attr.GEN_AI_RETRIEVAL_TOP_K: top_k}
        run = self._runs.open(id_, parent_id, kind=name, name=kind.name, attributes=said)
        if name == "retrieval":
            run.given(query(next(iter(given.values()), "")))
        elif name == "tool":
            run.given(given.get("kwargs") or {key: each for key, each in given.items() if key != "kwargs"}, simplify)
        elif kind.kind != "step":
            run.given(dict(given), simplify)
        # A workflow runs in tasks of its own while its caller goes on.
        if not (name in ("workflow", "agent") and id_.partition("-")[0].endswith(".run")):
            run.enter()

    def _ask(  # noqa: PLR0913, PLR0917 - what LlamaIndex tells
        self,
        id_: str,
        parent_id: str | None,
        kind: Kind,
        instance: Thing,
        given: Mapping[str, Thing],
        said: Attributes,
    ) -> None:
        model = getattr(instance, "model", None) or getattr(instance, "model_name", None)
        found: Attributes = {attr.GEN_AI_OPERATION_NAME: kind.operation, **said}
        if isinstance(model, str):
            found[attr.GEN_AI_REQUEST_MODEL] = model
        found[attr.GEN_AI_PROVIDER_NAME] = _provider(instance)
        temperature = getattr(instance, "temperature", None)
        if isinstance(temperature, int | float):
            found[attr.GEN_AI_REQUEST_TEMPERATURE] = float(temperature)
        name = f"{kind.operation} {model}" if isinstance(model, str) else kind.operation
        asked = self._runs.ask(id_, parent_id, name=name, attributes=found)
        if capture() and kind.kind == "model":
            first = next(iter(given.values()), None)
            asked.content = _messages(messages(first) if isinstance(first, list | tuple) else first)

    def exit(self, id_: str, result: Thing) -> None:
        """It returned; a stream that it returned may not have been asked for yet."""
        asked = self._runs.asked(id_)
        if asked is not None and isinstance(result, Generator | AsyncGenerator):
            asked.returned()
            return
        if asked is not None:
            self.answer(id_, result)
            return
        self._call_ids.pop(id_, None)
        if (above := self._stepped.pop(id_, None)) is not None:
            self._failed.pop(above, None)
        run = self._runs.run(id_)
        if run is not None:
            _told(run, result)
            if (error_type := self._failed.pop(id_, None)) is not None and result is None:
                run.fail(error_type)
        self._runs.close(id_)

    def drop(self, id_: str, error: BaseException | None) -> None:
        """It raised. A workflow that failed is told as one without a result: its last step knows better."""
        self._call_ids.pop(id_, None)
        self._failed.pop(id_, None)
        above = self._stepped.pop(id_, None)
        if above is not None and error is not None:
            self._failed[above] = type(error).__qualname__
        asked = self._runs.answered(id_)
        if asked is None:
            self._runs.close(id_, error)
        elif (span := asked.missed()) is not None:
            error_type = type(error).__qualname__ if error is not None else _UNKNOWN_ERROR
            span.set_status(Status(StatusCode.ERROR, error_type))
            asked.finish(span, {attr.ERROR_TYPE: error_type})

    def chunk(self, id_: str) -> None:
        """A chunk of a stream is here, in the context of whoever reads it."""
        asked = self._runs.asked(id_)
        if asked is not None:
            asked.read()
            if asked.seen:
                self._runs.answered(id_)

    def answer(self, id_: str, response: Thing) -> None:
        """A model answered."""
        asked = self._runs.answered(id_)
        span = asked.missed() if asked is not None else None
        if asked is None or span is None:
            return
        if capture():
            said = getattr(response, "message", None)
            made = message(said) if said is not None else getattr(response, "text", None)
            asked.content = {**asked.content, **_answers(made)}
        asked.finish(span, usage(response))


def _told(run: Run, result: Thing) -> None:
    """What a run gives back."""
    if run.form.made == attr.GEN_AI_RETRIEVAL_DOCUMENTS and isinstance(result, list):
        run.say({attr.SPANWISE_RETRIEVAL_DOCUMENT_COUNT: len(result)})
        run.made(documents(result))
    elif run.form.made == attr.GEN_AI_TOOL_CALL_RESULT:
        run.made(getattr(result, "content", result), simplify)
        if getattr(result, "is_error", False) is True:
            run.fail(_UNKNOWN_ERROR)
    elif isinstance(result, list) and result and hasattr(result[0], "score"):
        run.say({attr.SPANWISE_RETRIEVAL_DOCUMENT_COUNT: len(result)})
        run.made(documents(result))
    elif result is not None and not isinstance(result, asyncio.Future):
        run.made(result, simplify)


def _of_tool(instance: Thing) -> Attributes:
    found: Attributes = {attr.GEN_AI_TOOL_TYPE: "function"}
    described = getattr(getattr(instance, "metadata", None), "description", None)
    if isinstance(described, str) and described:
        found[attr.GEN_AI_TOOL_DESCRIPTION] = described.strip().rpartition("\n")[2][:1024]
    return found


def _messages(given: Thing) -> Attributes:
    if isinstance(given, str):
        given = [{"role": "user", "parts": [{"type": "text", "content": given}]}]
    text = json_text(given) if isinstance(given, list) else None
    return {} if text is None else {attr.GEN_AI_INPUT_MESSAGES: text}


def _answers(made: Thing) -> Attributes:
    if isinstance(made, str):
        made = {"role": "assistant", "parts": [{"type": "text", "content": made}]}
    text = json_text([made]) if isinstance(made, dict) else None
    return {} if text is None else {attr.GEN_AI_OUTPUT_MESSAGES: text}


def _provider(instance: Thing) -> str:
    """The package of the integration, as `llama_index.llms.openai`; else the name of the class."""
    path = type(instance).__module__.split(".")
    integrated = len(path) > 2 and path[0] == "llama_index" and path[1] != "core"
    return provider_named(path[2] if integrated else type(instance).__name__)
