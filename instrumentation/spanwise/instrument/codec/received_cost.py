"""What a call cost, where the response says so.

Only fields that a provider or router documents are read. Some say the currency themselves (`cost_in_usd_ticks`), others
have one only at the host that sends them: those come without a currency, and whoever knows the host adds it or takes
the amount out again (`settle`).

Sources:

- OpenRouter, https://openrouter.ai/docs/use-cases/usage-accounting: `cost` is what the account is charged, a credit is
  a US dollar; with a key of one's own, `is_byok`, the provider charges `upstream_inference_cost` beside it.
- xAI, https://docs.x.ai/developers/cost-tracking: 10,000,000,000 ticks are a dollar, discounts and tools included.
- Perplexity, https://docs.perplexity.ai: `cost` is an object whose `total_cost` is in dollars.
- LLM Gateway, https://docs.llmgateway.io/features/cost-breakdown: `cost_usd_total`.
- LiteLLM's proxy, https://docs.litellm.ai/docs/proxy/response_headers: a header, and `cost` in the usage of a stream
  where `include_cost_in_streaming_usage` is set.
- DeepInfra: `estimated_cost`, in dollars; the word is its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import mapping
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Value: TypeAlias = object
"""One JSON value of a provider."""

ESTIMATED_BY_PROVIDER: Final = "the provider calls the amount an estimate"

COST_HEADER: Final = "x-litellm-response-cost"

MARKS: Final = ("cost", "cost_in_usd_ticks", "cost_usd_total", "estimated_cost")
"""The fields of a usage object that are read."""

_CACHE_HEADER: Final = "x-litellm-cache-key"
_PROXY_HEADERS: Final = ("x-litellm-call-id", "x-litellm-version")
_LONGEST: Final = 64
_TICKS_PER_USD: Final = 10**10
_MICROS: Final = 1_000_000
_USD: Final = "USD"
_LARGEST: Final = 1e9

_HOSTS: Final = {
    "openrouter.ai": "cost",
    "deepinfra.com": "estimated_cost",
}
"""Hosts whose amounts are dollars though no field says so, with the field that they document."""

_PROVIDER: Final[Attributes] = {attr.GEN_AI_USAGE_COST_SOURCE: values.GEN_AI_USAGE_COST_SOURCE_PROVIDER}
_PARTS: Final = (
    attr.GEN_AI_USAGE_COST_AMOUNT,
    attr.GEN_AI_USAGE_COST_CURRENCY,
    attr.GEN_AI_USAGE_COST_SOURCE,
    attr.SPANWISE_COST_STATUS,
    attr.SPANWISE_COST_REASON,
    attr.SPANWISE_COST_MICRO_USD,
)


def received_cost(usage: Json) -> Attributes:
    """The amount in a usage object, with its currency where the field says it; empty where there is none.

    What is no amount of money (NaN, negative, a text) is left out. Costs four look-ups where nothing was sent.
    """
    if usage.keys().isdisjoint(MARKS):
        return {}
    ticks = money(usage.get("cost_in_usd_ticks"))
    if ticks is not None:
        return _dollars(float(Decimal(repr(ticks)) / _TICKS_PER_USD))
    for told in (mapping(usage.get("cost")).get("total_cost"), usage.get("cost_usd_total")):
        if (amount := money(told)) is not None:
            return _dollars(amount) if _in_dollars(usage.get("cost")) else {}
    if (amount := money(usage.get("cost"))) is not None:
        return {**_PROVIDER, attr.GEN_AI_USAGE_COST_AMOUNT: _with_upstream(amount, usage)}
    if (amount := money(usage.get("estimated_cost"))) is not None:
        return {
            **_PROVIDER,
            attr.GEN_AI_USAGE_COST_AMOUNT: amount,
            attr.SPANWISE_COST_STATUS: values.SPANWISE_COST_STATUS_ESTIMATED,
            attr.SPANWISE_COST_REASON: ESTIMATED_BY_PROVIDER,
        }
    return {}


def header_cost(headers: Mapping[str, str]) -> Attributes:
    """The amount in US dollars that LiteLLM's proxy writes into a header; empty for what is no amount of money.

    A 0 says that the proxy has no price, unless it answered from its cache. One look-up where there is no header.
    """
    # Asked first: HTTP libraries answer a question faster than they find nothing.
    text = headers.get(COST_HEADER) if COST_HEADER in headers else None
    if text is None or len(text) > _LONGEST or not text.isascii() or "_" in text:
        return {}
    try:
        amount = money(float(text))
    except ValueError:
        return {}
    if amount is None or (not amount and _CACHE_HEADER not in headers):
        return {}
    return _dollars(amount)


def settle(found: Attributes, host: str, headers: Mapping[str, str] | None) -> None:
    """Give an amount of `found` without a currency the one that `host` documents, or take it out.

    A proxy of LiteLLM runs at any host; it shows itself by its headers.
    """
    is_estimate = attr.SPANWISE_COST_STATUS in found
    field = "estimated_cost" if is_estimate else "cost"
    known = any(_ends(host, suffix) and field == documented for suffix, documented in _HOSTS.items())
    if known or (not is_estimate and _is_litellm(headers)):
        found[attr.GEN_AI_USAGE_COST_CURRENCY] = _USD
        amount = found[attr.GEN_AI_USAGE_COST_AMOUNT]
        if is_estimate and isinstance(amount, int | float):
            # The cost step leaves a span alone that has a status, so this is completed here.
            found[attr.SPANWISE_COST_MICRO_USD] = round(Decimal(repr(amount)) * _MICROS)
        return
    for name in _PARTS:
        found.pop(name, None)


def money(value: Value) -> float | None:
    """`value` when it is an amount of money: a finite number from 0 up to a billion dollars of ticks."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value if 0 <= value <= _LARGEST * _TICKS_PER_USD else None


def _dollars(amount: float) -> Attributes:
    if amount > _LARGEST:
        return {}
    return {**_PROVIDER, attr.GEN_AI_USAGE_COST_AMOUNT: float(amount), attr.GEN_AI_USAGE_COST_CURRENCY: _USD}


def _in_dollars(cost: Value) -> bool:
    """Whether a cost object says nothing of its currency, or that it is US dollars."""
    told = mapping(cost).get("currency", _USD)
    return isinstance(told, str) and told.upper() == _USD


def _with_upstream(amount: float, usage: Json) -> float:
    """What a call with a key of one's own costs: the router's fee and what the provider charges beside it."""
    if usage.get("is_byok") is not True:
        return amount
    upstream = money(mapping(usage.get("cost_details")).get("upstream_inference_cost"))
    return amount if upstream is None else float(Decimal(repr(amount)) + Decimal(repr(upstream)))


def _is_litellm(headers: Mapping[str, str] | None) -> bool:
    return headers is not None and any(name in headers for name in _PROXY_HEADERS)


def _ends(host: str, suffix: str) -> bool:
    return host == suffix or host.endswith(f".{suffix}")
