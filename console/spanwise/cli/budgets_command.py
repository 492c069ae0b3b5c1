"""What `spanwise budgets` prints."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.policy import Policy, find_policy, read_policy
from spanwise.report import plain
from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.budget import Budget, Crossing
    from spanwise.budget.account import Entry
    from spanwise.budget.fleet import Fleet
    from spanwise.budget.forecast import Forecast
    from spanwise.budget.ledger import Line
    from spanwise.pipeline import PipelineConfig
    from spanwise.pipeline.fleet_question import FleetAnswer

DRY_RUN: Final = "dry_run"
WRONG_USE: Final = 2
FAILED: Final = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A key of a budget, and its forecast."""

    line: Line
    forecast: Forecast | None


def show_budgets(store: Path | None, *, as_json: bool) -> int:
    """Print a line for each value of each budget. The exit code: 1 when the sums cannot be read, 2 without budgets.

    Where the policy names a collector that adds up for several machines it is asked; when it does not answer the sums
    of this machine are printed, a line says so, and the code is 1.

    Raises:
        PolicyError: the policy has mistakes.
    """
    config = _config()
    if not config.budgets:
        return _without_budgets()
    environ = os.environ if store is None else {**os.environ, environment.SPANWISE_STORE: str(store)}
    fleet = config.fleet if config.fleet and config.fleet.url else None
    path = _path(environ, fleet)
    if path is None and fleet is None:
        say(f"spanwise: {environment.SPANWISE_BUDGETS} is off, so that no sums are kept")
        return WRONG_USE
    from spanwise.pipeline.fleet_question import FleetQuestion

    answer = None if fleet is None else FleetQuestion(fleet, os.environ).ask()
    try:
        rows = _rows(config.budgets, path, answer.entries if answer else ())
    except (sqlite3.Error, OSError) as error:
        say(f"spanwise: the sums in {path} cannot be read ({type(error).__name__})")
        return FAILED
    if as_json:
        show_json([_document(row) for row in rows])
    else:
        _show(rows)
    return 0 if fleet is None or answer is None else _say_whose(fleet, answer)


def _path(environ: Mapping[str, str], fleet: Fleet | None) -> Path | None:
    """The file of sums: of the collector where it is on this machine, else of what this machine has spent."""
    from spanwise.budget.sums_file import machine_path, sums_path

    path = sums_path(environ)
    return path if fleet is None or path is None or path.exists() else machine_path(environ)


def _say_whose(fleet: Fleet, answer: FleetAnswer) -> int:
    if not answer.trouble:
        say(f"these are the sums of all machines, as {fleet.url} tells them now")
        return 0
    say(f"spanwise: {fleet.url} does not tell its sums: {answer.trouble}; what is shown is what this machine knows")
    return FAILED


def show_alert(name: str) -> int:
    """Print what a budget would do if it were used up now. The exit code: 2 when the policy has no such budget.

    Raises:
        PolicyError: the policy has mistakes.
    """
    from spanwise.budget import ALERT, BLOCK, RECORD, Crossing
    from spanwise.budget.period import calendar_of

    budgets = _config().budgets
    if not budgets:
        return _without_budgets()
    budget = next((each for each in budgets if each.name == name), None)
    if budget is None:
        say(f"spanwise: found no budget {name!r}; accepted: {', '.join(each.name for each in budgets)}")
        return WRONG_USE
    now_s, calendar = time.time(), calendar_of(budget.per)
    until_s = calendar.end(calendar.bucket(now_s))
    key = dict.fromkeys(budget.by, "EXAMPLE")
    crossing = Crossing(budget, key, budget.at[-1], budget.limit_usd, 0, calendar.first(now_s), until_s)
    if budget.action == ALERT:
        return _would_send(crossing)
    what = {
        RECORD: "nothing is told: the span says spanwise.budget.state: exceeded, and the metrics show it",
        BLOCK: "calls are refused with spanwise.BudgetExceeded; the log says",
    }
    say(f"action {budget.action}: {what.get(budget.action, 'the log says')}")
    if budget.action != RECORD:
        say(f"spanwise: {crossing.sentence}")
    return 0


def _would_send(crossing: Crossing) -> int:
    from spanwise.alert import AlertConfig
    from spanwise.notify import Notifier
    from spanwise.pipeline.budget_notice import notice_of

    policy = _policy()
    assert policy is not None
    alerts = policy.read(lambda reader: AlertConfig.read(reader.section("alerts")))
    notice = notice_of(crossing, alerts)
    receiver = alerts.receiver_of(notice.severity)
    if receiver is None:
        say("action alert: the policy names nobody under alerts.receivers, so a line in the log stands in:")
        say(f"spanwise: {crossing.sentence}")
        return 0
    outcomes = Notifier(alerts.receivers, dry_run=True).deliver(receiver, notice)
    show_json([{"receiver": each.receiver, "way": each.way, "would_send": each.document} for each in outcomes])
    say(*(f"{each.receiver}, {each.way}: {each.text}" for each in outcomes if each.status != DRY_RUN))
    return 0 if all(each.status == DRY_RUN for each in outcomes) else FAILED


