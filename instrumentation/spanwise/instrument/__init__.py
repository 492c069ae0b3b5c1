"""Instrumentors: one core, wire codecs, thin taps."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.instrument.aiohttp import AiohttpInstrumentor
    from spanwise.instrument.anthropic import AnthropicInstrumentor
    from spanwise.instrument.bedrock import BedrockInstrumentor
    from spanwise.instrument.cerebras import CerebrasInstrumentor
    from spanwise.instrument.cohere import CohereInstrumentor
    from spanwise.instrument.crewai import CrewAIInstrumentor
    from spanwise.instrument.google_genai import GoogleGenAIInstrumentor
    from spanwise.instrument.groq import GroqInstrumentor
    from spanwise.instrument.httpx import HttpxInstrumentor
    from spanwise.instrument.httpx2 import Httpx2Instrumentor
    from spanwise.instrument.hugging_face import HuggingFaceInstrumentor
    from spanwise.instrument.langchain import LangChainInstrumentor
    from spanwise.instrument.litellm import LiteLLMInstrumentor
    from spanwise.instrument.llama_index import LlamaIndexInstrumentor
    from spanwise.instrument.mcp import McpInstrumentor
    from spanwise.instrument.mistralai import MistralAIInstrumentor
    from spanwise.instrument.ollama import OllamaInstrumentor
    from spanwise.instrument.openai import OpenAIInstrumentor
    from spanwise.instrument.openai_agents import OpenAIAgentsInstrumentor
    from spanwise.instrument.requests import RequestsInstrumentor
    from spanwise.instrument.together import TogetherInstrumentor
    from spanwise.instrument.writer import WriterInstrumentor

__all__ = [
    "AiohttpInstrumentor",
    "AnthropicInstrumentor",
    "BedrockInstrumentor",
    "CerebrasInstrumentor",
    "CohereInstrumentor",
    "CrewAIInstrumentor",
    "GoogleGenAIInstrumentor",
    "GroqInstrumentor",
    "Httpx2Instrumentor",
    "HttpxInstrumentor",
    "HuggingFaceInstrumentor",
    "LangChainInstrumentor",
    "LiteLLMInstrumentor",
    "LlamaIndexInstrumentor",
    "McpInstrumentor",
    "MistralAIInstrumentor",
    "OllamaInstrumentor",
    "OpenAIAgentsInstrumentor",
    "OpenAIInstrumentor",
    "RequestsInstrumentor",
    "TogetherInstrumentor",
    "WriterInstrumentor",
]

_HOMES = {
    "AiohttpInstrumentor": "aiohttp",
    "AnthropicInstrumentor": "anthropic",
    "BedrockInstrumentor": "bedrock",
    "CerebrasInstrumentor": "cerebras",
    "CohereInstrumentor": "cohere",
    "CrewAIInstrumentor": "crewai",
    "GoogleGenAIInstrumentor": "google_genai",
    "GroqInstrumentor": "groq",
    "Httpx2Instrumentor": "httpx2",
    "HttpxInstrumentor": "httpx",
    "HuggingFaceInstrumentor": "hugging_face",
    "LangChainInstrumentor": "langchain",
    "LiteLLMInstrumentor": "litellm",
    "LlamaIndexInstrumentor": "llama_index",
    "McpInstrumentor": "mcp",
    "MistralAIInstrumentor": "mistralai",
    "OllamaInstrumentor": "ollama",
    "OpenAIAgentsInstrumentor": "openai_agents",
    "OpenAIInstrumentor": "openai",
    "RequestsInstrumentor": "requests",
    "TogetherInstrumentor": "together",
    "WriterInstrumentor": "writer",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
