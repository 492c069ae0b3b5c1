"""Who else is watching: when a call gets no span from us."""

from __future__ import annotations

import sys
from typing import Final

from opentelemetry.context import _SUPPRESS_INSTRUMENTATION_KEY, Context, get_current

from spanwise.semconv import values


_SUPPRESSED: Final = (_SUPPRESS_INSTRUMENTATION_KEY, "suppress_instrumentation")
"""What `opentelemetry.instrumentation.utils.is_instrumentation_enabled` asks for, which looks for the context twice."""

_INFERENCE: Final = ("opentelemetry.genai.client.inference.context", "_inference_invocation", "InferenceData")
_EMBEDDING: Final = ("opentelemetry.genai.client.embedding.context", "_embedding_invocation", "EmbeddingData")


def is_watched(operation: str) -> bool:
    """Whether instrumentation is suppressed here, or an outer one built on `opentelemetry.util.genai` has a span."""
    here = get_current()
    if any([here.get(key) for key in _SUPPRESSED]):  # noqa: C419 - two of them: a generator costs more
        return True
    return here.get(_key(operation)[0]) is not None


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
