"""Texts of alerts in the template language that Prometheus, Alertmanager and Grafana share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from spanwise.alert import AlertConfig
from spanwise.alert.catalogue import THRESHOLDS
from spanwise.deploy.prometheus.promql import duration, number
from spanwise.deploy.prometheus.rule import Rule
from spanwise.deploy.series import label_name


PROMETHEUS: Final = "$value"
"""How a template of Prometheus names the value."""

GRAFANA: Final = "$values.A.Value"
"""How a template of Grafana names the value of query A."""

_PLACE: Final = re.compile(r"\{([a-z0-9_.]+)(?::([a-z]+))?\}")
_FORMS: Final = {
    "": "{{{{ {value} }}}}",
    # Prometheus extrapolates what it has seen to the whole window: one failure may read as 1.07.
    "count": '{{{{ printf "%.0f" {value} }}}}',
    "number": '{{{{ printf "%.3g" {value} }}}}',
    "percent": "{{{{ {value} | humanizePercentage }}}}",
    "usd": '{{{{ printf "%.2f" {value} }}}}',
    "seconds": "{{{{ {value} | humanizeDuration }}}}",
}


def notes(rule: Rule, config: AlertConfig, *, value: str = PROMETHEUS) -> dict[str, str]:
    """Summary, description and the address of the runbook; `value` is how the engine names the value."""
    texts = {"summary": rule.alert.summary, "description": rule.alert.description}
    made = {key: written(text, rule.fixed, config, value=value) for key, text in texts.items()}
    return made | {"runbook_url": f"{config.runbooks}{rule.alert.runbook}.md"}


def written(text: str, fixed: Mapping[str, str | Decimal], config: AlertConfig, *, value: str = PROMETHEUS) -> str:
    """`text` with template code for what is known when it rings, and numbers for what is known now."""

    def replaced(match: re.Match[str]) -> str:
        place, form = match[1], match[2] or ""
        if place == "value":
            return _FORMS[form].format(value=value)
        if place in fixed:
            known = fixed[place]
            return known if isinstance(known, str) else plain(known, form)
        if place in THRESHOLDS:
            return plain(config.threshold(place), form)
        return f"{{{{ $labels.{label_name(place)} }}}}"

    return _PLACE.sub(replaced, text)


def plain(value: Decimal, form: str) -> str:
    """A number as people read it."""
    if form == "percent":
        return f"{number(value * 100)}%"
    if form == "usd":
        return f"{value:.2f}"
    return duration(value) if form == "seconds" else number(value)
