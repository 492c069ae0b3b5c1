"""What a span of LlamaIndex's dispatcher is: which kind of step, by which name, or plumbing that gets no span."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias

from spanwise.semconv import values


Thing: TypeAlias = Any
"""An object of LlamaIndex's, which need not be installed where this is checked."""


class Kind(NamedTuple):
    """What is called.

    Attributes:
        kind: of step; `model` or `embeddings` for a call that the provider's SDK may have a span for; `step` for a step
            of a workflow; `pass` for a step of an agent's own workflow.
        name: empty where it has none but that of a class of LlamaIndex's.
        operation: of the convention, for a call of a model.
    """

    kind: str
    name: str = ""
    operation: str = ""


_METHODS: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "BaseLLM": ("model", frozenset({"chat", "stream_chat", "complete", "stream_complete"})),
    "BaseEmbedding": (
        "embeddings",
        frozenset({"get_query_embedding", "get_text_embedding", "get_text_embedding_batch"}),
    ),
    "BaseTool": ("tool", frozenset({"call", "__call__"})),
    "BaseRetriever": ("retrieval", frozenset({"retrieve"})),
    "BaseNodePostprocessor": ("rerank", frozenset({"postprocess_nodes", "_postprocess_nodes"})),
    "BaseWorkflowAgent": ("agent", frozenset({"run"})),
    "Workflow": ("workflow", frozenset({"run"})),
    "BaseAgent": ("agent", frozenset({"chat", "stream_chat"})),
    "BaseQueryEngine": ("workflow", frozenset({"query"})),
    "BaseChatEngine": ("workflow", frozenset({"chat", "stream_chat"})),
}
"""By a base of the class that is called, the first one found: the kind, and its methods. An `a` before the name of a
method is its asynchronous twin."""

_COMPLETION: Final = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION
_AGENTS: Final = frozenset({"BaseWorkflowAgent", "AgentWorkflow"})
"""Whose steps are those of every agent."""

_RUN: Final = ".run"
_UUID: Final = 37


def kind_of(id_: str, instance: Thing, *, root: bool, stepped: bool) -> Kind | None:
    """What is called; `None` for plumbing.

    Agents, tools, retrievers, rerankers, workflows and their steps are shown; the outermost query or chat engine is a
    workflow, one inside is a task. The steps that every agent takes by itself, synthesizers, splitters and parsers are
    plumbing.

    Args:
        id_: the dispatcher's id of the span, which begins with class and method.
        instance: whose method it is; `None` for a function.
        root: whether no run is around it.
        stepped: whether it is a step of a workflow.
    """
    owner, _, method = id_[:-_UUID].rpartition(".")
    if stepped:
        owners = {owner} if instance is None else {base.__name__ for base in type(instance).__mro__}
        return Kind("pass") if method.startswith("_") or not _AGENTS.isdisjoint(owners) else Kind("step", method)
    if instance is None:
        return None
    owner_class: type = type(instance)
    found = _of_class(owner_class, method)
    if found is None:
        return None
    if found == "model":
        completes = method.endswith("complete")
        return Kind(found, operation=_COMPLETION if completes else values.GEN_AI_OPERATION_NAME_CHAT)
    if found == "embeddings":
        return Kind(found, operation=values.GEN_AI_OPERATION_NAME_EMBEDDINGS)
    if found == "tool":
        return Kind(found, str(getattr(getattr(instance, "metadata", None), "name", None) or "tool"))
    if found == "agent":
        name = getattr(instance, "name", None)
        return Kind(found, name if isinstance(name, str) and name != "Agent" else "")
    if found == "rerank":
        return Kind(found, type(instance).__name__) if "rerank" in type(instance).__name__.lower() else None
    if found == "retrieval":
        return Kind(found, type(instance).__name__)
    if method.removeprefix("a") != "run" and not root:
        return Kind("task", type(instance).__name__)
    return Kind(found, _own_name(instance))


def is_step(id_: str, instance: Thing, *, parent_id: str) -> bool:
    """Whether it is a step of a workflow: what a run of one calls. Older releases tell whose method it is.

    Args:
        id_: the dispatcher's id of the span.
        instance: whose method it is; `None` for a function.
        parent_id: the id of the span around it.
    """
    if not parent_id[:-_UUID].endswith(_RUN) or id_[:-_UUID].endswith(_RUN):
        return False
    return instance is None or any(base.__name__ == "Workflow" for base in type(instance).__mro__)


def _own_name(instance: Thing) -> str:
    """The name of a class that the application made; of one of LlamaIndex's none, as the convention wants."""
    return "" if type(instance).__module__.startswith(("llama_index", "workflows")) else type(instance).__name__


@lru_cache(maxsize=1024)
def _of_class(owner: type, method: str) -> str | None:
    plain = {method, method.removeprefix("a")}
    bases = [base.__name__ for base in owner.__mro__]
    for base, (kind, methods) in _METHODS.items():
        if base in bases and plain & methods:
            return kind
    return None
