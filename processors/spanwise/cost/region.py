"""What a call costs more because it stays in a region.

The price book has regional prices where a provider gives the regional model a name of its own (Amazon Bedrock). The
others multiply the price of the global endpoint; those multipliers are in no price book, so they stand here, each with
its source and the day since when. They hold for tokens: none of the sources says that searches or requests cost more.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple


GLOBAL: Final = "global"
UNKNOWN_REGION: Final = "region unknown"
UNKNOWN_UPLIFT: Final = "regional price unknown"

_EPOCH: Final = date(1970, 1, 1).toordinal()
_DAY_S: Final = 86_400


class Uplift(NamedTuple):
    """How much more a model costs outside the global endpoint of its provider."""

    provider: str
    """The provider by the price book's id."""
    concerns: Callable[[str], bool]
    """Whether a model, by its id in the book, is one of those."""
    factor: Decimal
    since: date
    """First day of the price; for models that came later, their own first day."""
    source: str
    name: str
    regions: frozenset[str] | None = None
    """The regions that cost more; `None` for all but the global one."""
    must_know: bool = False
    """Whether the provider sells the model at both prices often enough that an unknown region is an assumption."""

    @property
    def since_s(self) -> int:
        """`since` in seconds since the epoch."""
        return (self.since.toordinal() - _EPOCH) * _DAY_S


def _claude_of_4_5(model: str) -> bool:
    """Claude Sonnet, Haiku and Opus 4.5 and everything that came after them."""
    found = re.search(r"claude-(?:[a-z]+-)?([0-9]+)(?:[-.]([0-9]{1,2})(?![0-9]))?", model)
    return found is not None and (int(found[1]), int(found[2] or 0)) >= (4, 5)


def _gemini_3(model: str) -> bool:
    """Generally available models of Gemini 3 and later: the notice leaves previews out."""
    found = re.match(r"gemini-([0-9]+)", model)
    return found is not None and int(found[1]) >= 3 and "preview" not in model


def _gpt_5_4(model: str) -> bool:
    """GPT models released on or after 2026-03-05, the day of gpt-5.4."""
    found = re.match(r"gpt-([0-9]+)(?:\.([0-9]+))?", model)
    return found is not None and (int(found[1]), int(found[2] or 0)) >= (5, 4)


def _any(_model: str) -> bool:
    return True


UPLIFTS: Final = (
    Uplift(
        "anthropic", _any, Decimal("1.1"), date(2026, 2, 5),
        "https://platform.claude.com/docs/en/about-claude/pricing#data-residency-pricing", "inference_geo",
        frozenset({"us"}),
    ),
    Uplift(
        "google", _claude_of_4_5, Decimal("1.1"), date(2025, 9, 29),
        "https://platform.claude.com/docs/en/about-claude/pricing#cloud-platform-pricing", "vertex", must_know=True,
    ),
    Uplift(
        "google", _gemini_3, Decimal("1.1"), date(2026, 7, 1),
        "https://cloud.google.com/vertex-ai/generative-ai/pricing", "vertex", must_know=True,
    ),
    Uplift(
        "openai", _gpt_5_4, Decimal("1.1"), date(2026, 3, 5),
        "https://developers.openai.com/api/docs/guides/data-residency", "data_residency",
    ),
)  # fmt: skip
"""Anthropic: models that cannot be pinned to a region never report one, so every model that does is concerned.
Together's regional hosts cost more, but the page that says so has no date: a call there is an estimate."""

EDGES: Final = tuple(entry.since_s for entry in UPLIFTS)
"""The seconds at which one of them begins."""

_SETTLED: Final = r"gpt-[345]|chatgpt-|o[134]\b|text-|davinci|babbage|whisper|tts-|dall-e|gpt-image-1|codex-"
"""Families of OpenAI from before the uplift, which cost the same everywhere."""
# Patterns as text: they are compiled when the first call of their provider is looked at.
_OPENAI_HOST: Final = r"([a-z]{2})\.api\.openai\.com"
_VERTEX_HOST: Final = r"([a-z]+-[a-z]+[0-9]+|us|eu|global)-aiplatform\.googleapis\.com"
_VERTEX_AREA: Final = r"aiplatform\.([a-z]{2})\.rep\.googleapis\.com"
_TOGETHER_HOST: Final = r"([a-z]{2})-api\.together\.(?:ai|xyz)"
_VERTEX_GLOBAL: Final = "aiplatform.googleapis.com"
_VERTEX: Final = "gcp.vertex_ai"


def region_of(provider: str, *, name: str | None, host: str | None, said: str | None) -> str | None:
    """The region a call ran in: what the response `said`, else what `host` shows; `None` when it is not known.

    `name` is the provider as the span has it. A provider with one address for all regions is global.
    """
    if said and said != "not_available":
        return said.lower()
    host = (host or "").lower()
    for pattern in (_OPENAI_HOST, _VERTEX_HOST, _VERTEX_AREA, _TOGETHER_HOST):
        if found := re.fullmatch(pattern, host):
            return found[1]
    if provider == "google" and name == _VERTEX and host != _VERTEX_GLOBAL:
        return None
    return GLOBAL


def uplift(provider: str, model: str, region: str | None, at_s: int) -> tuple[Uplift | None, str]:
    """What `model` costs more in `region`, and why that is an assumption if it is."""
    if region == GLOBAL:
        return None, ""
    known = next((entry for entry in UPLIFTS if entry.provider == provider and entry.concerns(model)), None)
    if known is not None and region is None:
        return None, UNKNOWN_REGION if known.must_know and at_s >= known.since_s else ""
    if known is not None and known.regions is not None and region not in known.regions:
        return None, UNKNOWN_UPLIFT
    if known is not None:
        return (known, "") if at_s >= known.since_s else (None, "")
    return None, UNKNOWN_UPLIFT if region and _is_open(provider, model) else ""


def _is_open(provider: str, model: str) -> bool:
    """Whether nobody has said what `model` costs in a region."""
    if provider == "openai":
        return re.match(_SETTLED, model) is None
    if provider == "together":
        return True
    return provider == "google" and model.startswith("gemini-3") and "preview" in model
