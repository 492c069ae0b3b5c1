"""Older states of the convention that spans and metrics can be written in, for dashboards that expect them.

Sources: semantic-conventions 1.36; opentelemetry-util-genai 1.3b0, which writes current attributes but the metric names
and the schema URL of 1.37.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class PastMetric(NamedTuple):
    """A metric that the convention has given up, and what stands for it now."""

    name: str
    unit: str
    description: str
    instead: str


class Flavour(NamedTuple):
    """One state of the convention: how it differs from the current one."""

    name: str
    brief: str
    schema_url: str
    attributes: dict[str, str]
    """Current names of attributes, and the names they had."""
    words: dict[str, dict[str, str]]
    """Current names of attributes, and for their current values the values they had."""
    events: bool
    """Whether messages were events of the span, not attributes."""
    metrics: tuple[PastMetric, ...]
    """Metrics recorded besides, or instead of, the current ones."""


TOKEN_USAGE: Final = PastMetric(
    "gen_ai.client.token.usage",
    "{token}",
    "Input and output tokens used.",
    "gen_ai.client.inference.usage.* and gen_ai.client.inference.operation.*_tokens",
)
OPERATION_DURATION: Final = PastMetric(
    "gen_ai.client.operation.duration", "s", "Duration of an operation.", "gen_ai.client.inference.duration"
)
TIME_TO_FIRST_CHUNK: Final = PastMetric(
    "gen_ai.client.operation.time_to_first_chunk",
    "s",
    "Time from the request to the first chunk of a stream.",
    "gen_ai.client.inference.time_to_first_chunk",
)

TOKEN_TYPE: Final = "gen_ai.token.type"  # noqa: S105 - a label of the token histogram, not a secret
"""Label of the token histogram: `input` or `output`."""

SYSTEM: Final = "gen_ai.system"
"""What the provider was called up to 1.36."""

MESSAGE_EVENTS: Final = {
    "system": "gen_ai.system.message",
    "user": "gen_ai.user.message",
    "assistant": "gen_ai.assistant.message",
    "tool": "gen_ai.tool.message",
}
"""Events that messages of each role were, up to 1.36."""

CHOICE_EVENT: Final = "gen_ai.choice"
"""The event that an answer was, up to 1.36."""

EVENT_CONTENT: Final = "gen_ai.event.content"
"""Attribute in which some suites put all of such an event as JSON."""

PROMPT_EVENT: Final = ("gen_ai.content.prompt", "gen_ai.prompt")
COMPLETION_EVENT: Final = ("gen_ai.content.completion", "gen_ai.completion")
"""Events of all that was asked or answered, before 1.30, and the attribute that held it."""

CURRENT: Final = Flavour(
    "current", "The convention at the commit this distribution is built from.", "", {}, {}, events=False, metrics=()
)
RELEASED: Final = Flavour(
    "released",
    "What opentelemetry-util-genai 1.3b0 writes.",
    "https://opentelemetry.io/schemas/1.37.0",
    {},
    {},
    events=False,
    metrics=(TOKEN_USAGE, OPERATION_DURATION, TIME_TO_FIRST_CHUNK),
)
LEGACY: Final = Flavour(
    "legacy",
    "The convention up to 1.36, without an opt-in.",
    "https://opentelemetry.io/schemas/1.36.0",
    {
        attr.GEN_AI_PROVIDER_NAME: SYSTEM,
        attr.OPENAI_REQUEST_SERVICE_TIER: "gen_ai.openai.request.service_tier",
        attr.OPENAI_RESPONSE_SERVICE_TIER: "gen_ai.openai.response.service_tier",
        attr.OPENAI_RESPONSE_SYSTEM_FINGERPRINT: "gen_ai.openai.response.system_fingerprint",
    },
    {
        attr.GEN_AI_PROVIDER_NAME: {
            values.GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI: "az.ai.openai",
            values.GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE: "az.ai.inference",
            values.GEN_AI_PROVIDER_NAME_X_AI: "xai",
        },
        attr.GEN_AI_RESPONSE_FINISH_REASONS: {values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL: "tool_calls"},
    },
    events=True,
    metrics=(TOKEN_USAGE, OPERATION_DURATION),
)

ALL: Final = {flavour.name: flavour for flavour in (CURRENT, RELEASED, LEGACY)}
"""Every flavour by name."""
