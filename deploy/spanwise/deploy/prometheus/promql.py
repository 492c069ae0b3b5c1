"""Pieces of PromQL: durations, labels, selectors, and an increase that misses nothing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from spanwise.deploy.series import SERIES, label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv.metrics import Instrument


WATCHING: Final = "spanwise:watching"
"""A recorded 1: at that time Prometheus was running these rules."""

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def duration(seconds: float | Decimal) -> str:
    """Whole seconds as Prometheus writes them: 300 is `5m`, 90 is `1m30s`."""
    rest = int(seconds)
    if rest <= 0:
        return "0s"
    text = ""
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        text += f"{count}{unit}" if count else ""
    return text


def number(value: Decimal) -> str:
    """A number without exponent and without needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def name(instrument: Instrument, part: str = "") -> str:
    """The series of an instrument; `part` is `bucket`, `sum` or `count` of a histogram."""
    series = SERIES[instrument.name].name
    return f"{series}_{part}" if part else series


def labels(attributes: Iterable[str]) -> tuple[str, ...]:
    """The labels of attributes. A service is told by its namespace too, where it has one."""
    found: list[str] = []
    for attribute in attributes:
        if attribute == attr.SERVICE_NAME:
            found.append("service_namespace")
        found.append(label_name(attribute))
    return tuple(dict.fromkeys(found))


def sum_by(by: Iterable[str], expression: str) -> str:
    """The sum of an expression; labels that a series has not are left out by Prometheus."""
    names = ", ".join(by)
    return f"sum by ({names}) ({expression})" if names else f"sum({expression})"


def rate(selector: str, window: str) -> str:
    """The amount per second."""
    return f"rate({selector}[{window}])"


def increase(selector: str, window: str) -> str:
    """The amount within the window."""
    return f"increase({selector}[{window}])"


def grown(by: Iterable[str], selector: str, window: str) -> str:
    """The amount within the window, summed, with what a new series began with.

    `increase` cannot know that a series which appears with 40 had been 0: a job that lives for one export would cost
    nothing. A series that was not there in the day before the window therefore counts in full, once Prometheus has
    watched for as long as the window; before that nobody can tell a new series from a new Prometheus.
    """
    begun = f"{selector} unless last_over_time({selector}[1d] offset {window})"
    inner = f"\n  (({begun}) and on () ({WATCHING} offset {window}))\n  or {increase(selector, window)}\n"
    return sum_by(by, inner)


def matching(*matchers: str) -> str:
    """Label matchers in braces; nothing when there are none."""
    return f"{{{', '.join(matchers)}}}" if matchers else ""


def both(*clauses: str) -> str:
    """Clauses that must all hold, one a line; the value is that of the first."""
    return "\nand ".join(clauses)
