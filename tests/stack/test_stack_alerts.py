"""A fault that is planted rings: at the webhook, as a page, within two evaluations of the rules."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.stack.application import Application
from tests.stack.deadline import until
from tests.stack.page import Page, page_of
from tests.stack.policy import INTERVAL_S, SILENT_S
from tests.stack.stack import Stack


ROOT = Path(__file__).resolve().parents[2]
TWO_EVALUATIONS_S = 2 * INTERVAL_S
COUNT = "gen_ai_client_inference_duration_seconds_count"
ALL = "SpanwiseTelemetrySilenceAll"
SERVICES = ("shop-spend", "shop-errors", "shop-latency", "shop-silent")


@pytest.fixture(scope="module")
def shops(sampled: Stack) -> Iterator[dict[str, Application]]:
    """A service for each fault, each with some ordinary calls that Prometheus has seen."""
    with ExitStack() as stack:
        shops = {name: stack.enter_context(sampled.application(name)) for name in SERVICES}
        for shop in shops.values():
            shop.ask(8, over_s=1)
        each = f"count(sum by (service_name) ({COUNT}{{service_name=~'{'|'.join(SERVICES)}'}}) == 8)"
        until(lambda: sampled.prometheus.api.value(each) == len(shops), within_s=20, what="8 calls of each")
        # Tests before these have left silence behind them, and silence of all inhibits every other alert.
        until(lambda: ALL not in sampled.alertmanager.active(), within_s=20, what="silence of all is over")
        yield shops
        for shop in shops.values():
            shop.finish()


def assert_paged(page: Page, alert: str, service: str) -> None:
    """Promise: in time, as a page, with a summary that has values, and with a runbook that exists."""
    assert page.delay_s <= TWO_EVALUATIONS_S
    found = page.alert(alert)
    assert found["labels"]["severity"] == "page"
    assert found["labels"]["deployment_environment_name"] == f"{service}-test"
    assert any(sign.isdigit() for sign in found["annotations"]["summary"] + found["annotations"]["description"])
    assert "{" not in found["annotations"]["summary"]
    assert (ROOT / found["annotations"]["runbook_url"]).is_file()


def test_a_cost_spike_pages(sampled: Stack, shops: dict[str, Application]) -> None:
    """Forty calls of three million tokens each: the service spends more in an hour than the policy's limit."""
    page = page_of(
        sampled,
        lambda: shops["shop-spend"].ask(40, "default;input_tokens=3000000", over_s=3),
        shows='sum(increase(spanwise_cost_USD_total{service_name="shop-spend"}[1h])) > 20',
        alert="SpanwiseSpendRate",
        service_name="shop-spend",
    )
    assert_paged(page, "SpanwiseSpendRate", "shop-spend")


def test_an_error_burst_pages(sampled: Stack, shops: dict[str, Application]) -> None:
    """The provider answers 500 for a few seconds."""
    all_of = f'{COUNT}{{service_name="shop-errors"}}'
    failed = f'{COUNT}{{service_name="shop-errors",error_type!=""}}'
    page = page_of(
        sampled,
        lambda: shops["shop-errors"].ask(60, "error_500", over_s=5),
        shows=f"sum(rate({failed}[5m])) / sum(rate({all_of}[5m])) > 0.25 and sum(increase({all_of}[5m])) >= 20",
        alert="SpanwiseProviderErrors",
        deployment_environment_name="shop-errors-test",
    )
    assert_paged(page, "SpanwiseProviderErrors", "shop-errors")


def test_a_latency_regression_pages(sampled: Stack, shops: dict[str, Application]) -> None:
    """Calls that took milliseconds take one and a half seconds."""
    all_of = f'{COUNT}{{service_name="shop-latency"}}'
    fast = 'gen_ai_client_inference_duration_seconds_bucket{service_name="shop-latency",le="1.28"}'
    page = page_of(
        sampled,
        lambda: shops["shop-latency"].ask(64, "slow_first_byte;delay_s=1.5", at_once=16),
        shows=f"1 - sum(rate({fast}[5m])) / sum(rate({all_of}[5m])) > 0.72 and sum(increase({all_of}[1h])) >= 30",
        alert="SpanwiseLatencyBurnFast",
        service_name="shop-latency",
    )
    assert_paged(page, "SpanwiseLatencyBurnFast", "shop-latency")


def test_silence_pages(sampled: Stack, shops: dict[str, Application]) -> None:
    """A service that is gone sends nothing; after the time that the policy allows, that rings too."""
    series = 'spanwise_pipeline_spans_total{service_name="shop-silent"}'
    heard = 'spanwise:service:heard{service_name="shop-silent"}'
    until(lambda: sampled.prometheus.api.query(heard), within_s=15, what="the service is heard of")
    assert sampled.webhook.first("SpanwiseTelemetrySilence", service_name="shop-silent") is None
    shops["shop-silent"].kill()
    gone_s = time.time()
    page = page_of(
        sampled,
        lambda: None,
        shows=f"max(timestamp({series})) < time() - {SILENT_S}",
        alert="SpanwiseTelemetrySilence",
        service_name="shop-silent",
    )
    assert page.post.at_s - gone_s >= SILENT_S - INTERVAL_S
    assert_paged(page, "SpanwiseTelemetrySilence", "shop-silent")


def test_every_rule_can_be_evaluated(sampled: Stack, shops: dict[str, Application]) -> None:
    """No rule of the rendered files failed on real series."""
    rules = sampled.prometheus.api.rules()
    assert len(rules) > 40
    failed = {rule["name"]: rule.get("lastError") for rule in rules if rule["health"] == "err"}
    assert not failed
