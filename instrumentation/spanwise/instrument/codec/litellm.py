"""LiteLLM: the dialects of OpenAI, in which it speaks of every provider, and what it adds to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.cohere_rerank import CohereRerank
from spanwise.instrument.codec.field import count, mapping, put
from spanwise.instrument.codec.openai_chat import OpenAIChat
from spanwise.instrument.codec.openai_completions import OpenAICompletions
from spanwise.instrument.codec.openai_embeddings import OpenAIEmbeddings
from spanwise.instrument.codec.openai_images import OpenAIImages
from spanwise.instrument.codec.openai_responses import OpenAIResponses
from spanwise.instrument.codec.received_cost import money
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Value: TypeAlias = Any
"""A value of LiteLLM: JSON, or an object of its own classes."""

COST: Final = "response_cost"
"""Where a body has the amount that LiteLLM worked out."""

CACHED: Final = "cache_hit"
"""Where a body says that LiteLLM had the answer itself."""

_DEEPEST: Final = 24
_USAGE: Final = (
    attr.GEN_AI_USAGE_INPUT_TOKENS,
    attr.GEN_AI_USAGE_OUTPUT_TOKENS,
    attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS,
    attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS,
    attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS,
    attr.GEN_AI_USAGE_COST_AMOUNT,
    attr.GEN_AI_USAGE_COST_CURRENCY,
    attr.GEN_AI_USAGE_COST_SOURCE,
)

_PROVIDERS: Final[Mapping[str, str]] = {
    "anthropic": values.GEN_AI_PROVIDER_NAME_ANTHROPIC,
    "anthropic_text": values.GEN_AI_PROVIDER_NAME_ANTHROPIC,
    "azure": values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI,
    "azure_text": values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI,
    "azure_ai": values.GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE,
    "bedrock": values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK,
    "bedrock_converse": values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK,
    "codestral": values.GEN_AI_PROVIDER_NAME_MISTRAL_AI,
    "cohere": values.GEN_AI_PROVIDER_NAME_COHERE,
    "cohere_chat": values.GEN_AI_PROVIDER_NAME_COHERE,
    "deepseek": values.GEN_AI_PROVIDER_NAME_DEEPSEEK,
    "gemini": values.GEN_AI_PROVIDER_NAME_GCP_GEMINI,
    "groq": values.GEN_AI_PROVIDER_NAME_GROQ,
    "mistral": values.GEN_AI_PROVIDER_NAME_MISTRAL_AI,
    "moonshot": values.GEN_AI_PROVIDER_NAME_MOONSHOT_AI,
    "openai": values.GEN_AI_PROVIDER_NAME_OPENAI,
    "perplexity": values.GEN_AI_PROVIDER_NAME_PERPLEXITY,
    "text-completion-codestral": values.GEN_AI_PROVIDER_NAME_MISTRAL_AI,
    "text-completion-openai": values.GEN_AI_PROVIDER_NAME_OPENAI,
    "vertex_ai": values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI,
    "vertex_ai_beta": values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI,
    "watsonx": values.GEN_AI_PROVIDER_NAME_IBM_WATSONX_AI,
    "watsonx_text": values.GEN_AI_PROVIDER_NAME_IBM_WATSONX_AI,
    "xai": values.GEN_AI_PROVIDER_NAME_X_AI,
}


def provider_of(name: str) -> str:
    """The convention's name of a provider of LiteLLM; its own for those the convention has none for."""
    return _PROVIDERS.get(name, name)


def plain(value: Value, depth: int = 0) -> Value:
    """`value` as JSON: models become objects, field by field, without the warnings of their own conversion."""
    if value is None or isinstance(value, str | int | float):
        return value
    if depth > _DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    fields = getattr(value, "__dict__", None)
    if not isinstance(fields, dict):
        return None
    extra = getattr(value, "__pydantic_extra__", None) or {}
    return {str(key): plain(item, depth + 1) for key, item in {**fields, **extra}.items()}


class LiteLLMChat(OpenAIChat):
    """`completion` and `acompletion`."""

    def request(self, body: Json, /) -> Attributes:
        """As OpenAI's, without the API: that of the provider may be another."""
        return _request(super().request(body))

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's, with the cost that LiteLLM worked out."""
        return _response(super().response(body), body)


class LiteLLMCompletions(OpenAICompletions):
    """`text_completion` and `atext_completion`."""

    def request(self, body: Json, /) -> Attributes:
        """As OpenAI's, without the API: that of the provider may be another."""
        return _request(super().request(body))

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's, with the cost that LiteLLM worked out."""
        return _response(super().response(body), body)


class LiteLLMResponses(OpenAIResponses):
    """`responses` and `aresponses`."""

    def request(self, body: Json, /) -> Attributes:
        """As OpenAI's, without the API: that of the provider may be another."""
        return _request(super().request(body))

    def response(self, body: Json, /, *, fetched: bool = False) -> Attributes:
        """As OpenAI's, with the cost that LiteLLM worked out."""
        return _response(super().response(body, fetched=fetched), body)


class LiteLLMEmbeddings(OpenAIEmbeddings):
    """`embedding` and `aembedding`."""

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's, with the cost that LiteLLM worked out, and without the output that it counts as 0."""
        found = _response(super().response(body), body)
        found.pop(attr.GEN_AI_USAGE_OUTPUT_TOKENS, None)
        return found


class LiteLLMImages(OpenAIImages):
    """`image_generation` and `aimage_generation`."""

    def response(self, body: Json, /) -> Attributes:
        """As OpenAI's, with the cost that LiteLLM worked out."""
        return _response(super().response(body), body)


class LiteLLMRerank(CohereRerank):
    """`rerank` and `arerank`, which speak Cohere's dialect."""

    def response(self, body: Json, /) -> Attributes:
        """As Cohere's, with the cost that LiteLLM worked out."""
        return _response(super().response(body), body)


def _request(found: Attributes) -> Attributes:
    found.pop(attr.OPENAI_API_TYPE, None)
    return found


def _response(found: Attributes, body: Json) -> Attributes:
    found.pop(attr.OPENAI_API_TYPE, None)
    if body.get(CACHED) is True:
        # What an answer cost that is given again was counted when it was made.
        for name in _USAGE:
            found.pop(name, None)
        return found
    usage = mapping(body.get("usage"))
    # Its counts of the prompt include what was read from the provider's cache and written to it.
    if not found.get(attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS):
        put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, count(usage.get("cache_read_input_tokens")))
    if not found.get(attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS):
        put(found, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, count(usage.get("cache_creation_input_tokens")))
    amount = money(body.get(COST))
    # A 0 says that it has no price.
    if amount and attr.GEN_AI_USAGE_COST_AMOUNT not in found:
        found[attr.GEN_AI_USAGE_COST_AMOUNT] = float(amount)
        found[attr.GEN_AI_USAGE_COST_CURRENCY] = "USD"
        found[attr.GEN_AI_USAGE_COST_SOURCE] = values.GEN_AI_USAGE_COST_SOURCE_LOCAL
    return found
