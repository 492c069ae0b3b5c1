"""Instrumentation of LangChain and LangGraph: `langchain-core`, 0.3.15 to 1."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class LangChainInstrumentor(SdkInstrumentor):
    """Spans for agents, tools, retrievers, graphs and chains, and for models whose SDK nobody instruments."""

    requirement = "langchain-core >= 0.3.15, < 2"
    modules = ("langchain_core.tracers.context",)
    tap = "spanwise.instrument.tap.langchain"
    scope = "spanwise.instrument.langchain"
