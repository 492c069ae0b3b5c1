"""Providers of the convention, by the names under which frameworks have their integrations."""

from __future__ import annotations

from typing import Final

from spanwise.instrument.core.provider import HUGGING_FACE, TOGETHER
from spanwise.semconv import values


_NAMES: Final = {
    "amazon_bedrock": values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK,
    "azure": values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI,
    "azure_inference": values.GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE,
    "azure_openai": values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI,
    "bedrock": values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK,
    "bedrock_converse": values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK,
    "gemini": values.GEN_AI_PROVIDER_NAME_GCP_GEMINI,
    "google_genai": values.GEN_AI_PROVIDER_NAME_GCP_GEMINI,
    "google_vertexai": values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI,
    "huggingface": HUGGING_FACE,
    "huggingface_api": HUGGING_FACE,
    "mistral": values.GEN_AI_PROVIDER_NAME_MISTRAL_AI,
    "mistralai": values.GEN_AI_PROVIDER_NAME_MISTRAL_AI,
    "openai_like": values.GEN_AI_PROVIDER_NAME_OPENAI,
    "together": TOGETHER,
    "vertex": values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI,
    "xai": values.GEN_AI_PROVIDER_NAME_X_AI,
}


def provider_named(name: str) -> str:
    """The convention's name of a provider; the framework's own, in small letters, where that is the same or unknown."""
    return _NAMES.get(name.lower(), name.lower())
