"""Instrumentation of CrewAI: `crewai`, 0.130 to 1."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class CrewAIInstrumentor(SdkInstrumentor):
    """Spans for crews, flows, tasks, agents, tools and memories, and for models whose SDK nobody instruments."""

    requirement = "crewai >= 0.130, < 2"
    modules = (
        "crewai.utilities.events.crewai_event_bus",
        "crewai.events.event_bus",
        "crewai.crew",
        "crewai.task",
        "crewai.agent",
        "crewai.agent.core",
        "crewai.lite_agent",
        "crewai.flow.flow",
        "crewai.flow.runtime",
        "crewai.tools.tool_usage",
        "crewai.llm",
        "crewai.memory.unified_memory",
    )
    tap = "spanwise.instrument.tap.crewai"
    scope = "spanwise.instrument.crewai"
