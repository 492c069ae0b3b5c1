"""Spans that a process and a Collector must treat alike: what the tests compare, and anybody with another build may.

They are written from the price book and the rules themselves, so a new model or rule is among them when it comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from spanwise.cost.book import PriceBook
from spanwise.cost.match import Clause
from spanwise.record import AttributeValue, Scope, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_DAY_S: Final = 86_400
_NANOS: Final = 1_000_000_000
_BLIND: Final = "opentelemetry.instrumentation.openai_v2"

USAGES: Final[tuple[Mapping[str, int], ...]] = (
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 1240, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 310},
    {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 30_011, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 777,
        attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: 20_480, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS: 1024,
        attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: 512,
    },
    {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 600_001, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1,
        attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: 3, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS: 3007,
        attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS: 2003, attr.SPANWISE_USAGE_WEB_SEARCHES: 3,
        attr.SPANWISE_USAGE_FILE_SEARCHES: 2,
    },
)  # fmt: skip
"""What every model is asked: a plain call, cached and reasoning tokens, a long prompt with everything else."""

ODD_USAGES: Final[tuple[Mapping[str, AttributeValue], ...]] = (
    {},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 0, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 0},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 7},
    {attr.GEN_AI_USAGE_OUTPUT_TOKENS: 7},
    {attr.GEN_AI_USAGE_OUTPUT_TOKENS: 7, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: 3},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 9, attr.GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: 3},
    {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 5, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1,
        attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: 6,
    },
    {attr.GEN_AI_USAGE_INPUT_TOKENS: -5, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: "5", attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 5.0, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1.0},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 5.5, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: True, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 10**13, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 10**12, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 50_000_000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1},
    {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 9000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 9,
        attr.SPANWISE_USAGE_CACHE_WRITE_5M_INPUT_TOKENS: 100, attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS: 200,
    },
    {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 9000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 9,
        attr.GEN_AI_USAGE_AUDIO_INPUT_TOKENS: 100, attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS: 8900,
    },
    {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 9000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 9,
        attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS: 9000, attr.GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS: 400,
    },
    {
        attr.GEN_AI_USAGE_INPUT_TOKENS: 9000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 9,
        attr.GEN_AI_USAGE_TEXT_INPUT_TOKENS: -1,
    },
    {attr.SPANWISE_USAGE_INPUT_AUDIO_SECONDS: 61, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 5},
    {attr.GEN_AI_USAGE_INPUT_TOKENS: 10, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 5, attr.SPANWISE_USAGE_CODE_EXECUTIONS: 2},
)  # fmt: skip
"""Usages with something missing, contradictory, of the wrong type, or that only a process can price."""

_SOME: Final[tuple[tuple[str, str], ...]] = (
    ("openai", "gpt-4o-mini"), ("openai", "gpt-4o"), ("openai", "gpt-5"), ("openai", "gpt-5.4"), ("openai", "o3"),
    ("anthropic", "claude-sonnet-4-5"), ("anthropic", "claude-opus-4-1"), ("gcp.gemini", "gemini-2.5-pro"),
    ("gcp.vertex_ai", "gemini-3-pro"), ("gcp.vertex_ai", "claude-sonnet-4-5"), ("azure.ai.openai", "gpt-4o"),
    ("groq", "whisper-large-v3"), ("deepseek", "deepseek-chat"), ("mistral_ai", "mistral-large-latest"),
    ("perplexity", "sonar"), ("aws.bedrock", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
)  # fmt: skip
_NAMES: Final[tuple[tuple[AttributeValue, ...], ...]] = (
    # Provider, model that answered, model that was asked for, host, port.
    ("openai", "GPT-4o-Mini"),
    ("OpenAI", "gpt-4o-mini"),
    (" OPENAI ", "gpt-4o"),
    ("my-openai-proxy", "gpt-4o"),
    ("vertex_ai_beta", "gemini-2.5-flash"),
    ("bedrock_converse", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    ("nobody", "gpt-4o"),
    ("openai", "no-such-model"),
    ("openai", "no-such-model", "gpt-4o"),
    ("openai", "no-such-model", "openai/gpt-4o"),
    ("openai", None, "openai/gpt-4.1-mini"),
    ("openai", None, "openai/GPT-4o-2024-08-06-custom"),
    ("openai", "gpt-4o-20240806"),
    ("openai", "gpt-4o-20240806-ft", "gpt-5"),
    ("anthropic", "claude-sonnet-4-5-20250929"),
    ("anthropic", "claude-opus-4-20250514-thinking"),
    ("anthropic", "claude-99-unknown"),
    ("gcp.gemini", "gemini-2.5-pro-preview-tts"),
    ("gcp.gemini", "gemini-2.5-pro-anything"),
    ("azure.ai.openai", "gpt-4o-2024-11-20-eu"),
    ("litellm", None, "openai/gpt-4o"),
    (None, "gpt-4o"),
    (None, "claude-sonnet-4-5"),
    (None, "my-own-model"),
    (None, "gpt-99", "claude-sonnet-4-5"),
    (None, "gpt-99", "gpt-4o"),
    ("openai",),
    (),
    ("openai", "gpt-4o|0"),
    ("openai", "gpt-4o\n01|gpt-4o"),
    ("openai", "gpt-4o$1\\n"),
    ("openai", "gpt-4\u00f6"),
    ("openai", "gpt-4o" + "x" * 400),
    ("gro\u212a", "\u212aimi-k2"),
    (7, 9, "gpt-4o"),
    (None, "gpt-4o", None, "api.openai.com"),
    (None, "gpt-4o", None, "api.openai.com", 443),
    (None, "gpt-4o", None, "api.openai.com", 8443),
    ("openai", "gpt-4o", None, "localhost", 4000),
    ("openai", "gpt-4o", None, "acme.openai.azure.com"),
    ("anthropic", "anthropic.claude-3-haiku-20240307-v1:0", None, "bedrock-runtime.sa-east-1.amazonaws.com"),
    ("openai", "openai/gpt-4o", None, "openrouter.ai"),
)
_NAMED_BY: Final = (
    attr.GEN_AI_PROVIDER_NAME,
    attr.GEN_AI_RESPONSE_MODEL,
    attr.GEN_AI_REQUEST_MODEL,
    attr.SERVER_ADDRESS,
    attr.SERVER_PORT,
)
_REGIONS: Final[tuple[Mapping[str, AttributeValue], ...]] = (
    {attr.SPANWISE_RESPONSE_REGION: "us"},
    {attr.SPANWISE_RESPONSE_REGION: "EU"},
    {attr.SPANWISE_RESPONSE_REGION: "global"},
    {attr.SPANWISE_RESPONSE_REGION: "not_available"},
    {attr.SERVER_ADDRESS: "eu.api.openai.com"},
    {attr.SERVER_ADDRESS: "US-EAST5-aiplatform.googleapis.com"},
    {attr.SERVER_ADDRESS: "us-east5-aiplatform.googleapis.com"},
    {attr.SERVER_ADDRESS: "aiplatform.eu.rep.googleapis.com"},
    {attr.SERVER_ADDRESS: "aiplatform.googleapis.com"},
)
_CALLS: Final[tuple[Mapping[str, AttributeValue], ...]] = (
    *({attr.OPENAI_RESPONSE_SERVICE_TIER: tier} for tier in ("flex", "PRIORITY", "default", "scale", "batch", "auto")),
    *({attr.SPANWISE_RESPONSE_SERVICE_TIER: tier} for tier in ("standard", "on_demand_priority", "priority", "batch")),
    {attr.OPENAI_REQUEST_SERVICE_TIER: "flex"},
    {attr.OPENAI_REQUEST_SERVICE_TIER: "auto"},
    {attr.SPANWISE_RESPONSE_SPEED: "fast"},
    {attr.SPANWISE_RESPONSE_SPEED: "standard"},
    {attr.SPANWISE_RESPONSE_SPEED: "fast", attr.SPANWISE_RESPONSE_SERVICE_TIER: "batch"},
    {attr.SPANWISE_STREAM_OUTCOME: "cancelled"},
    {attr.SPANWISE_STREAM_OUTCOME: values.SPANWISE_STREAM_OUTCOME_DRAINED},
    {attr.SPANWISE_STREAM_OUTCOME: "cancelled", attr.GEN_AI_RESPONSE_FINISH_REASONS: ["stop"]},
    {attr.SPANWISE_DIALECT: "litellm"},
    {attr.GEN_AI_OPERATION_NAME: "embeddings"},
    {attr.GEN_AI_OPERATION_NAME: "execute_tool"},
    {attr.SPANWISE_DUPLICATE_OF: "00000000000000ff"},
    {attr.SPANWISE_COST_STATUS: "exact"},
)
_SENT: Final[tuple[Mapping[str, AttributeValue], ...]] = tuple(
    {attr.GEN_AI_USAGE_COST_AMOUNT: amount, **rest}
    for amount in (0.0125, 0, 3, -1.0, float("nan"), "1", 1e13, True)
    for rest in (
        {},
        {attr.GEN_AI_USAGE_COST_CURRENCY: "USD"},
        {attr.GEN_AI_USAGE_COST_CURRENCY: "usd", attr.GEN_AI_USAGE_COST_SOURCE: "provider"},
        {attr.GEN_AI_USAGE_COST_CURRENCY: "EUR", attr.GEN_AI_USAGE_COST_SOURCE: "provider"},
        {attr.GEN_AI_USAGE_COST_SOURCE: "provider"},
    )
)


@dataclass(frozen=True, slots=True)
class PriceVector:
    """One call.

    Attributes:
        attributes: Of the span, as it stands after normalisation.
        start_unix_nano: When the call was made.
        scope: The instrumentation's name.
    """

    attributes: Mapping[str, AttributeValue]
    start_unix_nano: int
    scope: str = ""

    def span(self, number: int) -> SpanRecord:
        """The span of this call, with `number` for its id."""
        operation = {attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT}
        return SpanRecord(
            "chat",
            1,
            number,
            start_unix_nano=self.start_unix_nano,
            end_unix_nano=self.start_unix_nano + _NANOS,
            attributes={**operation, **self.attributes},
            scope=Scope(self.scope),
        )


def price_vectors(book: PriceBook) -> Iterator[PriceVector]:
    """Every model with every usage, then what can be odd about a call, a name, a region or an amount."""
    at = (book.date.toordinal() - 719_163) * _DAY_S * _NANOS + 12 * 3600 * _NANOS
    plain = USAGES[0]
    for provider in book.raw:
        for model in provider["models"]:
            name = _named(model[1])
            if name is None:
                continue
            called = {attr.GEN_AI_PROVIDER_NAME: provider["id"], attr.GEN_AI_RESPONSE_MODEL: name}
            yield from (PriceVector({**called, **usage}, at) for usage in USAGES)
    for provider_name, model_name in _SOME:
        called = {attr.GEN_AI_PROVIDER_NAME: provider_name, attr.GEN_AI_RESPONSE_MODEL: model_name}
        for odd in ODD_USAGES:
            yield PriceVector({**called, **odd}, at)
        for more in (*_REGIONS, *_CALLS, *_SENT):
            yield PriceVector({**called, **USAGES[1], **more}, at)
            yield PriceVector({**called, **more}, at)
        for moment in (0, at - 400 * _DAY_S * _NANOS, at + 400 * _DAY_S * _NANOS, at + 9 * 3600 * _NANOS):
            yield PriceVector({**called, **plain}, moment)
            yield PriceVector({**called, **plain, attr.SPANWISE_RESPONSE_REGION: "us"}, moment)
        few = {attr.GEN_AI_USAGE_INPUT_TOKENS: 3, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 3}
        yield from (PriceVector({**called, **usage}, at, _BLIND) for usage in (plain, few))
    for names in _NAMES:
        named = {name: value for name, value in zip(_NAMED_BY, names, strict=False) if value is not None}
        yield PriceVector({**plain, **named}, at)


def _named(clause: Clause) -> str | None:
    """A name that satisfies a clause of the book, where one is easily told; names are asked of the book again."""
    kind, operand = clause
    if kind in {"equals", "starts"}:
        return str(operand)
    if kind == "ends":
        return f"x{operand}"
    if kind == "contains":
        return f"x-{operand}-x"
    if kind in {"or", "and"}:
        return next((name for part in operand if (name := _named(part)) is not None), None)
    return None
