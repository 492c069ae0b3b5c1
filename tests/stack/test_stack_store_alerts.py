"""The store and Prometheus ring the same alerts of the same traffic, with the same labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from spanwise.alert import ALERTS
from spanwise.alerting import evaluate, not_applicable, rules
from spanwise.deploy.prometheus import compile_prometheus
from spanwise.deploy.prometheus.group import groups
from spanwise.plan import Plan
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from tests.alerting.asked import stored
from tests.alerting.series import series_of
from tests.alerting.traffic import calls, scored
from tests.deploy.prometheus.policy_samples import plan_with
from tests.stack.test_stack_rules import promtool, written


HOUR_S: Final = 3_600
END_S: Final = 16 * HOUR_S
BAD_S: Final = END_S - 5_400
"""When things go wrong: an hour and a half before the end, so that every hold has passed."""

PLAN: Final = plan_with(
    "{name: all-day, limit_usd: 150, per: day}",
    "{name: tenant-day, limit_usd: 100, per: day, by: [tenant]}",
    "{name: gpt-5-hour, limit_usd: 170, per: hour, where: {model: gpt-5*}, action: warn}",
    "{name: all-month, limit_usd: 2000, per: month}",
    "{name: wide, limit_usd: 100000, per: month}",
)


AT_LEAST: Final = {
    "SpanwiseSpendRate",
    "SpanwiseSpendAnomaly",
    "SpanwiseErrorsBurnFast",
    "SpanwiseProviderErrors",
    "SpanwiseLatencyBurnFast",
    "SpanwiseTimeToFirstChunk",
    "SpanwiseRefusals",
    "SpanwiseLowScore",
    "SpanwiseBudgetNear",
    "SpanwiseBudgetSpent",
    "SpanwiseBudgetBurn",
    "SpanwiseUnpriced",
    "SpanwiseTelemetrySilence",
}
"""What this traffic must ring, so that two empty answers are no agreement."""


def traffic() -> list[SpanRecord]:
    """A shop spends, fails, waits, declines and answers poorly; one service has gone, one is calm but for a price."""
    before = calls(60, 0, BAD_S, usd=0.02, gen_ai__response__finish_reasons=("stop",))
    good = calls(
        10,
        BAD_S,
        END_S,
        usd=0.42,
        took_s=20.0,
        spanwise__tenant="acme",
        gen_ai__response__time_to_first_chunk=8.0,
        gen_ai__response__finish_reasons=("stop",),
    )
    for number, record in enumerate(good):
        if number % 5 == 0:
            record.attributes[attr.GEN_AI_RESPONSE_FINISH_REASONS] = ("content_filter",)
        if number % 6 == 0:
            scored(record, "faithful", 0.3)
        scored(record, "polite", 0.9)
    failed = calls(20, BAD_S, END_S, error__type="APIError")
    gone = calls(60, 0, END_S - 1_800, service="gone", gen_ai__response__finish_reasons=("stop",))
    unpriced = calls(600, BAD_S, END_S, service="calm", spanwise__cost__status="unpriced")
    calm = calls(60, 0, END_S, usd=0.001, service="calm", gen_ai__response__finish_reasons=("stop",))
    return [*before, *good, *failed, *gone, *unpriced, *calm]


def store_rings(folder: Path, records: list[SpanRecord], plan: Plan) -> set[tuple[tuple[str, str], ...]]:
    """The labels of every alert that holds at the end."""
    path = stored(folder, records)
    asked = rules(plan)
    found = evaluate(path, asked, now_ns=END_S * 10**9)
    assert not found.unanswered
    return {
        tuple(sorted({**each.labels, **rule.variant, "alertname": rule.alert.title, "severity": rule.severity}.items()))
        for rule in asked
        for each in found.found[rule.key]
        if each.holds
    }


def alert_series(labels: dict[str, str]) -> str:
    """The series by which Prometheus says that an alert fires."""
    return f"ALERTS{{{', '.join(f'{name}={json.dumps(value)}' for name, value in labels.items())}}}"


def agreement(folder: Path, records: list[SpanRecord], plan: Plan, expected: set[tuple[tuple[str, str], ...]]) -> str:
    """What promtool says when it is told to expect these alerts, and no others, to fire at the end."""
    written(compile_prometheus(plan), folder)
    names = [group.name for group in groups(plan) if group.name != "collector"]
    samples = series_of(records, minutes=END_S // 60, labels=plan.pipeline.measure.labels)
    fired = [
        f'ALERTS{{{", ".join(f"{k}={json.dumps(v)}" for k, v in told)}, alertstate="firing"}}' for told in expected
    ]
    test = {
        "rule_files": [f"rules/{name}.yaml" for name in names],
        "evaluation_interval": "1m",
        "group_eval_order": [f"spanwise-{name}" for name in names],
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": series, "values": values} for series, values in samples.items()],
                "promql_expr_test": [
                    {
                        "expr": 'ALERTS{alertstate="firing"}',
                        "eval_time": f"{END_S // 60}m",
                        "exp_samples": [{"labels": each, "value": 1} for each in sorted(fired)],
                    }
                ],
            }
        ],
    }
    (folder / "agreement.yaml").write_text(json.dumps(test), encoding="utf-8")
    ended = promtool(folder, "test", "rules", "agreement.yaml")
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


def test_the_same_traffic_rings_the_same_alerts(tmp_path: Path) -> None:
    """Every rule, every label: what holds in the store fires in Prometheus, and nothing else does."""
    records = traffic()
    found = store_rings(tmp_path, records, PLAN)
    names = {dict(told)["alertname"] for told in found}
    assert names >= AT_LEAST
    assert not names & {ALERTS[alert].title for alert in not_applicable(PLAN)}
    assert not agreement(tmp_path, records, PLAN, found)
