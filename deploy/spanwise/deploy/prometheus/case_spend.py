"""Cases of money and tokens. Those of budgets are made for the budgets of the policy."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from spanwise.budget import DIMENSIONS, Budget
from spanwise.deploy.prometheus.case import Case, Fired
from spanwise.deploy.prometheus.promql import number
from spanwise.deploy.series import label_name


_IN: Final = 'service_name="shop", deployment_environment_name="prod"'
_CALL: Final = f'{_IN}, gen_ai_provider_name="openai", gen_ai_request_model="gpt-5"'
SHOP: Final = {"service_name": "shop", "deployment_environment_name": "prod"}
MODEL: Final = SHOP | {"gen_ai_provider_name": "openai", "gen_ai_request_model": "gpt-5"}

_COST: Final = f"spanwise_cost_USD_total{{{_CALL}}}"
_UNPRICED: Final = f"spanwise_cost_unpriced_total{{{_CALL}}}"
_BOOK: Final = f"spanwise_cost_book_time_seconds{{{_IN}}}"
_COUNT: Final = f"gen_ai_client_inference_duration_seconds_count{{{_CALL}}}"
_INPUT: Final = f'gen_ai_client_inference_usage_input_tokens_total{{{_CALL}, gen_ai_token_modality="text"}}'
_OUTPUT: Final = f'gen_ai_client_inference_usage_output_tokens_total{{{_CALL}, gen_ai_token_modality="text"}}'
_CACHED: Final = f'gen_ai_client_inference_usage_cache_read_input_tokens_total{{{_CALL}, gen_ai_token_modality="text"}}'

_HISTORY: Final = 180  # minutes before something changes


def _tokens(after: str) -> dict[str, str]:
    return {
        _COUNT: "0+10x300",
        _INPUT: f"0+10000x{_HISTORY} {10_000 * _HISTORY}+{after}x120",
        _OUTPUT: "0+1000x300",
    }


def _cache(after: str) -> dict[str, str]:
    return {
        _COUNT: "0+10x300",
        _INPUT: "0+10000x300",
        _CACHED: f"0+8000x{_HISTORY} {8_000 * _HISTORY}+{after}x120",
    }


CASES: Final = (
    Case(
        "spend_rate", "an hour that costs too much rings", {_COST: "0+3x90"}, "80m", (Fired(MODEL, {"usd": "180.00"}),)
    ),
    Case("spend_rate", "an hour that costs less does not", {_COST: "0+1x90"}, "80m"),
    Case(
        "spend_rate",
        "a job that spends before its first export rings",
        {_COST: "_x100 150x20", "spanwise_pipeline_spans_total": "0x120"},
        "110m",
        (Fired(MODEL, {"usd": "150.00"}),),
    ),
    Case("spend_rate", "a counter from before Prometheus began is no spend", {_COST: "5000x90"}, "30m"),
    Case(
        "spend_anomaly",
        "a dear hour rings",
        {_COST: "0+0.02x850 17+0.4x120"},
        "920m",
        (Fired(SHOP, {"number": "80.2"}),),
    ),
    Case("spend_anomaly", "an hour as any other does not", {_COST: "0+0.2x970"}, "920m"),
    Case("spend_anomaly", "a small sum does not", {_COST: "0+0.001x850 0.85+0.05x120"}, "920m"),
    Case("tokens_per_call", "calls that grow rings", _tokens("30000"), "230m", (Fired(MODEL, {"number": "2.82"}),)),
    Case("tokens_per_call", "calls that grow a little do not", _tokens("15000"), "230m"),
    Case(
        "cache_hit_collapse", "a cache that is lost rings", _cache("1000"), "230m", (Fired(MODEL, {"percent": "10%"}),)
    ),
    Case("cache_hit_collapse", "a cache that is hit less does not", _cache("6000"), "230m"),
    Case(
        "cache_hit_collapse",
        "a new release that never hits the cache rings",
        {
            _COUNT: "0+10x300",
            _INPUT: "0+10000x300",
            _CACHED: f"0+8000x{_HISTORY} stale",
        },
        "240m",
        (Fired(MODEL, {"percent": "0%"}),),
    ),
    Case(
        "unpriced",
        "one call of a new model rings",
        {_UNPRICED: "_x100 1x40"},
        "110m",
        (Fired(MODEL, {"count": "1"}),),
    ),
    Case("unpriced", "calls of days ago do not", {_UNPRICED: "7x140"}, "110m"),
    # Time begins at 1970-01-01 in these tests, so the prices lie before it.
    Case(
        "stale_price_book",
        "old prices ring",
        {_BOOK: "-5270400x120"},
        "110m",
        (Fired(SHOP, {"seconds": "61d 1h 50m 0s"}),),
    ),
    Case("stale_price_book", "new prices do not", {_BOOK: "-864000x120"}, "110m"),
)


def budget_cases(budget: Budget) -> Iterator[Case]:
    """Cases of one budget, with sums that fit its limit. The day and the month begin with the test."""
    owner = {label_name(DIMENSIONS[key]): _value(budget, key) for key in (*budget.by, *budget.where)}
    fired_labels = {label_name(DIMENSIONS[key]): _value(budget, key) for key in budget.by} | {"budget": budget.name}
    written = ", ".join(f'{key}="{value}"' for key, value in owner.items())
    series = f"spanwise_cost_USD_total{{{written}}}" if written else "spanwise_cost_USD_total"
    for rule, name, share, says in (
        ("budget_near", "most of it rings", "0.9", {"percent": "90%"}),
        ("budget_near", "half of it does not", "0.5", {}),
        ("budget_spent", "all of it rings", "1.2", {"percent": "120%"}),
        ("budget_spent", "most of it does not", "0.9", {}),
    ):
        values = f"0+{number(Decimal(share) * budget.limit_usd / 60)}x60"
        fires = (Fired(fired_labels, says),) if says else ()
        yield Case(f"{rule}/{budget.name}", name, {series: values}, "60m", fires)
    loud, quiet, at = _paces(budget)
    yield Case(
        f"budget_burn/{budget.name}",
        "many times its pace rings",
        {series: f"0+{loud}x200"},
        at,
        (Fired(fired_labels, {"number": "20"}),),
    )
    yield Case(f"budget_burn/{budget.name}", "its own pace does not", {series: f"0+{quiet}x200"}, at)
    if budget.by:
        nobody = {"spanwise_cost_USD_total": f"0+{loud}x200"}
        yield Case(f"budget_burn/{budget.name}", "spend that is nobody's does not", nobody, at)


def _paces(budget: Budget) -> tuple[str, str, str]:
    minutes = {"hour": 60, "day": 1_440, "month": 43_200}[budget.per]
    each = budget.limit_usd / minutes
    return number(each * 20), number(each), "90m"


def _value(budget: Budget, key: str) -> str:
    """A value that the budget is about."""
    return budget.where.get(key, "acme").replace("*", "-x")
