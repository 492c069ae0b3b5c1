"""What has to be taken for granted about a call to price it."""

from __future__ import annotations

from typing import Final

from spanwise.cost.arithmetic import Quoting
from spanwise.cost.quote import INCOMPLETE, Quote, Usage
from spanwise.cost.reading import Call, uncached_modalities
from spanwise.cost.rule import Rule
from spanwise.semconv import values


CACHED_MODALITIES_UNKNOWN: Final = "cached modalities unknown"
CACHED_UNKNOWN: Final = "cached tokens unknown"
"""The component that made the span does not say what was cached, and cached tokens have a price of their own."""
INPUT_MISSING: Final = "input tokens missing"
OUTPUT_MISSING: Final = "output tokens missing"
PROVIDER_GUESSED: Final = "provider guessed from the model"
STREAM_ENDED_EARLY: Final = "stream ended early"
TIER_ASKED_FOR: Final = "service tier as asked for"

_INPUT: Final = "input_tokens"
_OUTPUT: Final = "output_tokens"
_CACHED: Final = "cache_read_tokens"
_LEAST_CACHED: Final = 1024
"""OpenAI caches no prompt with fewer tokens (platform.openai.com/docs/guides/prompt-caching)."""
_OPENAI: Final = frozenset({"openai", "azure"})
_BLIND_SCOPE: Final = "opentelemetry.instrumentation.openai_v2"
_BLIND_DIALECT: Final = "litellm"
_BLIND_ON_LITELLM: Final = "google_adk"


def assumption(call: Call, rule: Rule, keys: tuple[str, ...]) -> str:
    """What has to be assumed of every call of this kind; empty when nothing has to."""
    if call.is_cut:
        return STREAM_ENDED_EARLY
    if call.wanted_tier is not None:
        return TIER_ASKED_FOR
    if _INPUT not in keys and rule.prices(_INPUT):
        return INPUT_MISSING
    if (
        _OUTPUT not in keys
        and rule.prices(_OUTPUT)
        and call.operation != values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    ):  # fmt: skip
        return OUTPUT_MISSING
    return ""


def with_uncached(rule: Rule, keys: tuple[str, ...], reason: str) -> Quoting:
    """What prices `keys`; where only the split of the cached tokens is missing, as an estimate with nothing cached."""
    quoting = rule.quoting(keys, reason)
    unknown = uncached_modalities(keys)
    if not unknown or not rule.is_guarded(keys):
        return quoting
    assuming = rule.quoting((*keys, *unknown), reason or CACHED_MODALITIES_UNKNOWN)
    nothing = dict.fromkeys(unknown, 0)

    def quoting_anyway(usage: Usage) -> Quote:
        quote = quoting(usage)
        return assuming({**usage, **nothing}) if quote.reason == INCOMPLETE else quote

    return quoting_anyway


def checked_for_cache(quoting: Quoting, rule: Rule, call: Call, keys: tuple[str, ...], provider: str | None) -> Quoting:
    """`quoting`, made an estimate where the component behind the span never says how much of a prompt was cached."""
    if not _is_blind(call) or _CACHED in keys or _INPUT not in keys or not rule.prices(_CACHED):
        return quoting
    least = _LEAST_CACHED if provider in _OPENAI else 1

    def checked(usage: Usage) -> Quote:
        quote = quoting(usage)
        if not quote.sums or quote.reason or usage[_INPUT] < least:
            return quote
        return quote.estimated(CACHED_UNKNOWN)

    return checked


def _is_blind(call: Call) -> bool:
    """Whether the component behind `call` cannot say what was cached: recorded, see `tests/dialects/golden`."""
    if call.scope == _BLIND_SCOPE or call.dialect == _BLIND_DIALECT:
        return True
    # Google's kit knows the cached tokens of Gemini, but not those of models that it reaches through LiteLLM.
    return call.dialect == _BLIND_ON_LITELLM and "/" in (call.text("asked") or "")
