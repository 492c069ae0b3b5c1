"""Instrumentation of the OpenAI Agents SDK: `openai-agents`, 0.1 to 0.24."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class OpenAIAgentsInstrumentor(SdkInstrumentor):
    """Spans for traces, agents, tools, handoffs and guardrails, and for models whose SDK nobody instruments."""

    requirement = "openai-agents >= 0.1, < 1"
    modules = ("agents.tracing",)
    tap = "spanwise.instrument.tap.openai_agents"
    scope = "spanwise.instrument.openai_agents"
