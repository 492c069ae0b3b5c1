"""Chains, graphs, tools and retrievers of LangChain: their runs as spans."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from spanwise.instrument.framework.announcer import announcer
from spanwise.instrument.framework.association import association
from spanwise.instrument.framework.langchain_message import documents, is_message, messages, simplify
from spanwise.instrument.framework.langchain_naming import kind_of
from spanwise.instrument.framework.run import Run
from spanwise.instrument.framework.runs import Runs
from spanwise.semconv import attributes as attr


Thing: TypeAlias = Any
"""What LangChain gives to callbacks."""

_CARRIERS: Final = ("langchain_core.callbacks", "spanwise.")
_FRAMEWORK: Final = ("langchain", "langgraph")
_UNKNOWN_ERROR: Final = "_OTHER"
_STEERING: Final = frozenset({"GraphBubbleUp", "GraphDelegate", "GraphInterrupt"})
_CONVERSATIONS: Final = ("workflow", "agent")


class Chains:
    """What is done for the callbacks of runs that are no model calls.

    Args:
        runs: those in progress.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def start(  # noqa: PLR0913 - what LangChain tells
        self,
        serialized: Thing,
        inputs: Thing,
        *,
        run_id: Hashable,
        parent_run_id: Hashable | None = None,
        name: str | None = None,
        run_type: str | None = None,
        tags: Iterable[str] | None = None,
        metadata: Mapping[str, Thing] | None = None,
        **_: Thing,
    ) -> None:
        """A chain, a graph or a node begins."""
        said = metadata or {}
        where = announcer(carriers=_CARRIERS, framework=_FRAMEWORK)
        parent = self._runs.parent(parent_run_id)
        found = kind_of(
            name or _class_name(serialized),
            root=parent_run_id not in self._runs,
            agent=parent.agent if parent is not None else "",
            module=where.module,
            run_type=run_type or "",
            tags=list(tags or ()),
            metadata=said,
        )
        if found is None:
            self._runs.skip(run_id, parent_run_id)
            return
        run = self._runs.open(run_id, parent_run_id, kind=found.kind, name=found.name, attributes=association(said))
        if found.kind in _CONVERSATIONS and _conversation(inputs):
            run.put(attr.GEN_AI_INPUT_MESSAGES, messages(_conversation(inputs)))
        else:
            run.given(inputs, simplify)
        if where.keeps:
            run.enter()

    def end(self, outputs: Thing, *, run_id: Hashable, **_: Thing) -> None:
        """It has a result."""
        run = self._runs.run(run_id)
        if run is not None:
            said = _conversation(outputs)
            if run.form.operation and said:
                run.put(attr.GEN_AI_OUTPUT_MESSAGES, messages(said[-1:]))
            elif outputs is not None:
                run.made(outputs, simplify)
        self._runs.close(run_id)

    def fail(self, error: BaseException, *, run_id: Hashable, **_: Thing) -> None:
        """It failed, was interrupted, or is no longer read."""
        self._runs.close(run_id, None if _steers(error) else error)

    def tool_start(  # noqa: PLR0913 - what LangChain tells
        self,
        serialized: Thing,
        input_str: str,
        *,
        run_id: Hashable,
        parent_run_id: Hashable | None = None,
        name: str | None = None,
        inputs: Thing = None,
        metadata: Mapping[str, Thing] | None = None,
        tool_call_id: str | None = None,
        **_: Thing,
    ) -> None:
        """A tool is called."""
        described = serialized if isinstance(serialized, Mapping) else {}
        said = {attr.GEN_AI_TOOL_TYPE: "function", **association(metadata or {})}
        description = described.get("description")
        if isinstance(description, str) and description:
            said[attr.GEN_AI_TOOL_DESCRIPTION] = description.partition("\n")[0][:1024]
        if tool_call_id:
            said[attr.GEN_AI_TOOL_CALL_ID] = tool_call_id
        called = described.get("name") or name or "tool"
        run = self._runs.open(run_id, parent_run_id, kind="tool", name=str(called), attributes=said)
        run.given(input_str if inputs is None else inputs, simplify)
        run.enter()

    def tool_end(self, output: Thing, *, run_id: Hashable, **_: Thing) -> None:
        """It has a result; where the tool itself made a message of its failure, that one."""
        run = self._runs.run(run_id)
        if run is not None:
            call_id = getattr(output, "tool_call_id", None)
            if isinstance(call_id, str) and call_id:
                run.say({attr.GEN_AI_TOOL_CALL_ID: call_id})
            run.made(output.content if is_message(output) else output, simplify)
            if getattr(output, "status", None) == "error":
                run.fail(_UNKNOWN_ERROR)
        self._runs.close(run_id)

    def retriever_start(  # noqa: PLR0913 - what LangChain tells
        self,
        serialized: Thing,
        query: str,
        *,
        run_id: Hashable,
        parent_run_id: Hashable | None = None,
        name: str | None = None,
        metadata: Mapping[str, Thing] | None = None,
        **_: Thing,
    ) -> None:
        """A retriever is asked."""
        called = name or _class_name(serialized)
        said = association(metadata or {})
        run = self._runs.open(run_id, parent_run_id, kind="retrieval", name=called, attributes=said)
        run.given(query)
        run.enter()

    def retriever_end(self, found: Thing, *, run_id: Hashable, **_: Thing) -> None:
        """It found documents."""
        run = self._runs.run(run_id)
        if run is not None and isinstance(found, list | tuple):
            run.say({attr.SPANWISE_RETRIEVAL_DOCUMENT_COUNT: len(found)})
            _put_documents(run, found)
        self._runs.close(run_id)


def _put_documents(run: Run, found: Thing) -> None:
    run.made(documents(found))


def _class_name(serialized: Thing) -> str:
    if not isinstance(serialized, Mapping):
        return ""
    path = serialized.get("id")
    return str(serialized.get("name") or (path[-1] if isinstance(path, list) and path else ""))


def _conversation(state: Thing) -> list[Thing]:
    """The messages in what a graph or chain is given or gives back."""
    found = state.get("messages") if isinstance(state, Mapping) else state
    if is_message(found):
        return [found]
    return found if isinstance(found, list) and found and is_message(found[-1]) else []


def _steers(error: BaseException) -> bool:
    """Whether this is how LangGraph interrupts a graph, or leaves it for another: no error."""
    return any(kind.__name__ in _STEERING and kind.__module__.startswith("langgraph") for kind in type(error).__mro__)
