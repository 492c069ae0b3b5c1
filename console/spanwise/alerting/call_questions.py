"""Questions about model calls: failures, limits, retries, endings, slow starts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

from spanwise.alert import Alert, AlertConfig
from spanwise.alert.calls import (
    CALLERS_OWN,
    LEAST_CALLS,
    PROVIDER_ERRORS,
    RATE_LIMIT_STORM,
    RATE_LIMITS,
    REFUSALS,
    RETRIES,
    TIME_TO_FIRST_CHUNK,
    TRUNCATION,
)
from spanwise.alerting.asker import Asker
from spanwise.alerting.column import INFERENCE, SPENDING, counted, labelled, with_namespace
from spanwise.alerting.finding import Finding
from spanwise.alerting.rule import Question, StoreRule
from spanwise.measure.finish_reason import finish_reason
from spanwise.record import AttributeValue, SpanRecord
from spanwise.semconv import attributes as attr


Pattern: TypeAlias = Any
"""A compiled pattern of google-re2, which has no types."""


def rules(config: AlertConfig) -> list[StoreRule]:
    """The rules of this family."""
    return [
        _rule(TIME_TO_FIRST_CHUNK, config, first_chunks(config), "seconds"),
        _rule(PROVIDER_ERRORS, config, shares(PROVIDER_ERRORS, config, "error_type", _is_failure), "percent"),
        _rule(RATE_LIMIT_STORM, config, shares(RATE_LIMIT_STORM, config, "error_type", _is_limited), "percent"),
        _rule(RETRIES, config, retries(config), "number"),
        *(_rule(alert, config, endings(alert, config), "percent") for alert in (TRUNCATION, REFUSALS)),
    ]


def shares(alert: Alert, config: AlertConfig, column: str, is_bad: Callable[[str], bool]) -> Question:
    """The share of the calls whose `column` holds something bad."""
    by = with_namespace(alert.by)
    sql = counted(by, f"{column}, count(*)", INFERENCE)

    def ask(asker: Asker) -> list[Finding]:
        sums: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
        for *group, text, count in asker.rows(sql, [asker.ago_ns(alert.query.window_s), asker.now_ns]):
            found = sums[tuple(group)]
            found[0] += count if text is not None and is_bad(text) else 0
            found[1] += count
        return [_share(labelled(by, group), config, alert, *found) for group, found in sums.items()]

    return ask


def endings(alert: Alert, config: AlertConfig) -> Question:
    """The share of the answers that ended in one of the alert's ways."""
    by = with_namespace(alert.by)
    reasons = frozenset(alert.query.where[attr.SPANWISE_FINISH_REASON].split("|"))
    sql = counted(by, "error_type IS NOT NULL, refused, finish_reasons, count(*)", INFERENCE)

    def ask(asker: Asker) -> list[Finding]:
        sums: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
        for *group, failed, refused, given, count in asker.rows(
            sql, [asker.ago_ns(alert.query.window_s), asker.now_ns]
        ):
            found = sums[tuple(group)]
            found[0] += count if _ended(failed, refused, given) in reasons else 0
            found[1] += count
        return [_share(labelled(by, group), config, alert, *found) for group, found in sums.items()]

    return ask


def retries(config: AlertConfig) -> Question:
    """How often requests were sent again, per model call."""
    by = with_namespace(RETRIES.by)
    sql = counted(
        by,
        f"coalesce(sum(resends), 0)::BIGINT, count(*) FILTER ({INFERENCE})",
        f"duplicate_of IS NULL AND (kind = 'client' OR {SPENDING})",
    )

    def ask(asker: Asker) -> list[Finding]:
        rows = asker.rows(sql, [asker.ago_ns(RETRIES.query.window_s), asker.now_ns])
        return [_share(labelled(by, group), config, RETRIES, resent, calls) for *group, resent, calls in rows]

    return ask


def first_chunks(config: AlertConfig) -> Question:
    """Seconds to the first chunk, 95th percentile: of the calls themselves, where Prometheus has buckets."""
    by = with_namespace(TIME_TO_FIRST_CHUNK.by)
    sql = counted(
        by,
        "quantile_cont(time_to_first_chunk_s, 0.95), count(*)",
        f"time_to_first_chunk_s IS NOT NULL AND {INFERENCE}",
    )
    limit, least = (float(config.threshold(threshold.key)) for threshold in TIME_TO_FIRST_CHUNK.thresholds)

    def ask(asker: Asker) -> list[Finding]:
        rows = asker.rows(sql, [asker.ago_ns(TIME_TO_FIRST_CHUNK.query.window_s), asker.now_ns])
        return [Finding(labelled(by, group), slow, slow > limit and count >= least) for *group, slow, count in rows]

    return ask


def _share(labels: dict[str, str], config: AlertConfig, alert: Alert, bad: int, calls: int) -> Finding:
    share = bad / calls if calls else 0.0
    enough = calls >= config.threshold(LEAST_CALLS.key)
    # Exactly as Prometheus compares: a share that is the limit does not ring.
    return Finding(labels, share, enough and Decimal(bad) > config.threshold(alert.query.above) * calls)


def _is_failure(error_type: str) -> bool:
    return error_type not in CALLERS_OWN and not _is_limited(error_type)


def _is_limited(error_type: str) -> bool:
    return _limits().fullmatch(error_type) is not None


@cache
def _limits() -> Pattern:
    """What rate limits are called; compiled once, and linear in the length of a name that strangers chose."""
    import re2

    return re2.compile("|".join(RATE_LIMITS))


def _ended(failed: bool, refused: bool | None, given: str | None) -> str:  # noqa: FBT001 - cells of a row
    """The word of the metric for cells of the store."""
    said: dict[str, AttributeValue | None] = {
        attr.ERROR_TYPE: "error" if failed else None,
        attr.SPANWISE_RESPONSE_REFUSED: bool(refused),
        attr.GEN_AI_RESPONSE_FINISH_REASONS: json.loads(given) if given else None,
    }
    attributes: dict[str, AttributeValue] = {name: value for name, value in said.items() if value is not None}
    return finish_reason(SpanRecord("", 0, 0, attributes=attributes))


def _rule(alert: Alert, config: AlertConfig, question: Question, form: str) -> StoreRule:
    limit = config.threshold(alert.query.above)
    return StoreRule(alert, question, int(config.threshold(alert.hold.key)), limit, form, alert.severity)