def _policy() -> Policy | None:
    file = find_policy(os.environ)
    return None if file is None else read_policy(file)


def _config() -> PipelineConfig:
    from spanwise.pipeline import PipelineConfig

    policy = _policy()
    return PipelineConfig() if policy is None else PipelineConfig.from_policy(policy)


def _without_budgets() -> int:
    say(
        "spanwise: there are no budgets: a policy names them, in spanwise.yaml of this directory or where "
        f"{environment.SPANWISE_POLICY} says, as in: budgets: [{{name: all, limit_usd: 100, per: month}}]"
    )
    return WRONG_USE


def _rows(budgets: Sequence[Budget], path: Path | None, heard: Sequence[Entry]) -> list[Row]:
    from spanwise.budget.ledger import Ledger
    from spanwise.budget.sums_file import KEEP_S, SumsFile

    now_s = time.time()
    since = {budget.name: int(now_s) - KEEP_S for budget in budgets}
    history = [] if path is None else SumsFile(path).read(since)
    ledger = Ledger(budgets)
    ledger.settle(history, tells=False)
    ledger.hear(heard)
    days: dict[tuple[str, tuple[str, ...]], list[Entry]] = {}
    for entry in history:
        days.setdefault((entry.budget, entry.key), []).append(entry)
    lines = sorted(ledger.lines(), key=lambda line: (line.budget.name, -line.sums.usd))
    return [Row(line, _forecast(line, days, now_s)) for line in lines if line.sums.calls or line.sums.usd]


def _forecast(line: Line, days: Mapping[tuple[str, tuple[str, ...]], list[Entry]], now_s: float) -> Forecast | None:
    from spanwise.budget.forecast import Progress, forecast

    budget = line.budget
    history = {entry.bucket: entry.sums for entry in days.get((budget.name, tuple(line.key.values())), ())}
    progress = Progress(budget.per, line.since_s, line.until_s, now_s, float(budget.limit_usd), line.sums, history)
    return forecast(progress)


def _show(rows: Sequence[Row]) -> None:
    if not rows:
        say("nothing is spent of any budget in its period")
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("budget", "of", "limit USD", "spent USD", "share", "calls", "unpriced", "forecast USD", "reached"):
        table.add_column(
            heading, overflow="fold", justify="left" if heading in {"budget", "of", "reached"} else "right"
        )
    for row in rows:
        line, budget = row.line, row.line.budget
        cells = (
            budget.name,
            ", ".join(f"{name} {value}" for name, value in line.key.items()) or "all",
            f"{budget.limit_usd:f}/{budget.per}",
            f"{line.sums.usd:.6f}",
            f"{line.sums.usd / budget.limit_usd:.1%}",
            f"{line.sums.calls:,}",
            f"{line.sums.unpriced:,}",
            _range(row.forecast),
            _reached(row.forecast),
        )
        table.add_row(*map(plain, cells))
    show_table(table)
    methods = sorted({row.forecast.method for row in rows if row.forecast is not None})
    by = ", ".join(methods) or "nothing yet: too little of the periods has passed"
    say(f"forecast by {by}; a range, where there is one, holds 95 of 100 periods")
    if unpriced := sum(row.line.sums.unpriced for row in rows):
        say(f"{unpriced:,} calls are unpriced: what they cost is in no amount above")


def _range(found: Forecast | None) -> str:
    if found is None:
        return "-"
    if found.low_usd is None or found.high_usd is None:
        return f"{found.usd:.4f}"
    return f"{found.usd:.4f} ({found.low_usd:.4f} to {found.high_usd:.4f})"


def _reached(found: Forecast | None) -> str:
    if found is None or found.exceeded_at_s is None:
        return "-"
    if found.exceeded_at_s <= time.time():
        return "yes"
    return f"{datetime.fromtimestamp(found.exceeded_at_s, UTC):%Y-%m-%d %H:%M} UTC"


def _document(row: Row) -> dict[str, object]:
    line, budget = row.line, row.line.budget
    return {
        "budget": budget.name,
        "key": line.key,
        "per": budget.per,
        "action": budget.action,
        "limit_usd": str(budget.limit_usd),
        "spent_usd": str(line.sums.usd),
        "estimated_usd": str(line.sums.estimated_usd),
        "share": float(line.sums.usd / budget.limit_usd),
        "calls": line.sums.calls,
        "unpriced_calls": line.sums.unpriced,
        "tokens": line.sums.tokens,
        "since": _iso(line.since_s),
        "until": _iso(line.until_s),
        "forecast": None if row.forecast is None else _forecast_document(row.forecast),
    }


def _forecast_document(found: Forecast) -> dict[str, object]:
    return {
        "method": found.method,
        "usd": found.usd,
        "low_usd": found.low_usd,
        "high_usd": found.high_usd,
        "calls": found.calls,
        "tokens": found.tokens,
        "exceeded_at": None if found.exceeded_at_s is None else _iso(found.exceeded_at_s),
    }


def _iso(at_s: int) -> str:
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
