"""`Plan`: a whole policy is read, and sections that do not go together are named."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from spanwise.alert import DEFAULT_SLOS
from spanwise.deploy.prometheus.spend import counted
from spanwise.pipeline import PipelineConfig
from spanwise.plan import Plan
from spanwise.policy import PolicyError, read_policy
from spanwise.policy.policy import policy_of
from spanwise.sample import SampleConfig
from spanwise.sink import MetricSink, Tls


def plan_of(text: str) -> Plan:
    """The plan of a policy with `text`."""
    return Plan.from_policy(policy_of(text.encode(), source="p.yaml", directory=Path()))


def complaints(text: str) -> list[str]:
    """What is wrong with a policy with `text`; it has to be something."""
    with pytest.raises(PolicyError) as refused:
        plan_of(text)
    return list(refused.value.lines)


def test_without_a_policy_there_is_a_whole_stack() -> None:
    """Both stores of traces, one of metrics, no store of content, three objectives, every trace kept."""
    plan = plan_of("")
    assert plan == Plan()
    assert [sink.endpoint for sink in plan.sinks.traces] == ["jaeger:4317", "tempo:4317"]
    assert plan.sinks.metrics == MetricSink() and plan.sinks.content is None
    assert plan.slos == DEFAULT_SLOS and plan.sample.ratio == 1.0 and plan.content.mode == "none"


def test_budgets() -> None:
    """Amounts are exact, dimensions and patterns are taken over, an alert is the default."""
    first, second = plan_of(
        "budgets:\n- {name: a, limit_usd: '0.10', per: day, by: [tenant, model]}\n"
        "- {name: b, limit_usd: 2000, per: month, where: {model: gpt-5*}, action: warn}\n"
        "measure: {labels: [spanwise.tenant]}\n"
    ).budgets
    assert (first.limit_usd, first.per, first.by, first.action) == (
        Decimal("0.10"),
        "day",
        ("tenant", "model"),
        "alert",
    )
    assert (second.limit_usd, dict(second.where), second.action) == (Decimal(2000), {"model": "gpt-5*"}, "warn")


def test_sampling() -> None:
    """A rule that is not named keeps its default, and false turns one off."""
    sample = plan_of(
        "sampling: {ratio: 0.1, keep: {slower_than_s: 5, tokens_above: false, dearer_than_usd: false}}"
    ).sample
    assert sample == SampleConfig(ratio=0.1, slower_than_s=5.0, tokens_above=None, dearer_than_usd=None)


def test_sinks_and_retention() -> None:
    """A key that is absent keeps its default, an empty mapping means none, and certificates are files."""
    plan = plan_of(
        "sinks: {traces: {otlp: {endpoint: 'https://o.example/x', tls: {cert_file: a, key_file: b}}}, metrics: {}}\n"
        "retention: {traces: 14d}\n"
    )
    (sink,) = plan.sinks.traces
    assert sink.is_http and sink.tls == Tls(cert_file="a", key_file="b")
    assert plan.sinks.metrics is None
    assert (plan.retention.content_days, plan.retention.traces_days, plan.retention.metrics_days) == (7, 14, 90)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "budgets:\n- {name: a, limit_usd: 1, per: day}\n- {name: a, limit_usd: 2, per: day}\n",
            "p.yaml:3: budgets[1].name: found 'a' a second time; accepted is a name that no other budget has.",
        ),
        (
            "budgets:\n- name: a\n  limit_usd: 1\n  per: day\n  by: tenant\n",
            (
                "p.yaml:5: budgets[0].by: found tenant, but no metric has the label spanwise.tenant. "
                "Add it: measure: {labels: [spanwise.tenant]}."
            ),
        ),
        (
            "budgets:\n- name: a\n  limit_usd: 1\n  per: day\n  where: {prompt: x}\n",
            (
                "p.yaml:5: budgets[0].where: found prompt, but no metric has the label gen_ai.prompt.name. "
                "Add it: measure: {labels: [gen_ai.prompt.name]}."
            ),
        ),
        (
            "budgets: [{name: a, limit_usd: 1, per: day}]\nmeasure: {enabled: false}\n",
            "p.yaml:1: budgets[0]: cannot be counted, because measure.enabled is false. Take one of the two out.",
        ),
        (
            "budgets: [{name: a, limit_usd: 1, per: dya}]\n",
            "p.yaml:1: budgets[0].per: found 'dya'; accepted: hour, day, month. Did you mean day?",
        ),
        (
            "budgets: [{name: a, per: day}]\n",
            "p.yaml:1: budgets[0].limit_usd: is missing; accepted is an amount in US dollars, as 2000.",
        ),
        (
            (
                "sampling:\n  ratio: 0\n  keep: {errors: false, slower_than_s: false, dearer_than_usd: false, "
                "score_below: false, refused: false, new_prompt_version: false, tokens_above: false, "
                "spans_above: false}\n"
            ),
            (
                "p.yaml:2: sampling.ratio: found 0 with every rule of keep off, which keeps no trace. "
                "Raise it, or keep some."
            ),
        ),
        (
            "sinks: {content: {clickhouse: {}}}\n",
            (
                "p.yaml:1: sinks.content: nothing comes here, because content.mode is none. "
                "Accepted with it are span, event and both; or take this sink out."
            ),
        ),
        (
            "sinks: {metrics: {prometheus: {tls: {cert_file: a}}}}\n",
            "p.yaml:1: sinks.metrics.prometheus.tls: accepted are cert_file and key_file together, or neither.",
        ),
        (
            "alerts:\n  receivers: {team: {slack: {webhook_url_file: f}}}\n  routes: {page: taem}\n",
            "p.yaml:3: alerts.routes.page: found 'taem', not a receiver. Did you mean team? Accepted: team.",
        ),
        (
            "slos: [{name: l, kind: latency, objective: 0.9, threshold_s: 10}]\n",
            (
                "p.yaml:1: slos[0].threshold_s: found 10, which is no bucket boundary of the metric; "
                "the nearest is 10.24. "
                "Accepted: "
            ),
        ),
        (
            "retention: {traces: 36h}\n",
            "p.yaml:1: retention.traces: found '36h'; accepted: whole days from 1d to 9999d.",
        ),
        ("contnet: {mode: none}\n", "p.yaml:1: contnet: not a key. Did you mean content? Accepted: "),
    ],
)
def test_what_is_wrong_is_said(text: str, line: str) -> None:
    """One line with file, line, key, what was found and what is accepted."""
    (found,) = complaints(text)
    assert found.startswith(line) and (found == line or line.endswith("Accepted: "))


def test_what_belongs_to_one_person_is_counted_by_no_metric() -> None:
    """A budget by user is kept by processes alone: no rule of Prometheus has a user in it."""
    (budget,) = plan_of("budgets: [{name: a, limit_usd: 1, per: day, by: user, action: block}]\n").budgets
    assert budget.is_in_processes and not counted([budget])
    assert counted(plan_of("budgets: [{name: a, limit_usd: 1, per: day, by: model}]\n").budgets)


def test_a_secret_in_the_policy_is_not_repeated() -> None:
    """A password is refused, and the message does not hold it."""
    text = "content: {mode: span}\nsinks: {content: {clickhouse: {password: hunter2}}}\n"
    assert "hunter2" not in "".join(complaints(text))
    assert "hunter2" not in "".join(complaints("sinks: {metrics: {prometheus: {endpoint: 'http://a:hunter2@b/'}}}\n"))


def test_files_of_another_machine_are_not_looked_at(tmp_path: Path) -> None:
    """A plan is rendered where the key of pseudonyms is not; the check where it should be says that it is missing."""
    file = tmp_path / "p.yaml"
    file.write_text("redact: {pseudonym: {key_file: not-here}, actions: {contact: pseudonym}}\n")
    plan = Plan.from_policy(read_policy(file))
    assert plan.pipeline.redact.actions == {"contact": "pseudonym"} and plan.pipeline.redact.pseudonym is None
    with pytest.raises(PolicyError, match="key_file"):
        Plan.from_policy(read_policy(file), here=True)


def test_a_process_is_not_stopped_by_sections_that_it_does_not_need() -> None:
    """Mistakes in alerts and sampling are for the stack; the process takes what is its own."""
    policy = policy_of(b"alerts: {nonsense: 1}\nsampling: 3\ncap: {max_events: 3}\n", source="p", directory=Path())
    assert PipelineConfig.from_policy(policy).cap.max_events == 3


def test_a_process_imports_nothing_of_the_stack(tmp_path: Path) -> None:
    """Reading a policy, even one with all sections, loads none of the modules that only a stack needs."""
    file = tmp_path / "p.yaml"
    file.write_text("cap: {max_events: 3}\nbudgets: []\nalerts: {}\nslos: []\nsinks: {}\nsampling: {}\nretention: {}\n")
    code = (
        "import sys\nfrom spanwise.pipeline.config import PipelineConfig\nfrom spanwise.policy import read_policy\n"
        f"PipelineConfig.from_policy(read_policy({str(file)!r}))\n"
        "stack = ('plan', 'alert', 'sample', 'sink', 'content', 'deploy')\n"
        "print([name for name in sys.modules if name.startswith(tuple(f'spanwise.{each}' for each in stack))])\n"
        "print('spanwise.policy.recorder' in sys.modules, 'jsonschema' in sys.modules)\n"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout == "[]\nFalse False\n"
