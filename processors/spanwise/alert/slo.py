"""`Slo`: what share of the model calls must go well."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from spanwise.policy import Form, Reader


ERRORS: Final = "errors"
"""A call is good when it did not fail."""

LATENCY: Final = "latency"
"""A call is good when it succeeded within `threshold_s`."""

TIME_TO_FIRST_CHUNK: Final = "time_to_first_chunk"
"""A streamed call is good when its first chunk came within `threshold_s`."""

KINDS: Final = (ERRORS, LATENCY, TIME_TO_FIRST_CHUNK)

MOST_SLOS: Final = 20

_NAME: Final = Form("[a-z][a-z0-9-]{0,39}", "small letters, digits and '-', a letter first")
_LEAST_DAYS: Final = 7
_MOST_DAYS: Final = 90
_LEAST_S: Final = Decimal("0.0001")
_MOST_S: Final = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class Slo:
    """One objective, held by every service by itself.

    Attributes:
        name: What alerts, dashboards and series call it.
        kind: `errors`, `latency` or `time_to_first_chunk`.
        objective: The share of good calls, above 0.5 and below 1.
        window_days: Days over which the share is promised.
        threshold_s: Seconds within which a call is good; a bucket boundary of the metric. `None` for errors.
    """

    name: str
    kind: str
    objective: Decimal
    window_days: int = 30
    threshold_s: Decimal | None = None

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The objective of one item of `slos`; `None` when a key that it cannot do without is absent or refused."""
        name = reader.text(
            "name", None, longest=40, form=_NAME, required="a short name", about="What alerts and dashboards call it."
        )
        kind = reader.choice(
            "kind",
            KINDS,
            None,
            required=f"one of {', '.join(KINDS)}",
            about="When a call is good: it did not fail, it ended in time, or its first chunk came in time.",
        )
        objective = reader.decimal(
            "objective",
            None,
            least=Decimal("0.5"),
            most=Decimal("0.99999"),
            required="a share as 0.99",
            about="The share of calls that must be good.",
        )
        window_days = reader.days(
            "window", 30, least=_LEAST_DAYS, most=_MOST_DAYS, about="Days over which the share is promised."
        )
        threshold_s = _threshold(reader, kind)
        reader.finish()
        if name is None or kind is None or objective is None or not reader.is_sound:
            return None
        return cls(name=name, kind=kind, objective=objective, window_days=window_days, threshold_s=threshold_s)


DEFAULT_SLOS: Final = (
    Slo(name="errors", kind=ERRORS, objective=Decimal("0.99")),
    Slo(name="latency", kind=LATENCY, objective=Decimal("0.95"), threshold_s=Decimal("10.24")),
    Slo(name="first-chunk", kind=TIME_TO_FIRST_CHUNK, objective=Decimal("0.95"), threshold_s=Decimal("2.56")),
)
"""What holds when the policy has no `slos`."""


def read_slos(reader: Reader, key: str = "slos") -> tuple[Slo, ...]:
    """The objectives listed under `key`, or the default ones when it is absent; an empty list means none."""
    if not reader.has(key):
        return DEFAULT_SLOS
    about = "What share of the model calls must go well. Without it there are three: errors, latency, first chunk."
    items = reader.sections(key, most=MOST_SLOS, about=about)
    slos: list[Slo] = []
    for item in items:
        slo = Slo.read(item)
        if slo is None:
            continue
        if slo.name in {other.name for other in slos}:
            item.complain("name", f"found '{slo.name}' a second time; accepted is a name that no other objective has.")
            continue
        slos.append(slo)
    return tuple(slos)


def boundaries(kind: str) -> tuple[Decimal, ...]:
    """Seconds at which the metric of `kind` can be cut exactly: its bucket boundaries."""
    from spanwise.semconv import metrics  # the descriptors are not needed to run a process

    instrument = metrics.GEN_AI_CLIENT_INFERENCE_DURATION
    if kind == TIME_TO_FIRST_CHUNK:
        instrument = metrics.GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK
    return tuple(Decimal(str(boundary)) for boundary in instrument.buckets or ())


def _threshold(reader: Reader, kind: str | None) -> Decimal | None:
    """`threshold_s`, which errors have not and the others need: between two boundaries nobody can count."""
    value = reader.decimal(
        "threshold_s",
        None,
        least=_LEAST_S,
        most=_MOST_S,
        about="Seconds within which a call is good; a bucket boundary of the metric, as 10.24. Not with errors.",
    )
    if kind is None:
        return None
    if kind == ERRORS:
        if reader.has("threshold_s"):
            reader.complain("threshold_s", "not a key of kind errors; accepted with latency and time_to_first_chunk.")
        return None
    accepted = boundaries(kind)
    if not reader.has("threshold_s"):
        reader.complain("threshold_s", f"missing; accepted: {', '.join(map(str, accepted))}.")
        return None
    if value is not None and value not in accepted:
        near = min(accepted, key=lambda boundary: abs(boundary - value))
        found = f"found {value}, which is no bucket boundary of the metric; the nearest is {near}."
        reader.complain("threshold_s", f"{found} Accepted: {', '.join(map(str, accepted))}.")
        return None
    return value
