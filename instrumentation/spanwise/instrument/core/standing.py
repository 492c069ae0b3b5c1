"""Who else is watching: when a call gets no span from us."""

from __future__ import annotations

import sys
from typing import Final

from opentelemetry.context import Context, get_value
from opentelemetry.instrumentation.utils import is_instrumentation_enabled

from spanwise.semconv import values


_INFERENCE: Final = ("opentelemetry.genai.client.inference.context", "_inference_invocation", "InferenceData")
_EMBEDDING: Final = ("opentelemetry.genai.client.embedding.context", "_embedding_invocation", "EmbeddingData")


def is_watched(operation: str) -> bool:
    """Whether instrumentation is suppressed here, or an outer one built on `opentelemetry.util.genai` has a span."""
    return not is_instrumentation_enabled() or get_value(_key(operation)[0]) is not None


def watching(context: Context, operation: str) -> Context:
    """`context` with the mark that tells inner instrumentations built on `opentelemetry.util.genai` to stand aside.

    They look for an object of their own class, so there is nothing to set where that package is not loaded.
    """
    key, module, name = _key(operation)
    kind = getattr(sys.modules.get(f"opentelemetry.util.genai.{module}"), name, None)
    if kind is None:
        return context
    return Context({**context, key: kind()})


def _key(operation: str) -> tuple[str, str, str]:
    return _EMBEDDING if operation == values.GEN_AI_OPERATION_NAME_EMBEDDINGS else _INFERENCE
