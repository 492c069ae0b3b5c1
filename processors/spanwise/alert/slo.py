"""`Slo`: what share of the model calls must go well."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from spanwise.policy import Reader


ERRORS: Final = "errors"
"""A call is good when it did not fail."""

LATENCY: Final = "latency"
"""A call is good when it succeeded within `threshold_s`."""

TIME_TO_FIRST_CHUNK: Final = "time_to_first_chunk"
"""A streamed call is good when its first chunk came within `threshold_s`."""

KINDS: Final = (ERRORS, LATENCY, TIME_TO_FIRST_CHUNK)

MOST_SLOS: Final = 20

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_WINDOW: Final = re.compile(r"([0-9]{1,3})d")
_LEAST_DAYS: Final = 7
_MOST_DAYS: Final = 90


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
        before = len(reader.problems)
        name = _name(reader)
        kind = reader.choice("kind", KINDS, None)
        objective = reader.decimal("objective", None, least=Decimal("0.5"), most=Decimal("0.99999"))
        window_days = days(reader, "window", 30, least=_LEAST_DAYS, most=_MOST_DAYS)
        threshold_s = _threshold(reader, kind)
        for key, accepted in (("name", "a short name"), ("kind", ", ".join(KINDS)), ("objective", "a share as 0.99")):
            if not reader.has(key):
                reader.complain(key, f"missing; accepted: {accepted}.")
        reader.finish()
        if name is None or kind is None or objective is None or len(reader.problems) > before:
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
    items = reader.sections(key)
    if len(items) > MOST_SLOS:
        reader.complain(key, f"found {len(items)} items; accepted are at most {MOST_SLOS}.")
        return DEFAULT_SLOS
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


def days(reader: Reader, key: str, default: int, *, least: int, most: int) -> int:
    """Whole days written as `30d`."""
    text = reader.text(key, None)
    if text is None:
        return default
    match = _WINDOW.fullmatch(text)
    if match is None or not least <= int(match[1]) <= most:
        reader.complain(key, f"found '{text}'; accepted: {least}d to {most}d.")
        return default
    return int(match[1])


def _name(reader: Reader) -> str | None:
    name = reader.text("name", None, longest=40)
    if name is not None and _NAME.fullmatch(name) is None:
        reader.complain("name", f"found '{name}'; accepted: small letters, digits and '-', a letter first.")
        return None
    return name


def _threshold(reader: Reader, kind: str | None) -> Decimal | None:
    """`threshold_s`, which errors have not and the others need: between two boundaries nobody can count."""
    if kind is None or kind == ERRORS:
        if kind and reader.has("threshold_s"):
            reader.complain("threshold_s", "not a key of kind errors; accepted with latency and time_to_first_chunk.")
        reader.has("threshold_s")
        return None
    accepted = boundaries(kind)
    if not reader.has("threshold_s"):
        reader.complain("threshold_s", f"missing; accepted: {', '.join(map(str, accepted))}.")
        return None
    value = reader.decimal("threshold_s", None, least=accepted[0], most=accepted[-1])
    if value is not None and value not in accepted:
        near = min(accepted, key=lambda boundary: abs(boundary - value))
        found = f"found {value}, which is no bucket boundary of the metric; the nearest is {near}."
        reader.complain("threshold_s", f"{found} Accepted: {', '.join(map(str, accepted))}.")
        return None
    return value
