"""Figures over time for charts, each with the rows of the table beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from spanwise.store.schema import TABLE
from spanwise.store.views.call import UNPRICED
from spanwise.view.asked import Asked
from spanwise.view.filter import KEYS, Filter
from spanwise.view.source import Question, Row, Source


MOST_SERIES: Final = 6
"""Models with a colour of their own; the others are one series."""
OTHERS: Final = "others"
_MOST_ROWS: Final = 25
_HOURLY: Final = timedelta(days=3)


def reports(source: Source, asked: Asked) -> dict[str, object]:
    """Cost by time and model, latency, errors, first chunks and the dearest users, models and prompts of a range.

    `step` is `hour` or `day`, in UTC; steps without calls are there and empty. Sums are of US dollars and leave out
    calls without a known price, which `unpriced` counts.
    """
    chosen = Filter.read(asked)
    (span,) = source.ask(
        Question(
            f"SELECT min(start) AS first, max(start) AS last FROM {TABLE} WHERE model_call AND {chosen.sql}",
            chosen.parameters,
        )
    )
    if not span or span[0]["first"] is None:
        return {"step": "day", "steps": [], "models": [], "cost": [], "time": [], "errors": [], "tables": {}}
    first, last = asked.since() or span[0]["first"], max(span[0]["last"], _now())
    step = "hour" if last - first <= _HOURLY else "day"
    where = f"FROM {TABLE} WHERE model_call AND {chosen.sql}"
    bucket = f"date_trunc('{step}', start)::TIMESTAMP"
    model = KEYS["model"]
    cost, time, errors, *tables = source.ask(
        Question(
            f"SELECT {bucket} AS moment, {model} AS model, {_COST}, count(*) AS calls {where} "
            "GROUP BY ALL ORDER BY moment",
            chosen.parameters,
        ),
        Question(f"SELECT {bucket} AS moment, {_TIME} {where} GROUP BY moment ORDER BY moment", chosen.parameters),
        Question(
            f"SELECT {bucket} AS moment, error_type AS kind, count(*) AS calls {where} AND error_type IS NOT NULL "
            "GROUP BY ALL ORDER BY moment, kind",
            chosen.parameters,
        ),
        *(Question(_ranked(key, where), chosen.parameters) for key in _RANKED),
    )
    names = _dearest(cost)
    return {
        "step": step,
        "steps": [moment.isoformat() for moment in _steps(first, last, step)],
        "models": names,
        "cost": _gathered(cost, names),
        "time": [_dated(row) for row in time],
        "errors": [_dated(row) for row in errors],
        "tables": dict(zip(_RANKED, tables, strict=True)),
    }


_COST: Final = f"""
    sum(cost) FILTER (currency = 'USD') AS cost_usd, count(*) FILTER ({UNPRICED}) AS unpriced,
    count(*) FILTER (cost_status = 'estimated') AS estimated, count(*) FILTER (currency <> 'USD') AS foreign
"""
_TIME: Final = """
    quantile_cont(duration_s, 0.5) AS p50_s, quantile_cont(duration_s, 0.95) AS p95_s,
    quantile_cont(duration_s, 0.99) AS p99_s, quantile_cont(time_to_first_chunk_s, 0.5) AS first_chunk_p50_s,
    count(*) AS calls, count(error_type) AS errors
"""
_RANKED: Final = ("user", "model", "prompt", "tenant", "error")


def _ranked(key: str, where: str) -> str:
    return f"""
        SELECT {KEYS[key]} AS key, {_COST}, {_TIME},
               coalesce(sum(input_tokens), 0)::BIGINT AS input_tokens,
               coalesce(sum(output_tokens), 0)::BIGINT AS output_tokens,
               coalesce(sum(cache_read_tokens), 0)::BIGINT AS cache_read_tokens
        {where} AND {KEYS[key]} IS NOT NULL
        GROUP BY key ORDER BY cost_usd DESC NULLS LAST, calls DESC, key LIMIT {_MOST_ROWS}
    """


def _dearest(rows: list[Row]) -> list[str]:
    sums: dict[str, Decimal] = {}
    for row in rows:
        name = row["model"] or ""
        sums[name] = sums.get(name, Decimal(0)) + (row["cost_usd"] or 0)
    names = sorted(sums, key=lambda name: (-sums[name], name))
    return names if len(names) <= MOST_SERIES else [*names[: MOST_SERIES - 1], OTHERS]


def _gathered(rows: list[Row], names: list[str]) -> list[Row]:
    gathered: dict[tuple[datetime, str], Row] = {}
    for row in rows:
        name = row["model"] or ""
        name = name if name in names else OTHERS
        found = gathered.setdefault((row["moment"], name), {"at": row["moment"].isoformat(), "model": name, "calls": 0})
        found["calls"] += row["calls"]
        for figure in ("unpriced", "estimated", "foreign"):
            found[figure] = found.get(figure, 0) + row[figure]
        if row["cost_usd"] is not None:
            found["cost_usd"] = found.get("cost_usd", Decimal(0)) + row["cost_usd"]
    return list(gathered.values())


def _steps(first: datetime, last: datetime, step: str) -> list[datetime]:
    moment = first.replace(minute=0, second=0, microsecond=0)
    if step == "day":
        moment = moment.replace(hour=0)
    length = timedelta(hours=1) if step == "hour" else timedelta(days=1)
    # A span may claim any start: a thousand days are more than a store keeps.
    moment = max(moment, last - 1000 * length)
    found = []
    while moment <= last:
        found.append(moment)
        moment += length
    return found


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _dated(row: Row) -> Row:
    return {"at": row["moment"].isoformat(), **{name: value for name, value in row.items() if name != "moment"}}
