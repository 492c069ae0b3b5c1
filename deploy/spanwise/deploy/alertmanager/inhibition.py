"""Which alert silences which: one cause should ring once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from spanwise.alert.catalogue import ALERTS
from spanwise.alert.objectives import BURNS
from spanwise.alert.spend import BUDGET_BURN, BUDGET_NEAR, BUDGET_SPENT, SERVICE
from spanwise.alert.telemetry import TELEMETRY_SILENCE, TELEMETRY_SILENCE_ALL
from spanwise.budget import DIMENSIONS
from spanwise.deploy.document import Value
from spanwise.deploy.prometheus.promql import labels
from spanwise.deploy.series import label_name


OF_A_SERVICE: Final = 'service_name=~".+"'
"""Two alerts without the label are equal in it; without this, a page of nobody's would silence every such ticket."""

_SAME_SERVICE: Final = labels(SERVICE)


class Inhibition(NamedTuple):
    """While an alert of `source` rings, those of `target` that agree with it in `equal` are silent.

    Attributes:
        about: Why, for the comment above it.
        source: Matchers.
        target: Matchers.
        equal: Labels.
    """

    about: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    equal: tuple[str, ...]

    def document(self) -> Value:
        """As Alertmanager has it."""
        return {
            "source_matchers": list(self.source),
            "target_matchers": list(self.target),
            "equal": list(self.equal),
        }


def inhibitions() -> Iterator[Inhibition]:
    """Every inhibition, the widest first."""
    silence, all_silent = TELEMETRY_SILENCE.title, TELEMETRY_SILENCE_ALL.title
    yield Inhibition(
        "Nothing arrives from anybody: what services say of themselves is old.",
        (f'alertname="{all_silent}"',),
        ('alertname=~"Spanwise.+"', OF_A_SERVICE),
        (),
    )
    yield Inhibition(
        "A service that sends nothing: its other alerts are made of what it sent before.",
        (f'alertname="{silence}"',),
        ('alertname=~"Spanwise.+"', f'alertname!="{silence}"', OF_A_SERVICE),
        _SAME_SERVICE,
    )
    yield Inhibition(
        "Somebody is already awake for this service; its tickets wait.",
        ('severity="page"', 'alertname=~"Spanwise.+"', OF_A_SERVICE),
        ('severity="ticket"', 'alertname=~"Spanwise.+"', OF_A_SERVICE),
        _SAME_SERVICE,
    )
    fast, slow, creep = (_titles(burn.suffix) for burn in BURNS)
    same_slo = (*_SAME_SERVICE, "slo")
    yield Inhibition(
        "The shorter window says the same, and sooner.",
        (f'alertname=~"{fast}"',),
        (f'alertname=~"{slow}|{creep}"',),
        same_slo,
    )
    yield Inhibition(
        "A budget that is spent was near its end before.",
        (f'alertname="{BUDGET_SPENT.title}"',),
        (f'alertname=~"{BUDGET_BURN.title}|{BUDGET_NEAR.title}"',),
        ("budget", *(label_name(attribute) for attribute in DIMENSIONS.values())),
    )


def _titles(suffix: str) -> str:
    return "|".join(alert.title for alert in ALERTS.values() if alert.id.endswith(suffix))
