"""Questions about silence: services that used to send and send nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from spanwise.alert import Alert, AlertConfig
from spanwise.alert.telemetry import KNOWN_S, SILENT_S, TELEMETRY_SILENCE, TELEMETRY_SILENCE_ALL
from spanwise.alerting.asker import SECOND_NS, Asker
from spanwise.alerting.column import counted, labelled, with_namespace
from spanwise.alerting.finding import Finding
from spanwise.alerting.rule import Question, StoreRule


Group: TypeAlias = tuple[object, ...]

_MINUTE_NS: Final = 60 * SECOND_NS
_DAY_S: Final = 86_400
_REMARK: Final = (
    "The store sees spans, not metrics: a service that runs and that nobody calls looks silent here, too, and is "
    "counted as known for the time in which it had calls."
)


def rules(config: AlertConfig) -> list[StoreRule]:
    """The rules of this family."""
    return [
        _rule(TELEMETRY_SILENCE, config, silent(config), "seconds"),
        _rule(TELEMETRY_SILENCE_ALL, config, all_silent(config), "count"),
    ]


def silent(config: AlertConfig) -> Question:
    """Seconds for which each service was heard of in the day before; it holds for those that are silent now."""
    by = with_namespace(TELEMETRY_SILENCE.by)
    silent_s, known_s = (float(config.threshold(key)) for key in (SILENT_S.key, KNOWN_S.key))

    def ask(asker: Asker) -> list[Finding]:
        return [
            Finding(labelled(by, group), heard, heard >= known_s and ago > silent_s)
            for group, (heard, ago) in _heard(asker, by, silent_s).items()
        ]

    return ask


def all_silent(config: AlertConfig) -> Question:
    """How many services are known, which holds when all are silent."""
    by = with_namespace(TELEMETRY_SILENCE.by)
    silent_s, known_s = (float(config.threshold(key)) for key in (SILENT_S.key, KNOWN_S.key))

    def ask(asker: Asker) -> list[Finding]:
        found = _heard(asker, by, silent_s).values()
        known = sum(heard >= known_s for heard, _ in found)
        quiet = all(ago > silent_s for _, ago in found)
        return [Finding({}, float(known), known > 0 and quiet)]

    return ask


def _heard(asker: Asker, by: tuple[str, ...], silent_s: float) -> Mapping[Group, tuple[float, float]]:
    """Of each service the seconds it was heard of in the last day, and the seconds since it was heard last.

    It is heard of for as long after each span as it takes to be called silent. Spans count by whole minutes.
    """
    sql = counted(by, f"((? - end_unix_nano) // {_MINUTE_NS})::INTEGER AS ago_min, max(end_unix_nano)", "true")
    minutes: dict[Group, list[int]] = defaultdict(list)
    last_ns: dict[Group, int] = defaultdict(int)
    for *group, ago_min, ended_ns in asker.rows(sql, [asker.now_ns, asker.ago_ns(_DAY_S + silent_s), asker.now_ns]):
        key = tuple(group)
        minutes[key].append(ago_min)
        last_ns[key] = max(last_ns[key], ended_ns)
    return {
        key: (_covered_s(found, silent_s), (asker.now_ns - last_ns[key]) / SECOND_NS) for key, found in minutes.items()
    }


def _covered_s(minutes_ago: Iterable[int], each_s: float) -> float:
    """Seconds of the last day that are within `each_s` after one of the minutes."""
    covered, newest_s = 0.0, float(_DAY_S)
    # From the oldest on: each begins where the one before it ends, at the earliest.
    for ago_s in sorted((60.0 * minute for minute in minutes_ago), reverse=True):
        begin_s, end_s = min(ago_s, newest_s), max(ago_s - each_s, 0.0)
        covered += max(begin_s - end_s, 0.0)
        newest_s = min(newest_s, end_s)
    return covered


def _rule(alert: Alert, config: AlertConfig, question: Question, form: str) -> StoreRule:
    limit = config.threshold(SILENT_S.key)
    hold_s = int(config.threshold(alert.hold.key))
    return StoreRule(alert, question, hold_s, limit, form, alert.severity, remark=_REMARK, every_s=60)
