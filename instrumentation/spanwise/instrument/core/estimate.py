"""An estimate of the tokens of a text, for calls that end without a count."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import orjson

from spanwise.instrument.codec import Attributes
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment, values


Value: TypeAlias = Any
"""One value of a content attribute, as JSON."""

OPERATIONS: Final = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    }
)
"""Operations whose input and output are text that is counted in tokens."""

WEIGHTS: Final[tuple[tuple[bytes, float], ...]] = (
    (b"abcdefghijklmnopqrstuvwxyz", 0.22),
    (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 0.45),
    (b"0123456789", 1.39),
    (bytes(sign for sign in range(33, 127) if not chr(sign).isalnum()), 0.23),
    (b"\n\r", 1.84),
    (b" \t", 0.03),
    (bytes(range(0xC0, 0xE0)), 3.45),
    (bytes(range(0xE0, 0xF0)), 0.92),
    (bytes(range(0xF0, 0xF8)), 2.0),
)
"""Classes of UTF-8 bytes and tokens for each: of a character outside ASCII, its first byte.

Fitted by least squares to half of the passages of `tests/bench/bench_estimate.py` and the mean of three tokenizers; the
other half says how good they are."""

_MEDIA: Final = frozenset({"blob", "uri", "file"})
_NO_TEXT: Final = frozenset({"type", "role", "id", "finish_reason", "modality", "mime_type"})
_MOST_DEPTH: Final = 32


def estimates() -> bool:
    """Whether `SPANWISE_ESTIMATE_TOKENS` asks for estimates, which a policy sets."""
    return os.environ.get(environment.SPANWISE_ESTIMATE_TOKENS, "").strip().lower() in {"1", "true", "yes", "on"}


def estimated_tokens(text: str) -> int:
    """Tokens that a tokenizer of a large provider is likely to make of `text`; 0 for none. About 30 us per KB."""
    data = text.encode("utf-8", "replace")
    size = len(data)
    tokens = sum(weight * (size - len(data.translate(None, signs))) for signs, weight in WEIGHTS)
    return max(round(tokens), 1) if text else 0


def tokens_of(content: Attributes, names: tuple[str, ...]) -> int | None:
    """Estimated tokens of the content attributes `names`.

    `None` where none of them says anything, and where one has an image, a sound or a file: what these take nobody can
    tell from here.
    """
    said: list[str] = []
    for name in names:
        value = content.get(name)
        try:
            parsed = orjson.loads(value) if isinstance(value, str) else value
        except ValueError:
            parsed = value
        for text in _texts(parsed, 0):
            if text is None:
                return None
            said.append(text)
    return estimated_tokens("\n".join(said)) if said else None


INPUT: Final = (attr.GEN_AI_SYSTEM_INSTRUCTIONS, attr.GEN_AI_INPUT_MESSAGES, attr.GEN_AI_TOOL_DEFINITIONS)
"""What is read of a request."""
OUTPUT: Final = (attr.GEN_AI_OUTPUT_MESSAGES,)
"""What is read of a response."""


def _texts(value: Value, depth: int) -> Iterator[str | None]:
    """Every text below `value`; `None` for media."""
    if isinstance(value, str):
        yield value
    elif depth > _MOST_DEPTH:
        return
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, depth + 1)
    elif isinstance(value, dict):
        if value.get("type") in _MEDIA:
            yield None
        for key, item in value.items():
            if key not in _NO_TEXT:
                yield from _texts(item, depth + 1)
