"""Instrumentors: one core, wire codecs, thin taps."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.instrument.anthropic import AnthropicInstrumentor
    from spanwise.instrument.google_genai import GoogleGenAIInstrumentor
    from spanwise.instrument.mistralai import MistralAIInstrumentor
    from spanwise.instrument.openai import OpenAIInstrumentor

__all__ = [
    "AnthropicInstrumentor",
    "GoogleGenAIInstrumentor",
    "MistralAIInstrumentor",
    "OpenAIInstrumentor",
]

_HOMES = {
    "AnthropicInstrumentor": "anthropic",
    "GoogleGenAIInstrumentor": "google_genai",
    "MistralAIInstrumentor": "mistralai",
    "OpenAIInstrumentor": "openai",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
