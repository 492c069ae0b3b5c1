"""What a run of LangChain or LangGraph is: which kind of step, by which name, or plumbing that gets no span."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias


Metadata: TypeAlias = Mapping[str, Any]
"""What LangChain's configuration says of a run: values of the application."""

_GRAPH: Final = "langgraph.pregel"
_NODE: Final = "graph:step:"
_HIDDEN: Final = "langsmith:hidden"
_AGENT_CLASSES: Final = frozenset({"AgentExecutor"})
_PLUMBING: Final = ("Runnable", "ChannelWrite", "ChannelRead", "Branch", "_", "LangGraph")
_SEAMS: Final = frozenset({"prompt", "parser"})


class Kind(NamedTuple):
    """A kind of step, and its name, empty where it has none but that of a class."""

    kind: str
    name: str


def kind_of(  # noqa: PLR0913 - one keyword for each thing that LangChain tells
    name: str,
    *,
    root: bool,
    agent: str,
    module: str,
    run_type: str,
    tags: Sequence[str],
    metadata: Metadata,
) -> Kind | None:
    """What a chain is; `None` for plumbing.

    A graph is a workflow, or an agent where `create_agent` made it; a node of a graph is a task; the outermost chain is
    a workflow; `AgentExecutor` is an agent; inside, what somebody gave a name is a task. Plumbing are prompts, parsers,
    the pieces of a node, what LangChain hides from its own traces, and what has only the name of one of its connecting
    pieces.

    Args:
        name: of the run.
        root: whether no run is around it.
        agent: the name of the agent around it.
        module: whose code announced it.
        run_type: LangChain's own word for it, often empty.
        tags: of the run.
        metadata: of the run and of what is around it.
    """
    if module.startswith(_GRAPH):
        return _graph(name, agent=agent, metadata=metadata)
    if run_type in _SEAMS or _HIDDEN in tags or name.startswith("__"):
        return None
    plumbing = _is_plumbing(name)
    if any(tag.startswith(_NODE) for tag in tags):
        return None if plumbing else Kind("task", name)
    if module.startswith("langgraph"):
        return None  # a piece of a node: its function, or what picks the next node
    if name in _AGENT_CLASSES:
        return Kind("agent", "")
    if root:
        return Kind("workflow", "" if plumbing else name)
    return None if plumbing else Kind("task", name)


def _graph(name: str, *, agent: str, metadata: Metadata) -> Kind:
    named = "" if name == "LangGraph" else name
    says = metadata.get("lc_agent_name")
    if says is not None:
        # What is inside an agent inherits its metadata.
        return Kind("agent", str(says)) if says == name or says != agent else Kind("workflow", named)
    if metadata.get("ls_integration") == "langchain_create_agent" and not agent:
        return Kind("agent", named)
    return Kind("workflow", named)


def _is_plumbing(name: str) -> bool:
    return not name or name.startswith(_PLUMBING) or "<" in name
