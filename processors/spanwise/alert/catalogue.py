"""Every alert and every number that a policy may set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from spanwise.alert.alert import Alert
from spanwise.alert.behaviour import BEHAVIOUR
from spanwise.alert.calls import CALLS
from spanwise.alert.collector import COLLECTOR
from spanwise.alert.objectives import OBJECTIVES
from spanwise.alert.spend import SPEND
from spanwise.alert.telemetry import TELEMETRY
from spanwise.alert.threshold import Threshold


ALERTS: Final[Mapping[str, Alert]] = {
    alert.id: alert for alert in (*OBJECTIVES, *CALLS, *SPEND, *BEHAVIOUR, *TELEMETRY, *COLLECTOR)
}
"""Every alert by its id."""

THRESHOLDS: Final[Mapping[str, Threshold]] = {
    threshold.key: threshold for alert in ALERTS.values() for threshold in (*alert.thresholds, alert.hold)
}
"""Every threshold by its key; several alerts may share one."""
