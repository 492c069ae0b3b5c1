"""The policies that the stacks of the tests are rendered from: what a user would write, at addresses of a test."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from tests.stack.overlay import Yaml


INTERVAL_S: Final = 4
"""Seconds between two evaluations of the rules. The default is 30; a test does not wait that long."""

SILENT_S: Final = 12

SAMPLED: Final[Yaml] = {
    "content": {"mode": "span"},
    # No trace is kept by chance: what arrives was kept for a reason.
    "sampling": {
        "ratio": 0,
        "decision_wait_s": 2,
        "keep": {"slower_than_s": 1.28, "dearer_than_usd": 0.5, "tokens_above": 50_000_000},
    },
    "slos": [{"name": "latency", "kind": "latency", "objective": 0.95, "threshold_s": 1.28}],
    "alerts": {
        "interval_s": INTERVAL_S,
        # Each is a setting of a user too: how much, and for how long until it rings.
        "thresholds": {
            "spend_rate_usd": 20,
            "provider_errors_hold_s": 0,
            "latency_burn_fast_hold_s": 0,
            "telemetry_silence_after_s": SILENT_S,
            "telemetry_silence_known_s": 0,
        },
    },
}
"""Content on spans, tail sampling that keeps nothing by chance, and alerts that ring as soon as they may."""

WHOLE: Final[Yaml] = {"sampling": {"ratio": 1}}
"""Every trace is kept, so that none waits for a decision in memory."""


def write_policy(path: Path, policy: Yaml, *, jaeger: str, prometheus: str, webhook: str) -> Path:
    """Write `policy` as a file, with the addresses at which the stack of one test listens.

    Args:
        path: Where.
        policy: The sections, without `sinks` and without receivers of alerts.
        jaeger: `host:port` of OTLP over gRPC.
        prometheus: URL of the server.
        webhook: URL to which alerts are posted.
    """
    alerts = {
        **policy.get("alerts", {}),
        "receivers": {"hook": {"webhook": {"url": webhook}}},
        "routes": {"page": "hook", "ticket": "hook"},
    }
    sinks = {
        "traces": {"jaeger": {"endpoint": jaeger}},
        "metrics": {"prometheus": {"endpoint": f"{prometheus}/api/v1/otlp"}},
    }
    path.write_text(yaml.safe_dump({**policy, "sinks": sinks, "alerts": alerts}, sort_keys=False), encoding="utf-8")
    return path
