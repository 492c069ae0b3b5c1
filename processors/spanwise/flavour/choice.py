"""Which flavour spans are written in, and which metrics are recorded."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final, NamedTuple

from spanwise.semconv import environment


CURRENT: Final = "current"
NAMES: Final = (CURRENT, "released", "legacy")

_LATEST: Final = "gen_ai_latest_experimental"
_BOTH: Final = "gen_ai/dup"

_logger = logging.getLogger("spanwise.pipeline")


class Choice(NamedTuple):
    """`semconv` names the flavour of spans; `metrics` those of the metrics, several to record all of them."""

    semconv: str = CURRENT
    metrics: tuple[str, ...] = (CURRENT,)

    def validate(self) -> list[str]:
        """Complaints about these settings."""
        accepted = ", ".join(NAMES)
        problems = []
        if self.semconv not in NAMES:
            problems.append(f"{environment.SPANWISE_SEMCONV}: found {self.semconv!r}; accepted: {accepted}")
        if unknown := [name for name in self.metrics if name not in NAMES]:
            problems.append(f"{environment.SPANWISE_METRICS}: found {', '.join(unknown)!r}; accepted: {accepted}")
        return problems


def chosen(environ: Mapping[str, str], fallback: Choice | None = None) -> Choice:
    """What the environment asks for; where it asks for nothing, `fallback`.

    `SPANWISE_SEMCONV` and `SPANWISE_METRICS` (a list with commas) come first. `OTEL_SEMCONV_STABILITY_OPT_IN` with
    `gen_ai_latest_experimental` means the current convention, with `gen_ai/dup` current spans and both the current and
    the legacy metrics. Without `fallback` nothing set means current. An unknown name is named in a warning
    and counts as not set.
    """
    opted = {word.strip() for word in environ.get(environment.OTEL_SEMCONV_STABILITY_OPT_IN, "").split(",")}
    unset = fallback or Choice()
    default = Choice() if _LATEST in opted else Choice(metrics=(CURRENT, "legacy")) if _BOTH in opted else unset
    semconv = environ.get(environment.SPANWISE_SEMCONV, "").strip().lower() or default.semconv
    listed = environ.get(environment.SPANWISE_METRICS, "").lower().split(",")
    metrics = tuple(dict.fromkeys(word.strip() for word in listed if word.strip())) or default.metrics
    choice = Choice(semconv, metrics)
    if problems := choice.validate():
        _logger.warning("spanwise: %s; they count as not set", "; ".join(problems))
        return unset
    return choice
