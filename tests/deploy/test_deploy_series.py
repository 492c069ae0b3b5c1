"""The catalogue of series: Prometheus's names, and nothing in it that nobody records."""

from __future__ import annotations

import re

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from spanwise.deploy.series import PAST_SERIES, SERIES, find, label_name, series_name
from spanwise.semconv import metrics
from tests.measure.everything import LABELS, metered, record_everything
from tests.measure.metering import points


@pytest.mark.parametrize(
    ("metric", "kind", "unit", "expected"),
    [
        ("gen_ai.client.token.usage", "histogram", "{token}", "gen_ai_client_token_usage"),
        ("gen_ai.client.operation.duration", "histogram", "s", "gen_ai_client_operation_duration_seconds"),
        ("gen_ai.workflow.duration", "histogram", "s", "gen_ai_workflow_duration_seconds"),
        ("genai.cost", "counter", "USD", "genai_cost_USD_total"),
        ("genai.cost.usd", "counter", "USD", "genai_cost_usd_USD_total"),
        ("genai.cost", "counter", "{USD}", "genai_cost_total"),
        ("genai.share", "gauge", "1", "genai_share_ratio"),
        ("genai.score", "histogram", "1", "genai_score"),
        ("genai.wait.seconds", "histogram", "s", "genai_wait_seconds"),
        ("genai.total.calls", "counter", "{call}", "genai_calls_total"),
        ("genai.wait", "histogram", "ms", "genai_wait_milliseconds"),
        ("7.up", "gauge", "", "_7_up"),
    ],
)
def test_names_are_those_of_prometheus(metric: str, kind: str, unit: str, expected: str) -> None:
    """The facts that were read off Prometheus's translation come out of ours."""
    assert series_name(metric, kind=kind, unit=unit) == expected


def test_labels_are_those_of_prometheus() -> None:
    """Dots and other signs become one underscore."""
    assert label_name("gen_ai.request.model") == "gen_ai_request_model"
    assert label_name("a..b-c") == "a_b_c"
    assert label_name("2x") == "key_2x"


def test_the_names_that_everybody_relies_on() -> None:
    """A renamed metric breaks rules and dashboards of users: these names stay."""
    for name in (
        "gen_ai_client_inference_duration_seconds_bucket",
        "gen_ai_client_inference_time_to_first_chunk_seconds_count",
        "gen_ai_client_inference_usage_input_tokens_total",
        "gen_ai_client_inference_usage_cache_read_input_tokens_total",
        "gen_ai_client_inference_operation_output_tokens_sum",
        "gen_ai_invoke_agent_inference_calls_bucket",
        "gen_ai_execute_tool_duration_seconds_count",
        "spanwise_cost_USD_total",
        "spanwise_cost_unpriced_total",
        "spanwise_cost_cache_savings_USD_total",
        "spanwise_cost_book_time_seconds",
        "spanwise_responses_total",
        "spanwise_retries_total",
        "spanwise_score_bucket",
        "spanwise_export_spans_total",
        "spanwise_pipeline_errors_total",
        "spanwise_pipeline_dropped_total",
        "gen_ai_client_token_usage_sum",
    ):
        assert find(name) is not None, name
    assert find("gen_ai_server_request_duration_seconds_count") is None
    assert find("spanwise_cost_total") is None


def test_names_and_labels_are_valid_in_prometheus() -> None:
    """No name needs quotes in a query, and no two metrics share one."""
    seen: list[str] = []
    for series in SERIES.values():
        seen += series.names
        assert all(re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", name) for name in (*series.names, *series.labels))
    assert len(seen) == len(set(seen))


def test_the_catalogue_is_what_is_recorded() -> None:
    """A process that does everything records each series of the catalogue with each of its labels, and no other."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    with metered(provider):
        pipeline = record_everything()
        found = points(reader)
        assert pipeline.book_time_s is not None
    provider.shutdown()
    catalogue = {**SERIES, **PAST_SERIES}
    assert set(found) == set(catalogue)
    for name, series in catalogue.items():
        labels = {label_name(key) for point, _ in found[name] for key in point}
        assert labels == set(series.labelled(LABELS)), name


def test_every_metric_of_ours_is_in_the_catalogue() -> None:
    """What the registry declares below `spanwise` is recorded; nothing is declared for show."""
    assert {name for name in metrics.ALL if name.startswith("spanwise.")} <= set(SERIES)


def test_labels_of_the_policy_stand_on_calls_only() -> None:
    """A tenant is a label of the cost and not of the pipeline's own counters."""
    assert "spanwise_tenant" in SERIES["spanwise.cost"].labelled(LABELS)
    assert "spanwise_tenant" not in SERIES["spanwise.pipeline.spans"].labelled(LABELS)
