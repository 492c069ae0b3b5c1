"""The callback handler that LangChain and LangGraph tell their runs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from langchain_core.callbacks.base import BaseCallbackHandler
from opentelemetry.trace import Tracer

from spanwise.instrument.framework.langchain_call import Calls
from spanwise.instrument.framework.langchain_chain import Chains
from spanwise.instrument.framework.runs import Runs
from spanwise.pipeline.boundary import shield


Thing: TypeAlias = Any
"""What LangChain gives to callbacks."""

Event: TypeAlias = Callable[..., None]
"""What is done for one callback."""


class Handler(BaseCallbackHandler):  # type: ignore[misc] # LangChain need not be installed
    """Makes spans of runs. Its methods take microseconds and run where they are announced, on event loops too."""

    run_inline = True  # on an event loop as well: the context of the announcer is needed
    raise_error = False

    def __init__(self, tracer: Tracer) -> None:
        self.active = True
        self.runs: Final = Runs(tracer)
        self._chains: Final = Chains(self.runs)
        self._calls: Final = Calls(self.runs)

    def _do(self, event: Event, *args: Thing, **kwargs: Thing) -> None:
        if self.active:
            shield("instrument", event, *args, **kwargs)

    def on_chain_start(self, serialized: Thing, inputs: Thing, **kwargs: Thing) -> None:
        """A chain, a graph or a node begins."""
        self._do(self._chains.start, serialized, inputs, **kwargs)

    def on_chain_end(self, outputs: Thing, **kwargs: Thing) -> None:
        """It has a result."""
        self._do(self._chains.end, outputs, **kwargs)

    def on_chain_error(self, error: BaseException, **kwargs: Thing) -> None:
        """It failed, was interrupted, or is no longer read."""
        self._do(self._chains.fail, error, **kwargs)

    def on_tool_start(self, serialized: Thing, input_str: str, **kwargs: Thing) -> None:
        """A tool is called."""
        self._do(self._chains.tool_start, serialized, input_str, **kwargs)

    def on_tool_end(self, output: Thing, **kwargs: Thing) -> None:
        """It has a result."""
        self._do(self._chains.tool_end, output, **kwargs)

    def on_tool_error(self, error: BaseException, **kwargs: Thing) -> None:
        """It failed or was interrupted."""
        self._do(self._chains.fail, error, **kwargs)

    def on_retriever_start(self, serialized: Thing, query: str, **kwargs: Thing) -> None:
        """A retriever is asked."""
        self._do(self._chains.retriever_start, serialized, query, **kwargs)

    def on_retriever_end(self, documents: Thing, **kwargs: Thing) -> None:
        """It found documents."""
        self._do(self._chains.retriever_end, documents, **kwargs)

    def on_retriever_error(self, error: BaseException, **kwargs: Thing) -> None:
        """It failed."""
        self._do(self._chains.fail, error, **kwargs)

    def on_chat_model_start(self, serialized: Thing, messages: list[list[Thing]], **kwargs: Thing) -> None:
        """A chat model is asked."""
        self._do(self._calls.chat_start, serialized, messages, **kwargs)

    def on_llm_start(self, serialized: Thing, prompts: list[str], **kwargs: Thing) -> None:
        """A model that completes text is asked."""
        self._do(self._calls.completion_start, serialized, prompts, **kwargs)

    def on_llm_new_token(self, token: Thing, **kwargs: Thing) -> None:
        """A chunk of a stream is here."""
        self._do(self._calls.chunk, token, **kwargs)

    def on_stream_event(self, event: Thing, **kwargs: Thing) -> None:
        """An event of a stream is here."""
        self._do(self._calls.chunk, event, **kwargs)

    def on_llm_end(self, response: Thing, **kwargs: Thing) -> None:
        """The model answered."""
        self._do(self._calls.end, response, **kwargs)

    def on_llm_error(self, error: BaseException, **kwargs: Thing) -> None:
        """It did not."""
        self._do(self._calls.fail, error, **kwargs)
