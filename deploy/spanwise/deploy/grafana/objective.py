"""The page about objectives: what share of calls went well, what may still go wrong, and how fast it is used up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.alert.catalogue import ALERTS
from spanwise.alert.objectives import BURNS, alert_id
from spanwise.alert.slo import ERRORS, TIME_TO_FIRST_CHUNK
from spanwise.deploy.grafana import link
from spanwise.deploy.grafana.dashboard import Dashboard, Row
from spanwise.deploy.grafana.panel import GREEN, RED, TEXT, TIME_SERIES, YELLOW, Panel, Query, Step, legend, stat
from spanwise.deploy.grafana.promql import Histogram, by, select
from spanwise.deploy.grafana.vocabulary import FAILED, SERVICE, Vocabulary


if TYPE_CHECKING:
    from spanwise.alert import Slo
    from spanwise.plan import Plan

_GOOD: Final = FAILED.replace("!~", "=~")
_NONE: Final = "The policy has no `slos`: with one, this page shows what share of calls went well and what is left."


def objectives(plan: Plan, words: Vocabulary) -> Dashboard:
    """A row for each objective of the policy."""
    rows = tuple(Row(_title(slo), _panels(plan, words, slo)) for slo in plan.slos)
    none = Row("Objectives", (Panel(TEXT, "Objectives", "What the policy promises.", width=24, height=4, text=_NONE),))
    return Dashboard(
        uid=words.uid("slo"),
        title=words.title("Objectives"),
        about="Objectives of the policy: the share of good calls, what is left of the allowed bad ones, and the burn "
        "rates at which alerts ring.",
        rows=rows or (none,),
        variables=words.process_variables if plan.slos else (),
        since="now-24h",
        refresh="5m",
        tags=words.tags,
    )


def _title(slo: Slo) -> str:
    promise = {
        ERRORS: "succeed",
        TIME_TO_FIRST_CHUNK: f"begin to answer within {slo.threshold_s} s",
    }.get(slo.kind, f"end within {slo.threshold_s} s")
    return f"{slo.name}: {float(slo.objective * 100):g} % of calls {promise}, over {slo.window_days} days"


def _panels(plan: Plan, words: Vocabulary, slo: Slo) -> tuple[Panel, ...]:
    allowed = 1 - slo.objective
    window = f"{slo.window_days}d"
    left = f"1 - {_bad_share(words, slo, window)} / {allowed}"
    limits = {burn.long_s: _times(plan, slo, at) for at, burn in enumerate(BURNS)}
    return (
        stat(
            "Good calls",
            f"Share over {window}, or over what there is. Red: the promise is broken.",
            f"1 - {_bad_share(words, slo, window)}",
            "percentunit",
            steps=(Step(RED), Step(GREEN, float(slo.objective))),
            decimals=3,
            instant=True,
            height=8,
        ),
        stat(
            "Left of what may go wrong",
            f"Share of the bad calls that {window} allow and that have not happened yet. At 0 stop changing things; "
            "below 0 the promise is broken.",
            left,
            "percentunit",
            steps=(Step(RED), Step(YELLOW, 0.0001), Step(GREEN, 0.25)),
            decimals=1,
            instant=True,
            height=8,
        ),
        Panel(
            TIME_SERIES,
            "Left, by service",
            "The same by service. A step down is an incident; a slope is something always wrong.",
            (Query(f"1 - {_bad_share(words, slo, window, of=(SERVICE,))} / {allowed}", legend(SERVICE)),),
            "percentunit",
            width=8,
            steps=(Step(RED), Step(GREEN, 0)),
            lines=True,
            least=None,
            most=1,
            interval="30m",
            links=(link.of_service(),),
        ),
        Panel(
            TIME_SERIES,
            "Burn rate",
            "How many times as fast as allowed bad calls happen, over an hour, six hours and three days. An alert "
            f"rings above {_read(limits[3_600])} (1 h), {_read(limits[21_600])} (6 h) or {_read(limits[259_200])} "
            "(3 d), when the short window agrees.",
            tuple(
                Query(f"{_bad_share(words, slo, name, of=(SERVICE,))} / {allowed}", f"{legend(SERVICE)}, {name}")
                for name in ("1h", "6h", "3d")
            ),
            "suffix:x",
            width=8,
            steps=(Step(GREEN), Step(YELLOW, limits[259_200]), Step(RED, limits[21_600])),
            lines=True,
        ),
        Panel(
            TIME_SERIES,
            "Bad calls",
            f"Share over 5 minutes. The dashed line is the {_read(float(allowed))} that is allowed in the long run.",
            (Query(_bad_share(words, slo, "5m", of=(SERVICE,)), legend(SERVICE)),),
            "percentunit",
            width=24,
            steps=(Step(GREEN), Step(RED, float(allowed))),
            lines=True,
            links=(link.of_service("status = error") if slo.kind == ERRORS else link.of_service(),),
        ),
    )


def _bad_share(words: Vocabulary, slo: Slo, window: str, *, of: tuple[str, ...] = ()) -> str:
    """The share of calls that were not good; recorded where there are rules for it, else from the raw series."""
    bad, calls = _recorded(words, slo, window) if words.is_current else _raw(words, slo, window)
    return f"sum{by(of)}({bad}) / sum{by(of)}({calls})"


def _recorded(words: Vocabulary, slo: Slo, window: str) -> tuple[str, str]:
    chosen = (f'slo="{slo.name}"', *words.of_process)
    if window in {"5m", "30m", "1h", "6h", "3d"}:
        return select(f"spanwise:slo_bad:rate{window}", chosen), select(f"spanwise:slo_calls:rate{window}", chosen)
    return (
        f"sum_over_time({select('spanwise:slo_bad:rate5m', chosen, window=window)})",
        f"sum_over_time({select('spanwise:slo_calls:rate5m', chosen, window=window)})",
    )


def _raw(words: Vocabulary, slo: Slo, window: str) -> tuple[str, str]:
    # The recording rules ask the current names; here each answer reads all of its window.
    duration = words.duration_of(words.of_process)
    if slo.kind == ERRORS:
        calls = _per_second(duration, "count", window)
        return f"{_per_second(duration.where(FAILED), 'count', window)} or 0 * {calls}", calls
    metric = words.first_chunk_of(words.of_process) if slo.kind == TIME_TO_FIRST_CHUNK else duration.where(_GOOD)
    calls = _per_second(metric, "count", window)
    good = _per_second(metric.where(f'le="{slo.threshold_s}"'), "bucket", window)
    return f"{calls} - ignoring (le) {good}", calls


def _per_second(metric: Histogram, part: str, window: str) -> str:
    return f"rate({select(f'{metric.name}_{part}', metric.matchers, window=window)})"


def _times(plan: Plan, slo: Slo, at: int) -> float:
    alert = ALERTS[alert_id(slo.kind, BURNS[at])]
    return float(plan.alerts.threshold(alert.thresholds[0].key))


def _read(value: float) -> str:
    return f"{value:g}"
