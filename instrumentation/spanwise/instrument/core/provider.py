"""Provider names of the convention, by the host that is called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from spanwise.semconv import values


TOGETHER: Final = "together_ai"
CEREBRAS: Final = "cerebras"
WRITER: Final = "writer"
OLLAMA: Final = "ollama"
HUGGING_FACE: Final = "huggingface"
"""Providers that the convention has no value for, by the names under which the price book finds them."""

_SUFFIXES: Final = (
    ("openai.azure.com", values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI),
    ("cognitiveservices.azure.com", values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI),
    ("services.ai.azure.com", values.GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE),
    ("api.openai.com", values.GEN_AI_PROVIDER_NAME_OPENAI),
    ("api.anthropic.com", values.GEN_AI_PROVIDER_NAME_ANTHROPIC),
    ("api.deepseek.com", values.GEN_AI_PROVIDER_NAME_DEEPSEEK),
    ("api.groq.com", values.GEN_AI_PROVIDER_NAME_GROQ),
    ("api.together.xyz", TOGETHER),
    ("api.together.ai", TOGETHER),
    ("api.cerebras.ai", CEREBRAS),
    ("api.writer.com", WRITER),
    ("ollama.com", OLLAMA),
    ("api.deepinfra.com", "deepinfra"),
    ("api.fireworks.ai", "fireworks"),
    ("api.minimax.io", "minimax"),
    ("api.novita.ai", "novita"),
    ("api.sambanova.ai", "sambanova"),
    ("api.voyageai.com", "voyageai"),
    ("api.z.ai", "zai"),
    ("inference.baseten.co", "baseten"),
    ("integrate.api.nvidia.com", "nvidia"),
    ("open.bigmodel.cn", "zhipuai"),
    ("openrouter.ai", "openrouter"),
    ("huggingface.co", HUGGING_FACE),
    ("huggingface.cloud", HUGGING_FACE),
    ("api.x.ai", values.GEN_AI_PROVIDER_NAME_X_AI),
    ("api.mistral.ai", values.GEN_AI_PROVIDER_NAME_MISTRAL_AI),
    ("api.perplexity.ai", values.GEN_AI_PROVIDER_NAME_PERPLEXITY),
    ("api.cohere.com", values.GEN_AI_PROVIDER_NAME_COHERE),
    ("api.cohere.ai", values.GEN_AI_PROVIDER_NAME_COHERE),
    ("api.moonshot.ai", values.GEN_AI_PROVIDER_NAME_MOONSHOT_AI),
    ("api.moonshot.cn", values.GEN_AI_PROVIDER_NAME_MOONSHOT_AI),
    ("generativelanguage.googleapis.com", values.GEN_AI_PROVIDER_NAME_GCP_GEMINI),
    ("aiplatform.googleapis.com", values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI),
)
_BEDROCK: Final = re.compile(
    r"(?:[^.]+\.)?bedrock(?:-[a-z]+)*\.[a-z]{2,4}(?:-[a-z]+)+-[0-9]+\.(?:vpce\.)?(?:amazonaws\.com(?:\.cn)?|api\.aws)"
)
"""Service and region, in a private network behind the endpoint's own name. The rest of these domains is anybody's."""
_VERTEX: Final = re.compile(r"[a-z0-9-]+-aiplatform\.googleapis\.com|aiplatform\.[a-z]+\.rep\.googleapis\.com")
"""The hosts of one region, and of several."""

ASKS_FOR_USAGE: Final = (
    "api.openai.com",
    "openai.azure.com",
    "api.deepseek.com",
    "api.groq.com",
    "api.x.ai",
    "api.together.xyz",
    "api.fireworks.ai",
    "api.writer.com",
    "openrouter.ai",
    "router.huggingface.co",
)
"""Hosts known to accept `stream_options.include_usage`. Some compatible servers refuse fields they do not know, and a
call that fails because of its telemetry is worse than one without token counts."""


@lru_cache(maxsize=256)
def provider_of(host: str, default: str) -> str:
    """The provider that answers at `host`; `default`, the SDK's own flavour, for a host nobody knows."""
    if _BEDROCK.fullmatch(host):
        return values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK
    if _VERTEX.fullmatch(host):
        return values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI
    return next((name for suffix, name in _SUFFIXES if _ends(host, suffix)), default)


def asks_for_usage(host: str) -> bool:
    """Whether the API at `host` offers the usage of a stream. Local servers do (vLLM, Ollama, LM Studio, llama.cpp)."""
    return host in ("localhost", "127.0.0.1", "::1") or any(_ends(host, suffix) for suffix in ASKS_FOR_USAGE)


def _ends(host: str, suffix: str) -> bool:
    return host == suffix or host.endswith(f".{suffix}")
