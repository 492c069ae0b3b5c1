"""What Cohere counts and what it bills, `usage` or `meta` by the version of its API."""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, mapping, put
from spanwise.semconv import attributes as attr


def cohere_usage(counted: Json) -> Attributes:
    """Token counts of a `usage` or `meta` object: what is billed, as the convention asks where both are known.

    Tokens of a chat that Cohere adds to the prompt itself are counted and not billed. Where the cache answered more
    tokens than are billed as input, its part of what is billed is not known and left out.
    """
    billed, used = mapping(counted.get("billed_units")), mapping(counted.get("tokens"))
    found: Attributes = {}
    asked = _tokens(billed, used, "input_tokens")
    put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, asked)
    put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, _tokens(billed, used, "output_tokens"))
    cached = count(counted.get("cached_tokens"))
    if cached is not None and asked is not None and cached <= asked:
        found[attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS] = cached
    return found


def searches(counted: Json) -> int | None:
    """The search units that are billed; `None` for none."""
    return count(mapping(counted.get("billed_units")).get("search_units")) or None


def _tokens(billed: Json, used: Json, name: str) -> int | None:
    amount = count(billed.get(name))
    return count(used.get(name)) if amount is None else amount
