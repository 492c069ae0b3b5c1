"""Texts of alerts with their values, as the templates of Prometheus write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from spanwise.alert import AlertConfig
from spanwise.alert.catalogue import THRESHOLDS
from spanwise.alerting.rule import StoreRule
from spanwise.deploy.prometheus.text import plain
from spanwise.deploy.series import label_name


_PLACE: Final = re.compile(r"\{([a-z0-9_.]+)(?::([a-z]+))?\}")
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "m"))
_LONGEST_VALUE: Final = 200


def written(text: str, rule: StoreRule, config: AlertConfig, *, labels: Mapping[str, str], value: float) -> str:
    """`text` with its placeholders replaced. A label that is absent leaves nothing, as in Prometheus."""

    def replaced(match: re.Match[str]) -> str:
        place, form = match[1], match[2] or ""
        if place == "value":
            return shown(value, form)
        if place in rule.fixed:
            known = rule.fixed[place]
            return known if isinstance(known, str) else plain(known, form)
        if place in THRESHOLDS:
            return plain(config.threshold(place), form)
        return labels.get(label_name(place), "")[:_LONGEST_VALUE]

    return _PLACE.sub(replaced, text)


def shown(value: float, form: str) -> str:
    """A value in one of the forms, as people read it."""
    match form:
        case "count":
            return f"{value:.0f}"
        case "number":
            return f"{value:.3g}"
        case "percent":
            return f"{value * 100:.4g}%"
        case "usd":
            return f"{value:.2f}"
        case "seconds":
            return _duration(value)
        case _:
            return f"{value:g}"


def limit(rule: StoreRule) -> str:
    """The threshold of a rule, as people read it; silence is seconds whatever its value is."""
    if rule.alert.query.kind.startswith("silence"):
        return plain(rule.limit, "seconds")
    return plain(Decimal(rule.limit), {"count": "", "number": ""}.get(rule.form, rule.form))


def _duration(seconds: float) -> str:
    """Seconds as `humanizeDuration` writes them: `4.352s`, `1m 30s`, `6h 0m 0s`."""
    if seconds < 1:
        return f"{seconds * 1000:.4g}ms" if seconds else "0s"
    if seconds < 60:
        return f"{seconds:.4g}s"
    rest = int(seconds)
    parts: list[str] = []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count}{unit}")
    return " ".join((*parts, f"{rest}s"))
