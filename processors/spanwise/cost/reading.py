"""What a span says about what it used and how it was called."""

from __future__ import annotations

import math
from typing import Final, NamedTuple, TypeAlias

from spanwise.cost.quote import INCONSISTENT
from spanwise.cost.unit import IMAGES
from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


NO_USAGE: Final = "no usage"

COUNTS: Final = {
    attr.GEN_AI_USAGE_INPUT_TOKENS: "input_tokens",
    attr.GEN_AI_USAGE_OUTPUT_TOKENS: "output_tokens",
    attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: "cache_read_tokens",
    attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS: "cache_write_tokens",
    attr.SPANWISE_USAGE_CACHE_WRITE_5M_INPUT_TOKENS: "cache_write_5m_tokens",
    attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS: "cache_write_1h_tokens",
    attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: "output_reasoning_tokens",
    attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS: "input_text_tokens",
    attr.GEN_AI_USAGE_IMAGE_INPUT_TOKENS: "input_image_tokens",
    attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS: "input_audio_tokens",
    attr.SPANWISE_USAGE_VIDEO_INPUT_TOKENS: "input_video_tokens",
    attr.SPANWISE_USAGE_TOOL_INPUT_TOKENS: "input_tool_tokens",
    attr.GEN_AI_USAGE_TEXT_OUTPUT_TOKENS: "output_text_tokens",
    attr.GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS: "output_image_tokens",
    attr.GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS: "output_audio_tokens",
    attr.SPANWISE_USAGE_VIDEO_OUTPUT_TOKENS: "output_video_tokens",
    attr.SPANWISE_USAGE_CITATION_OUTPUT_TOKENS: "output_citation_tokens",
    attr.GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS: "cache_text_read_tokens",
    attr.GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS: "cache_image_read_tokens",
    attr.GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS: "cache_audio_read_tokens",
    attr.SPANWISE_USAGE_WEB_SEARCHES: "web_searches",
    attr.SPANWISE_USAGE_SOCIAL_SEARCHES: "social_searches",
    attr.SPANWISE_USAGE_FILE_SEARCHES: "storage_searches",
    attr.SPANWISE_USAGE_RERANK_SEARCHES: "rerank_searches",
    attr.SPANWISE_USAGE_CODE_EXECUTIONS: "code_executions",
    attr.SPANWISE_USAGE_INPUT_CHARACTERS: "input_characters",
    attr.SPANWISE_USAGE_INPUT_PAGES: "input_document_pages",
    attr.SPANWISE_USAGE_INPUT_ANNOTATED_PAGES: "input_annotated_document_pages",
    attr.SPANWISE_USAGE_INPUT_PIXELS: "input_pixels",
    attr.SPANWISE_USAGE_INPUT_AUDIO_SECONDS: "input_audio_seconds",
    attr.SPANWISE_USAGE_OUTPUT_AUDIO_SECONDS: "output_audio_seconds",
    attr.SPANWISE_USAGE_OUTPUT_IMAGES: IMAGES,
}
"""Attributes of counts by the keys of the price book."""

CACHE_READS: Final = frozenset(
    {"cache_read_tokens", "cache_text_read_tokens", "cache_image_read_tokens", "cache_audio_read_tokens"}
)
"""Counts of input that was read from a cache."""

_DURATIONS: Final = frozenset({"input_audio_seconds", "output_audio_seconds"})
_TOTALS: Final = (
    ("cache_write_tokens", ("cache_write_5m_tokens", "cache_write_1h_tokens")),
    ("cache_read_tokens", ("cache_text_read_tokens", "cache_image_read_tokens", "cache_audio_read_tokens")),
    ("audio_seconds", ("input_audio_seconds", "output_audio_seconds")),
    ("input_document_pages", ("input_annotated_document_pages",)),
)
"""Totals that may be left out where their parts are given."""
_MODALITIES: Final = (
    ("input_text_tokens", "cache_text_read_tokens"),
    ("input_image_tokens", "cache_image_read_tokens"),
    ("input_audio_tokens", "cache_audio_read_tokens"),
    ("input_video_tokens", "cache_video_read_tokens"),
)

_BATCH: Final = "batch"
_TIERS: Final = {"on_demand_priority": "priority", "on_demand_flex": "flex", "on_demand": "default"}
"""Words that Vertex AI has for service tiers (`usageMetadata.trafficType`)."""
_UNSAID: Final = frozenset({"auto", "default"})

