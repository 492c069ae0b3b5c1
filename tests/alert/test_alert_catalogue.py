"""The alerts: complete, consistent, and each with a page that helps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spanwise.alert import ALERTS, Alert
from spanwise.alert.catalogue import THRESHOLDS
from spanwise.alert.config import SEVERITIES
from spanwise.semconv import attributes, metrics


RUNBOOKS = Path(__file__).parents[2] / "deploy" / "runbooks"
EVERY = pytest.mark.parametrize("alert", ALERTS.values(), ids=list(ALERTS))
KNOWN_BY_RULES = {"value", "slo", "budget", "limit_usd", "per", "days", "job", "instance"}
PARTS = {"receiver", "exporter", "processor"}


def places(alert: Alert) -> set[str]:
    """The names in braces of an alert's texts."""
    return set(re.findall(r"\{([a-z0-9_.]+)(?::[a-z]+)?\}", alert.summary + alert.description))


@EVERY
def test_texts_name_what_exists(alert: Alert) -> None:
    """Every placeholder is the value, a label that the alert has, or a threshold; so no text has a hole."""
    known = KNOWN_BY_RULES | set(alert.by) | {threshold.key for threshold in alert.thresholds}
    assert places(alert) <= known
    assert "{value" in alert.summary + alert.description
    assert alert.severity in SEVERITIES


@EVERY
def test_attributes_are_of_the_convention(alert: Alert) -> None:
    """What tells alerts apart are attributes that we know, or names of rules and collectors."""
    known = {value for name, value in vars(attributes).items() if name.isupper() and isinstance(value, str)}
    assert set(alert.by) <= known | KNOWN_BY_RULES | PARTS
    assert set(alert.query.where) <= known


@EVERY
def test_questions_to_a_store_are_complete(alert: Alert) -> None:
    """An evaluator without PromQL finds the instrument, and thresholds that exist, of this alert."""
    assert alert.query.of in metrics.ALL or alert.query.of.startswith("otelcol_")
    keys = {alert.query.above, alert.query.below, alert.query.least} - {""}
    assert keys <= {threshold.key for threshold in alert.thresholds}


@EVERY
def test_every_runbook_helps(alert: Alert) -> None:
    """The page exists, names the alert, and says what it means, what to look at, why, how to silence and change it."""
    page = (RUNBOOKS / f"{alert.runbook}.md").read_text(encoding="utf-8")
    assert f"`{alert.title}` ({alert.severity})" in page
    for heading in ("What it means", "What to look at first", "Likely causes", "How to silence it", "How to change it"):
        assert f"## {heading}\n" in page
    assert alert.hold.key in page
    assert "```promql" in page


@EVERY
def test_runbooks_name_the_numbers(alert: Alert) -> None:
    """Whoever is woken for nothing finds the number to change in the page."""
    page = (RUNBOOKS / f"{alert.runbook}.md").read_text(encoding="utf-8")
    linked = re.findall(r"The rest as in \[[a-z_]+\]\(([a-z_]+\.md)\)", page)
    text = page + "".join((RUNBOOKS / name).read_text(encoding="utf-8") for name in linked)
    for threshold in alert.thresholds:
        assert f"`{threshold.key}`" in text


def test_no_page_is_of_nothing() -> None:
    """Every page belongs to an alert, and every link between pages leads somewhere."""
    pages = {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"}
    assert pages == {alert.runbook for alert in ALERTS.values()}
    for path in RUNBOOKS.glob("*.md"):
        for name in re.findall(r"\]\(([a-z_]+)\.md\)", path.read_text(encoding="utf-8")):
            assert name in pages


def test_a_threshold_is_one_thing() -> None:
    """Two alerts that share a key share the number; its default is one that a policy may set."""
    for alert in ALERTS.values():
        for threshold in (*alert.thresholds, alert.hold):
            assert THRESHOLDS[threshold.key] == threshold
            assert threshold.least <= threshold.default <= threshold.most
            assert not threshold.accepted or threshold.default in threshold.accepted


def test_issue_is_covered() -> None:
    """Every family that was promised has an alert."""
    promised = {
        "errors_burn_fast", "latency_burn_fast", "first_chunk_burn_fast", "time_to_first_chunk", "provider_errors",
        "rate_limits", "retries", "spend_rate", "budget_burn", "spend_anomaly", "tokens_per_call", "cache_hit_collapse",
        "truncation", "refusals", "low_score", "agent_loop", "tool_failures", "unpriced", "redaction_failures",
        "stale_price_book", "telemetry_silence", "telemetry_silence_all", "collector_refused", "export_failures",
    }  # fmt: skip
    assert promised <= set(ALERTS)
