"""A crew under `spanwise run`: the tree that `spanwise trace` shows, and every call counted and priced once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.versions.overlay import overlay
from tests.versions.test_own_spans import below, recorded


CREW = """
from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool
@tool("weather")
def weather(city: str) -> str:
    "The weather of a city."
    return "sunny"
def agent(role, *tools):
    return Agent(role=role, goal="help", backstory="kind", llm=LLM(model="gpt-4.1-mini"), tools=list(tools))
looks, writes = agent("researcher", weather), agent("writer")
look = Task(name="look", description="weather in Oslo", expected_output="a word", agent=looks)
write = Task(name="write", description="write it down", expected_output="a line", agent=writes)
Crew(agents=[looks, writes], tasks=[look, write], name="trip").kickoff()
"""
CHAT = "chat gpt-4.1-mini"
QUIET = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_TESTING": "true",
}


@pytest.mark.slow
def test_a_crew_in_the_store(tmp_path: Path) -> None:
    """Two agents with a tool are one tree; the cost is that of three calls, each of one span."""
    folder = overlay(tmp_path / "framework", "crewai==1.15.30")
    with Emulator() as emulator:
        asks = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": emulator.openai_url, "CREWAI_STORAGE_DIR": str(tmp_path)}
        spans, _ = recorded(folder, CREW, tmp_path, **asks, **QUIET)
        assert len(emulator.requests) == 3
    looks = ("invoke_agent researcher", [CHAT, "execute_tool weather", CHAT])
    assert below(spans) == [
        ("invoke_workflow trip", [("task look", [looks]), ("task write", [("invoke_agent writer", [CHAT])])])
    ]
    calls = [span for span in spans if span["model_call"]]
    assert len(calls) == 3
    assert all(float(span["cost"]) > 0 and span["duplicate_of"] is None for span in calls)
