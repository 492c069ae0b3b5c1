"""`AlertConfig`: which alerts there are, at which numbers they ring, and who hears of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Self

from spanwise.alert.quiet import Quiet
from spanwise.alert.receiver import Receiver
from spanwise.policy import Form, Reader
from spanwise.policy.problem import guess, listed


PAGE: Final = "page"
"""Somebody is woken."""

TICKET: Final = "ticket"
"""Somebody looks at it on the next working day."""

SEVERITIES: Final = (PAGE, TICKET)

_HEARS: Final = {
    PAGE: "The receiver of what somebody is woken for.",
    TICKET: "The receiver of what somebody looks at on the next working day.",
}
_QUIET: Final = "Hours in which nobody hears of a ticket; what still fires afterwards is told then. Pages never wait."
_RECEIVER: Final = Form("[A-Za-z0-9_-]{1,60}", "letters, digits, '-' and '_', at most 60")
_MOST_RECEIVERS: Final = 50


@dataclass(frozen=True, slots=True)
class AlertConfig:
    """Settings of the alerts.

    Attributes:
        disabled: Ids of alerts that are not rendered.
        thresholds: Numbers that differ from the default, by the key of the threshold.
        receivers: Who can be told, by name.
        routes: The receiver of a severity. A severity without one goes where the other goes, or to the first receiver.
        quiet: When tickets wait; `None` for never.
        interval_s: Seconds between two evaluations of the rules, at most 120.
        runbooks: Where the runbook pages are; the name of the page is appended. A path within this repository unless
            the policy says at which address they are published.
    """

    disabled: frozenset[str] = frozenset()
    thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)
    quiet: Quiet | None = None
    interval_s: int = 30
    runbooks: str = "deploy/runbooks/"

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        receivers = _receivers(reader)
        config = cls(
            disabled=_disabled(reader),
            thresholds=_thresholds(reader.section("thresholds", about="The numbers at which alerts ring.")),
            receivers=receivers,
            routes=_routes(reader.section("routes", about="Who hears of which severity."), receivers),
            quiet=Quiet.read(reader.section("quiet", about=_QUIET)) if reader.has("quiet") else None,
            interval_s=reader.integer(
                "interval_s",
                default.interval_s,
                least=1,
                most=120,
                about="Seconds between two evaluations of the rules.",
            ),
            runbooks=reader.text(
                "runbooks", default.runbooks, about="Address below which your runbook pages are published."
            ),
        )
        reader.finish()
        return config

    def threshold(self, key: str) -> Decimal:
        """The number that holds under `key`. Raises `KeyError` for a key of no alert."""
        from spanwise.alert.catalogue import THRESHOLDS

        return self.thresholds.get(key, THRESHOLDS[key].default)

    def receiver_of(self, severity: str) -> str | None:
        """The name of the receiver of `severity`; `None` when nobody can be told."""
        if severity in self.routes:
            return self.routes[severity]
        return next(iter([*self.routes.values(), *self.receivers]), None)


def _disabled(reader: Reader) -> frozenset[str]:
    """Alerts that are switched off; the definitions are read only when a policy names one."""
    about = "Alerts that are not rendered, by their ids."
    return frozenset(reader.texts("disabled", accepted=_ids, called="an alert", about=about))


def _ids() -> list[str]:
    from spanwise.alert.catalogue import ALERTS

    return list(ALERTS)


def _thresholds(reader: Reader) -> dict[str, Decimal]:
    if not reader.keys():
        reader.finish()
        return {}
    from spanwise.alert.catalogue import THRESHOLDS

    found: dict[str, Decimal] = {}
    for key, threshold in THRESHOLDS.items():
        if not reader.has(key):
            continue
        about = f"{threshold.about} Unit: {threshold.unit}."
        value = reader.decimal(key, threshold.default, least=threshold.least, most=threshold.most, about=about)
        if threshold.accepted and value not in threshold.accepted:
            reader.complain(key, f"found {value}; accepted: {listed([str(each) for each in threshold.accepted])}.")
        else:
            found[key] = value
    reader.finish()
    return found


def _receivers(reader: Reader) -> dict[str, Receiver]:
    about = "Who can be told, by a name of your own. Without any, alerts ring and nobody hears."
    readers = reader.named("receivers", form=_RECEIVER, most=_MOST_RECEIVERS, about=about)
    return {name: Receiver.read(inner) for name, inner in readers.items()}


def _routes(reader: Reader, receivers: Mapping[str, Receiver]) -> dict[str, str]:
    routes: dict[str, str] = {}
    for severity in SEVERITIES:
        name = reader.text(severity, None, about=_HEARS[severity])
        if name is not None and name not in receivers:
            what = f"found {name!r}, not a receiver.{guess(name, list(receivers))} Accepted: {listed(list(receivers))}."
            reader.complain(severity, what)
        elif name is not None:
            routes[severity] = name
    reader.finish()
    return routes
