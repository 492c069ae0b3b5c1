"""The oldest supported releases of the frameworks, and the newest, keep the promises of `tests/frameworks`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.versions.overlay import overlay
from tests.versions.suite import suite


LANGCHAIN = "tests/frameworks/langchain_promises.py"
LLAMA_INDEX = "tests/frameworks/llama_index_promises.py"
OPENAI_AGENTS = "tests/frameworks/openai_agents_promises.py"
CREWAI = "tests/frameworks/crewai_promises.py"
MCP = "tests/frameworks/mcp_promises.py"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("promises", "requirements", "at_least"),
    [
        (
            LANGCHAIN,
            (
                "langchain-core==0.3.15",
                "langchain==0.3.7",
                "langgraph==0.2.45",
                "langchain-openai==0.2.5",
                "langchain-anthropic==0.2.4",
                "httpx<0.28",  # its OpenAI SDK passes `proxies`
            ),
            60,
        ),
        (
            LANGCHAIN,
            (
                "langchain-core==1.8.3",
                "langchain==1.5.2",
                "langgraph==1.2.24",
                "langchain-openai==1.7.4",
                "langchain-anthropic==1.7.10",
            ),
            60,
        ),
        (
            LLAMA_INDEX,
            (
                "llama-index-core==0.12.0",
                "llama-index-llms-openai==0.3.0",
                "llama-index-embeddings-openai==0.3.0",
            ),
            35,
        ),
        (
            LLAMA_INDEX,
            (
                "llama-index-core==0.14.25",
                "llama-index-llms-openai==0.8.3",
                "llama-index-embeddings-openai==0.7.0",
            ),
            35,
        ),
        (MCP, ("mcp==1.9.0", "pydantic<2.12"), 20),  # it reads an inner part of pydantic that is gone
        (MCP, ("mcp==1.30.0",), 20),
        (OPENAI_AGENTS, ("openai-agents==0.1.0", "openai==1.99.9", "mcp<2"), 20),
        (OPENAI_AGENTS, ("openai-agents==0.24.0",), 20),
        (CREWAI, ("crewai==0.130.0",), 34),
        (CREWAI, ("crewai==1.15.30", "litellm"), 38),
    ],
    ids=[
        "langchain oldest",
        "langchain newest",
        "llama-index oldest",
        "llama-index newest",
        "mcp oldest",
        "mcp newest of 1",
        "openai-agents oldest",
        "openai-agents newest",
        "crewai oldest",
        "crewai newest",
    ],
)
def test_releases_of_frameworks(tmp_path: Path, promises: str, requirements: tuple[str, ...], at_least: int) -> None:
    """Every promise is kept with these releases, of the framework and of what it asks providers with."""
    folder = overlay(tmp_path / "framework", *requirements)
    # The frameworks warn of what they will drop, of Python and of pydantic.
    assert suite(folder, "-W", "default", promises, timeout_s=400).passed >= at_least
