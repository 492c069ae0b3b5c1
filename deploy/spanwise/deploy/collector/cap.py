"""Size caps: the second net behind those of the process, and the first for spans of other sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.path import text
from spanwise.deploy.collector.release import Component
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.plan import Plan


MOST_ATTRIBUTES: Final = 256
"""Attributes that a span, an event or a log record keeps."""
MOST_NAME_BYTES: Final = 1024
"""Bytes of the name of a span."""
_FIRST: Final = (
    attr.GEN_AI_OPERATION_NAME,
    attr.GEN_AI_PROVIDER_NAME,
    attr.GEN_AI_REQUEST_MODEL,
    attr.GEN_AI_USAGE_INPUT_TOKENS,
    attr.GEN_AI_USAGE_OUTPUT_TOKENS,
    attr.GEN_AI_USAGE_COST_AMOUNT,
    attr.SPANWISE_COST_MICRO_USD,
    attr.SPANWISE_PROCESSED,
    attr.ERROR_TYPE,
)
"""What is kept when a span has too many."""


def caps(configuration: Configuration, plan: Plan) -> str:
    """The id of the processor that bounds texts and numbers of attributes.

    The bound of a text is that of the process (`cap.max_attribute_bytes`), which cuts JSON so that it stays JSON; what
    is longer here came from elsewhere and is cut anywhere between two characters.
    """
    most = plan.pipeline.cap.max_attribute_bytes
    kept = ", ".join(map(text, _FIRST))
    spans = [
        f"truncate_all(span.attributes, {most})",
        f"limit(span.attributes, {MOST_ATTRIBUTES}, [{kept}])",
        f"set(span.name, Substring(span.name, 0, {MOST_NAME_BYTES})) where Len(span.name) > {MOST_NAME_BYTES}",
    ]
    settings: Block = {
        "error_mode": "ignore",
        "trace_statements": [
            {"statements": [f"truncate_all(resource.attributes, {most})"]},
            {"statements": spans},
            {"statements": _of("spanevent", most)},
        ],
        "log_statements": [{"statements": _of("log", most)}],
    }
    about = "cap.max_attribute_bytes of the policy. What came through a pipeline of ours fits already, as valid JSON."
    return configuration.add(Component.TRANSFORM, "cap", settings, about)


def _of(context: str, most: int) -> list[str]:
    return [f"truncate_all({context}.attributes, {most})", f"limit({context}.attributes, {MOST_ATTRIBUTES}, [])"]
