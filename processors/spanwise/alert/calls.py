"""Alerts of model calls: slow starts, failing providers, limits, retries, answers cut off or declined."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from spanwise.alert.alert import Alert, Query
from spanwise.alert.threshold import Threshold
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


MODEL: Final = (
    attr.SERVICE_NAME,
    attr.DEPLOYMENT_ENVIRONMENT_NAME,
    attr.GEN_AI_PROVIDER_NAME,
    attr.GEN_AI_REQUEST_MODEL,
)
"""A model as one service calls it."""

PROVIDER: Final = (attr.DEPLOYMENT_ENVIRONMENT_NAME, attr.GEN_AI_PROVIDER_NAME)
"""A provider, whoever calls it."""

LEAST_CALLS: Final = Threshold(
    "least_calls", Decimal(20), "calls", "Calls in the window below which no share of them rings.", least=Decimal(1)
)

CALLERS_OWN: Final = ("CancelledError", "GeneratorExit", "KeyboardInterrupt")
"""Values of `error.type` with which a caller ends its own call: no failure of anybody."""

RATE_LIMITS: Final = (
    "429",
    ".*[Rr]ate_?[Ll]imit.*",
    ".*[Tt]hrottl.*",
    ".*TooManyRequests.*",
    ".*[Qq]uota.*",
    "RESOURCE_EXHAUSTED",
    "ResourceExhausted",
)
"""Forms of `error.type` by which SDKs and providers say that too much was asked: linear regular expressions."""


def _share(key: str, default: str, about: str) -> Threshold:
    return Threshold(key, Decimal(default), "ratio", about, most=Decimal(1))


_FIRST_CHUNK_S: Final = Threshold(
    "time_to_first_chunk_s", Decimal(3), "s", "Seconds to the first chunk, 95th percentile.", least=Decimal("0.01")
)
_ERRORS: Final = _share("provider_error_ratio", "0.25", "Share of a provider's calls that fail, limits left out.")
_LIMITS: Final = _share("rate_limit_ratio", "0.1", "Share of a provider's calls that are refused for their rate.")
_RETRIES: Final = Threshold("retries_per_call", Decimal("0.2"), "retries", "Requests sent again per model call.")
_CUT: Final = _share("truncation_ratio", "0.05", "Share of answers cut off by a limit of tokens.")
_REFUSED: Final = _share("refusal_ratio", "0.05", "Share of answers that were declined or filtered.")

TIME_TO_FIRST_CHUNK: Final = Alert(
    id="time_to_first_chunk",
    severity="ticket",
    means="People wait for the first word of a streamed answer.",
    by=MODEL,
    hold_s=600,
    thresholds=(_FIRST_CHUNK_S, LEAST_CALLS),
    summary="{service.name}: first chunk of {gen_ai.request.model} after {value:seconds} (95th percentile)",
    description=(
        "5 % of the streamed calls to {gen_ai.request.model} ({gen_ai.provider.name}) waited {value:seconds} or longer "
        "for their first chunk, measured over 5 minutes. The limit is {time_to_first_chunk_s:number} s."
    ),
    query=Query(
        "quantile_95",
        metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK.name,
        300,
        {},
        above=_FIRST_CHUNK_S.key,
        least=LEAST_CALLS.key,
    ),
    runbook="time_to_first_chunk",
)

PROVIDER_ERRORS: Final = Alert(
    id="provider_errors",
    severity="page",
    means="A provider fails for everybody who calls it: an outage, or credentials that ended.",
    by=PROVIDER,
    hold_s=60,
    thresholds=(_ERRORS, LEAST_CALLS),
    summary="{gen_ai.provider.name}: {value:percent} of calls fail",
    description=(
        "{value:percent} of all calls to {gen_ai.provider.name} failed in the last 5 minutes; refusals for the rate "
        "are not among them. The limit is {provider_error_ratio:percent}."
    ),
    query=Query(
        "ratio",
        metrics.GEN_AI_CLIENT_INFERENCE_DURATION.name,
        300,
        {attr.ERROR_TYPE: "*"},
        above=_ERRORS.key,
        least=LEAST_CALLS.key,
    ),
    runbook="provider_errors",
)

RATE_LIMIT_STORM: Final = Alert(
    id="rate_limits",
    severity="page",
    means="A provider refuses calls because there are too many of them.",
    by=PROVIDER,
    hold_s=120,
    thresholds=(_LIMITS, LEAST_CALLS),
    summary="{gen_ai.provider.name}: {value:percent} of calls refused for their rate",
    description=(
        "{value:percent} of all calls to {gen_ai.provider.name} ended in a rate limit or quota in the last 5 minutes. "
        "The limit is {rate_limit_ratio:percent}."
    ),
    query=Query(
        "ratio",
        metrics.GEN_AI_CLIENT_INFERENCE_DURATION.name,
        300,
        {attr.ERROR_TYPE: "|".join(RATE_LIMITS)},
        above=_LIMITS.key,
        least=LEAST_CALLS.key,
    ),
    runbook="rate_limits",
)

RETRIES: Final = Alert(
    id="retries",
    severity="ticket",
    means="Client libraries send requests again and again: answers take longer, a struggling provider gets more.",
    by=MODEL,
    hold_s=300,
    thresholds=(_RETRIES, LEAST_CALLS),
    summary="{service.name}: {value:number} retries per call to {gen_ai.request.model}",
    description=(
        "In the last 10 minutes each call of {service.name} to {gen_ai.request.model} ({gen_ai.provider.name}) was "
        "sent again {value:number} times on average. The limit is {retries_per_call:number}."
    ),
    query=Query("ratio", metrics.SPANWISE_RETRIES.name, 600, {}, above=_RETRIES.key, least=LEAST_CALLS.key),
    runbook="retries",
)


def _ended(alert: str, threshold: Threshold, means: str, what: str, reasons: tuple[str, ...]) -> Alert:
    return Alert(
        id=alert,
        severity="ticket",
        means=means,
        by=MODEL,
        hold_s=300,
        thresholds=(threshold, LEAST_CALLS),
        summary=f"{{service.name}}: {{value:percent}} of answers of {{gen_ai.request.model}} {what}",
        description=(
            f"In the last 30 minutes {{value:percent}} of the answers of {{gen_ai.request.model}} "
            f"({{gen_ai.provider.name}}) to {{service.name}} {what}. The limit is {{{threshold.key}:percent}}."
        ),
        query=Query(
            "ratio",
            metrics.SPANWISE_RESPONSES.name,
            1_800,
            {attr.SPANWISE_FINISH_REASON: "|".join(reasons)},
            above=threshold.key,
            least=LEAST_CALLS.key,
        ),
        runbook=alert,
    )


TRUNCATION: Final = _ended(
    "truncation",
    _CUT,
    "Answers stop in the middle, because a limit of tokens was reached.",
    "were cut off by a token limit",
    (values.SPANWISE_FINISH_REASON_LENGTH,),
)

REFUSALS: Final = _ended(
    "refusals",
    _REFUSED,
    "The model declines, or a filter of the provider stops it.",
    "were declined or filtered",
    (values.SPANWISE_FINISH_REASON_CONTENT_FILTER, values.SPANWISE_FINISH_REASON_REFUSAL),
)

CALLS: Final = (TIME_TO_FIRST_CHUNK, PROVIDER_ERRORS, RATE_LIMIT_STORM, RETRIES, TRUNCATION, REFUSALS)