Filled: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""Totals that are missing, each with the parts it is the sum of."""


class Call(NamedTuple):
    """All that a price depends on beside the counts and the time, as it stands on a span."""

    operation: AttributeValue
    provider: AttributeValue
    answered: AttributeValue
    asked: AttributeValue
    host: AttributeValue
    port: AttributeValue
    openai_tier: AttributeValue
    other_tier: AttributeValue
    asked_tier: AttributeValue
    speed: AttributeValue
    region: AttributeValue
    tenant: AttributeValue
    dialect: AttributeValue
    scope: str
    is_cut: bool

    def text(self, name: str) -> str | None:
        """The field `name` when it is a text that is not empty."""
        value = getattr(self, name)
        return value if isinstance(value, str) and value else None

    @property
    def tier(self) -> str | None:
        """The service tier that was used, in lower case; `None` when the response did not say."""
        tier = self.text("openai_tier") or self.text("other_tier")
        return None if tier is None else _TIERS.get(tier.lower(), tier.lower())

    @property
    def wanted_tier(self) -> str | None:
        """The service tier that was asked for, when the response did not say which was used."""
        tier = self.text("asked_tier") if self.tier is None else None
        return None if tier is None or tier.lower() in _UNSAID else tier.lower()

    @property
    def context(self) -> dict[str, str] | None:
        """How the call was made, in the words of the price book: service tier, batch processing, speed."""
        tier, speed = self.tier or self.wanted_tier, self.text("speed")
        context: dict[str, str] = {}
        if tier is not None:
            context["processing" if tier == _BATCH else "service_tier"] = tier
        if speed is not None:
            context["speed"] = speed.lower()
        return context or None

    @property
    def url(self) -> str | None:
        """Where the API is, as far as the span says: always `https`, because the book names public APIs only."""
        host, port = self.text("host"), self.port
        if host is None:
            return None
        return f"https://{host}" if port in {None, 443, 80} else f"https://{host}:{port}"


def call_of(span: SpanRecord, *, tenant: bool) -> Call:
    """How `span` was called; its tenant only where a price depends on it, because every tenant is a call of its own."""
    get = span.attributes.get
    outcome = get(attr.SPANWISE_STREAM_OUTCOME)
    return _call(
        Call,
        (
            get(attr.GEN_AI_OPERATION_NAME),
            get(attr.GEN_AI_PROVIDER_NAME),
            get(attr.GEN_AI_RESPONSE_MODEL),
            get(attr.GEN_AI_REQUEST_MODEL),
            get(attr.SERVER_ADDRESS),
            get(attr.SERVER_PORT),
            get(attr.OPENAI_RESPONSE_SERVICE_TIER),
            get(attr.SPANWISE_RESPONSE_SERVICE_TIER),
            get(attr.OPENAI_REQUEST_SERVICE_TIER),
            get(attr.SPANWISE_RESPONSE_SPEED),
            get(attr.SPANWISE_RESPONSE_REGION),
            get(attr.SPANWISE_TENANT) if tenant else None,
            get(attr.SPANWISE_DIALECT),
            span.scope.name,
            outcome is not None
            and outcome != values.SPANWISE_STREAM_OUTCOME_DRAINED
            and attr.GEN_AI_RESPONSE_FINISH_REASONS not in span.attributes,
        ),
    )


_call = tuple.__new__
"""A named tuple without the call of its own constructor, which costs as much as the rest."""


def plain(call: Call) -> Call:
    """`call` with nothing in it but texts and a whole-numbered port: what a key may hold."""
    port = call.port if isinstance(call.port, int) else None
    texts = [value if isinstance(value, str) else None for value in call[:-2]]
    return Call._make([*texts, call.scope, call.is_cut])._replace(port=port)


def usage_of(span: SpanRecord) -> dict[str, int] | str:
    """The counts on `span` by the keys of the price book, or the reason why they cannot be priced."""
    usage: dict[str, int] = {}
    known = COUNTS
    for name, value in span.attributes.items():
        if name in known:
            key = known[name]
            count = value if type(value) is int else _count(value, key)
            if count is None or count < 0:
                return INCONSISTENT
            usage[key] = count
    return usage


def missing_totals(keys: tuple[str, ...]) -> Filled:
    """The totals that are missing among `keys` and can be had from their parts."""
    missing = ((total, tuple(part for part in parts if part in keys)) for total, parts in _TOTALS if total not in keys)
    return tuple((total, parts) for total, parts in missing if parts)


def uncached_modalities(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The cached parts of modalities that were not reported though the modality was."""
    return tuple(cached for whole, cached in _MODALITIES if whole in keys and cached not in keys)


def is_rounded(span: SpanRecord) -> bool:
    """Whether a duration on `span` had to be rounded to whole seconds."""
    names = (attr.SPANWISE_USAGE_INPUT_AUDIO_SECONDS, attr.SPANWISE_USAGE_OUTPUT_AUDIO_SECONDS)
    found = (span.attributes.get(name) for name in names)
    return any(isinstance(value, float) and not value.is_integer() for value in found)


def _count(value: AttributeValue, key: str) -> int | None:
    """A count that is no plain integer: a float without a fraction, or seconds rounded half up."""
    if not isinstance(value, float) or not math.isfinite(value):
        return None
    if value.is_integer():
        return int(value)
    return math.floor(value + 0.5) if key in _DURATIONS else None
