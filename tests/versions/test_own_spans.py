"""Frameworks that make spans themselves, beside our instrumentors: a readable tree, and every call counted once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from spanwise.semconv import attributes as attr
from tests.emulator import Emulator
from tests.versions.overlay import ROOT, environment, overlay


PYDANTIC_AI = """
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
Agent.instrument_all()
agent = Agent(OpenAIChatModel("gpt-4.1-mini"), name="helper")
@agent.tool_plain
def weather(city: str) -> str:
    "The weather of a city."
    return "sunny"
agent.run_sync("weather in Oslo")
"""
MCP_2 = """
import asyncio
from mcp import Client
from mcp.server import MCPServer
from opentelemetry import trace
server = MCPServer("shelf")
@server.tool()
def weather(city: str) -> str:
    "The weather of a city."
    return "sunny"
async def main():
    async with Client(server) as client:
        with trace.get_tracer("application").start_as_current_span("ask"):
            await client.call_tool("weather", {"city": "Oslo"})
asyncio.run(main())
"""


def recorded(folder: Path, program: str, where: Path, **variables: str) -> tuple[list[dict[str, Any]], str]:
    """What `spanwise trace last --json` says of a program under `spanwise run`, and its standard error."""
    store = str(where / "store.duckdb")
    run = [sys.executable, "-m", "spanwise.cli", "run", "--store", store, "--", sys.executable, "-c", program]
    ran = subprocess.run(
        run, cwd=ROOT, env=environment(folder, **variables), capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    show = [sys.executable, "-m", "spanwise.cli", "trace", "last", "--json", "--store", store]
    shown = subprocess.run(show, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    found: list[dict[str, Any]] = json.loads(shown.stdout)
    return found, ran.stderr


def below(spans: list[dict[str, Any]], parent: str | None = None) -> list[Any]:
    """The names as a tree."""
    ids = {span["span_id"] for span in spans}
    found: list[Any] = []
    for span in sorted(spans, key=lambda span: str(span["start"])):
        above = span["parent_span_id"] if span["parent_span_id"] in ids else None
        if above == parent:
            inner = below(spans, span["span_id"])
            found.append((span["name"], inner) if inner else span["name"])
    return found


@pytest.mark.slow
def test_pydantic_ai_counts_once(tmp_path: Path) -> None:
    """Agent and tool are the framework's spans; a model call has one cost, that of the provider's span inside."""
    folder = overlay(tmp_path / "framework", "pydantic-ai-slim[openai]==2.68.0")
    with Emulator() as emulator:
        spans, _ = recorded(folder, PYDANTIC_AI, tmp_path, OPENAI_API_KEY="k", OPENAI_BASE_URL=emulator.openai_url)
    chat = ("chat gpt-4.1-mini", ["chat gpt-4.1-mini"])
    assert below(spans) == [("invoke_agent helper", [chat, "execute_tool weather", chat])]
    counted = [span for span in spans if span["model_call"] and span["duplicate_of"] is None]
    assert len(counted) == 2
    assert all(float(span["cost"]) > 0 and span["input_tokens"] > 0 for span in counted)
    repeated = [span for span in spans if span["duplicate_of"] is not None]
    assert {span["duplicate_of"] for span in repeated} == {span["span_id"] for span in counted}
    assert all(span["cost"] is None for span in repeated)
    (agent,) = [span for span in spans if span["operation"] == "invoke_agent"]
    assert agent["attributes"][attr.GEN_AI_AGENT_NAME] == "helper"
    (tool,) = [span for span in spans if span["operation"] == "execute_tool"]
    assert tool["attributes"][attr.GEN_AI_TOOL_NAME] == "weather"


@pytest.mark.slow
def test_mcp_2_is_left_alone(tmp_path: Path) -> None:
    """From its second version the SDK makes the spans of a request itself: each is there once, with no word from us."""
    spans, told = recorded(overlay(tmp_path / "framework", "mcp==2.3.0"), MCP_2, tmp_path)
    assert below(spans) == [("ask", ["tools/call weather", "tools/list"])]
    assert "only instruments" not in told
