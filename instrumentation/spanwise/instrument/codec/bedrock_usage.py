"""What Amazon Bedrock says of tokens, time and guardrails, whichever way a model is called.

Sources: the API reference of Bedrock Runtime (`TokenUsage`, `CacheDetail`, `InvokeModel` headers) and the user guide's
pages on prompt caching (the three kinds of input are counted apart) and on `amazon-bedrock-invocationMetrics`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, items, mapping, number, put, text
from spanwise.semconv import attributes as attr


METRICS: Final = "amazon-bedrock-invocationMetrics"
"""The key of the last event of a stream that has the counts of models whose own events have none."""

ACTION: Final = "amazon-bedrock-guardrailAction"
"""The key of a model's body that says whether a guardrail stepped in."""

INTERVENED: Final = "INTERVENED"

STANDARD: Final = "standard"
"""The mode of latency that costs nothing more."""

_HEADERS: Final = {
    "x-amzn-bedrock-input-token-count": "inputTokenCount",
    "x-amzn-bedrock-output-token-count": "outputTokenCount",
    "x-amzn-bedrock-cache-read-input-token-count": "cacheReadInputTokenCount",
    "x-amzn-bedrock-cache-write-input-token-count": "cacheWriteInputTokenCount",
    "x-amzn-bedrock-invocation-latency": "invocationLatency",
}
_LIFETIMES: Final = {
    "5m": attr.SPANWISE_USAGE_CACHE_WRITE_5M_INPUT_TOKENS,
    "1h": attr.SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS,
}


def token_usage(usage: Json) -> Attributes:
    """Counts of a `TokenUsage`, as Converse and Amazon's own models have it; input with what the cache had to do."""
    read, written = (_either(usage, f"cache{kind}InputToken") for kind in ("Read", "Write"))
    plain, made = count(usage.get("inputTokens")), count(usage.get("outputTokens"))
    found = _counts(plain, made, read, written, count(usage.get("totalTokens")))
    for entry in items(usage.get("cacheDetails")):
        name = _LIFETIMES.get(text(mapping(entry).get("ttl")) or "")
        tokens = count(mapping(entry).get("inputTokens"))
        if name is not None and tokens is not None:
            found[name] = tokens
    return found


def invocation_metrics(metrics: Json) -> Attributes:
    """Counts and time in the metrics that Bedrock adds to the last event of a stream, or that its headers give."""
    read, written = (count(metrics.get(f"cache{kind}InputTokenCount")) for kind in ("Read", "Write"))
    plain, made = count(metrics.get("inputTokenCount")), count(metrics.get("outputTokenCount"))
    return {**_counts(plain, made, read, written, None), **latency(metrics.get("invocationLatency"))}


def latency(milliseconds: object) -> Attributes:
    """What the provider says a call took; empty where that is no number."""
    found = number(milliseconds)
    return {} if found is None else {attr.SPANWISE_RESPONSE_LATENCY_S: found / 1000}


def counted(headers: Mapping[str, str]) -> Json:
    """The metrics in the headers of a response, in the form that the last event of a stream has; empty for none."""
    found = {field: headers[name] for name, field in _HEADERS.items() if name in headers}
    return {METRICS: {field: int(value) for field, value in found.items() if _is_count(value)}} if found else {}


def answered(body: Json) -> Attributes:
    """An error in botocore's form: its code as `error.type`, and the status; empty for any other body."""
    code = text(mapping(body.get("Error")).get("Code"))
    if code is None:
        return {}
    found: Attributes = {attr.ERROR_TYPE: error_type(code)}
    put(found, attr.HTTP_RESPONSE_STATUS_CODE, count(mapping(body.get("ResponseMetadata")).get("HTTPStatusCode")))
    return found


def error_type(code: str) -> str:
    """An error code as `error.type`: inside a stream the same names begin with a small letter."""
    return code[:1].upper() + code[1:80]


def service_tier(body: Json) -> str | None:
    """The tier in a Converse request or response."""
    return text(mapping(body.get("serviceTier")).get("type"))


def _counts(
    plain: int | None, made: int | None, read: int | None, written: int | None, total: int | None
) -> Attributes:
    """The convention's input tokens are the sum of the three kinds.

    A total that is larger knows of kinds that an older botocore leaves out of what it parses.
    """
    found: Attributes = {}
    if plain is not None:
        known = plain + (read or 0) + (written or 0)
        found[attr.GEN_AI_USAGE_INPUT_TOKENS] = max(known, (total or 0) - (made or 0))
    put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, made)
    put(found, attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS, read)
    put(found, attr.GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS, written)
    return found


def _either(usage: Json, stem: str) -> int | None:
    """`cacheReadInputTokens` of Converse, `cacheReadInputTokenCount` of Nova's own answers."""
    return count(usage.get(f"{stem}s", usage.get(f"{stem}Count")))


def _is_count(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16
