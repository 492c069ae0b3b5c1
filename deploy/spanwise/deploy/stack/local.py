"""`local_plan`: a policy as it is on one machine, with nothing that leaves it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from spanwise.deploy.stack.port import LOOPBACK, Ports


if TYPE_CHECKING:
    from spanwise.plan import Plan


def local_plan(plan: Plan, ports: Ports, running: Collection[str]) -> Plan:
    """`plan` with its sinks on loopback, as far as their engines are `running`.

    Nobody is told of alerts: receivers are left out, so that a try at home wakes nobody. Every trace is kept, so that
    it is seen at once. Content has no store of its own here: where the policy wants it on spans, Jaeger shows it.
    """
    from spanwise.sink import MetricSink, SinkConfig, TraceSink

    jaeger = (TraceSink("jaeger", f"{LOOPBACK}:{ports.jaeger_otlp}"),) if "jaeger" in running else ()
    url = f"http://{LOOPBACK}:{ports.prometheus}/api/v1/otlp"
    metrics = MetricSink(endpoint=url) if "prometheus" in running else None
    return replace(
        plan,
        sinks=SinkConfig(traces=jaeger, metrics=metrics, content=None),
        sample=replace(plan.sample, ratio=1.0),
        alerts=replace(plan.alerts, receivers={}, routes={}, quiet=None),
    )
