"""Forecasts of budgets, and the command that shows them."""

from __future__ import annotations

import json
import time
from calendar import timegm
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from typer.testing import CliRunner

from spanwise.budget import Budget, Crossing
from spanwise.budget.account import Entry
from spanwise.budget.forecast import ELAPSED, SLIDING, WEEKDAYS, Progress, forecast
from spanwise.budget.sums import Sums
from spanwise.budget.sums_file import SumsFile
from spanwise.cli.app import app


Json: TypeAlias = Any
"""What a command prints."""

DAY = 86_400
NOVEMBER = timegm((2026, 11, 1, 0, 0, 0))
DECEMBER = timegm((2026, 12, 1, 0, 0, 0))


def progress(now_s: float, spent: str, limit: float = 100, days: dict[int, str] | None = None) -> Progress:
    """November 2026 so far."""
    history = {day: Sums(usd=Decimal(usd), calls=2, tokens=10) for day, usd in (days or {}).items()}
    sums = Sums(usd=Decimal(spent), calls=20, tokens=100)
    return Progress("month", NOVEMBER, DECEMBER, now_s, limit, sums, history)


def test_the_pace_of_the_period() -> None:
    """A third of a month that spent 40 will have spent 120, and comes to 100 on the 26th."""
    found = forecast(progress(NOVEMBER + 10 * DAY, "40"))
    assert found is not None
    assert (found.method, round(found.usd, 6), round(found.calls), round(found.tokens)) == (ELAPSED, 120, 60, 300)
    assert found.exceeded_at_s == NOVEMBER + 25 * DAY
    assert found.low_usd is None and found.high_usd is None, "a range of nothing is not made up"


def test_a_range_needs_days() -> None:
    """From three whole days of the period on, what they differ by says how wide the range is."""
    days = {NOVEMBER + number * DAY: usd for number, usd in enumerate(["1", "3", "1", "3"])}
    found = forecast(progress(NOVEMBER + 4 * DAY, "8", days=days))
    assert found is not None and found.low_usd is not None and found.high_usd is not None
    assert 8 <= found.low_usd < found.usd < found.high_usd


def test_a_period_that_just_began_has_no_forecast() -> None:
    """A minute of a month says nothing of the rest."""
    assert forecast(progress(NOVEMBER + 60, "1")) is None


def test_weeks_are_looked_back_on() -> None:
    """With two weeks of the past a Sunday costs what Sundays did: nothing is spent on those that are left."""
    now = NOVEMBER + 15 * DAY  # a Monday, at midnight
    days = {now - number * DAY: "0" if (now // DAY - number) % 7 == 3 else "7" for number in range(1, 22)}
    spent = sum(7 for day, usd in days.items() if day >= NOVEMBER and usd == "7")
    found = forecast(progress(now, str(spent), limit=1000, days=days))
    left = sum(7 for day in range(now, DECEMBER, DAY) if (day // DAY) % 7 != 3)
    assert found is not None
    assert (found.method, round(found.usd, 6)) == (WEEKDAYS, spent + left)
    assert found.low_usd == found.high_usd == found.usd, "weeks that were all alike have no spread"
    assert found.exceeded_at_s is None


def test_what_is_spent_is_spent() -> None:
    """A limit that is reached is reached now; an hour that slides has no end to forecast."""
    found = forecast(progress(NOVEMBER + 10 * DAY, "400"))
    assert found is not None and found.exceeded_at_s == NOVEMBER + 10 * DAY
    hour = forecast(Progress("hour", 0, 3600, 1800.0, 1.0, Sums(usd=Decimal("0.5")), {}))
    assert hour is not None and (hour.method, hour.usd, hour.exceeded_at_s) == (SLIDING, 0.5, None)


POLICY = """
budgets:
- {name: users, limit_usd: 10, per: month, by: user, action: warn}
- {name: all, limit_usd: 100, per: day}
- {name: silent, limit_usd: 1, per: hour, action: record}
alerts:
  receivers: {us: {webhook: {url: 'http://127.0.0.1:9/hook'}}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a policy and sums."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SPANWISE_POLICY", raising=False)
    monkeypatch.delenv("SPANWISE_STORE", raising=False)
    (tmp_path / "spanwise.yaml").write_text(POLICY)
    today = int(time.time()) // DAY * DAY
    entries = [
        Entry("users", ("ann",), today, Sums(Decimal("12.5"), Decimal("0.5"), 5, 2, 900)),
        Entry("all", (), today, Sums(Decimal("12.5"), Decimal("0.5"), 5, 2, 900)),
    ]
    SumsFile(tmp_path / ".spanwise" / "budgets.sqlite").exchange(entries, {}, today)
    return tmp_path


@pytest.mark.usefixtures("project")
def test_the_command_shows_what_is_spent() -> None:
    """As JSON: exact amounts as text, unpriced calls apart, how the forecast was made."""
    ran = CliRunner().invoke(app, ["budgets", "--json"])
    assert ran.exit_code == 0, ran.output
    whole, user = json.loads(ran.stdout)
    assert (user["budget"], user["key"], user["spent_usd"], user["estimated_usd"]) == (
        "users",
        {"user": "ann"},
        "12.5",
        "0.5",
    )
    assert (user["share"], user["calls"], user["unpriced_calls"], user["tokens"]) == (1.25, 5, 2, 900)
    assert (whole["key"], whole["per"], whole["action"]) == ({}, "day", "alert")
    assert user["forecast"] is None or user["forecast"]["method"] == ELAPSED


@pytest.mark.usefixtures("project")
def test_the_command_shows_a_table() -> None:
    """As a table, with a line about calls that are in no amount."""
    ran = CliRunner().invoke(app, ["budgets"])
    assert ran.exit_code == 0 and "user ann" in ran.output and "125.0%" in ran.output
    assert "4 calls are unpriced" in ran.output


@pytest.mark.usefixtures("project")
def test_an_alert_can_be_tried() -> None:
    """What would be sent is shown, and nothing is sent; a budget that only warns shows the line."""
    ran = CliRunner().invoke(app, ["budgets", "test", "--budget", "all"])
    assert ran.exit_code == 0, ran.output
    (shown,) = json.loads(ran.stdout)
    assert (shown["receiver"], shown["way"]) == ("us", "webhook")
    assert "budget all: 100% reached, 100 of 100 USD per day" in json.dumps(shown["would_send"])
    for name, said in (("users", "user EXAMPLE: 100% reached"), ("silent", "nothing is told")):
        assert said in CliRunner().invoke(app, ["budgets", "test", "--budget", name]).output


def test_wrong_use_is_said(project: Path) -> None:
    """No such budget, or none at all: one line and exit code 2."""
    ran = CliRunner().invoke(app, ["budgets", "test", "--budget", "al"])
    assert ran.exit_code == 2 and "accepted: users, all, silent" in ran.output
    (project / "spanwise.yaml").unlink()
    for arguments in (["budgets"], ["budgets", "test", "--budget", "all"]):
        ran = CliRunner().invoke(app, arguments)
        assert ran.exit_code == 2 and "there are no budgets" in ran.output


def test_sums_that_cannot_be_read(project: Path) -> None:
    """A broken file is named; the exit code is 1."""
    (project / ".spanwise" / "budgets.sqlite").write_bytes(b"no database" * 1000)
    ran = CliRunner().invoke(app, ["budgets"])
    assert ran.exit_code == 1 and "budgets.sqlite cannot be read" in ran.output


def test_a_notice_is_the_same_for_the_same(tmp_path: Path) -> None:
    """Two processes that notice one crossing tell of one thing; the next period is another."""
    from spanwise.alert import AlertConfig
    from spanwise.pipeline.budget_notice import notice_of

    budget = Budget("all", Decimal(1), "day")
    first, again, later = (
        notice_of(Crossing(budget, {"user": "u"}, 100, Decimal(usd), 0, since, since + DAY), AlertConfig())
        for usd, since in (("1", NOVEMBER), ("1.5", NOVEMBER), ("1", NOVEMBER + DAY))
    )
    assert first.fingerprint == again.fingerprint != later.fingerprint
    assert (first.severity, first.labels["budget"], first.labels["share"]) == ("page", "all", "100%")
    assert first.id == "SpanwiseBudgetSpent" and first.runbook == "deploy/runbooks/budget_spent.md"
    near = notice_of(Crossing(budget, {}, 80, Decimal("0.8"), 0, NOVEMBER, NOVEMBER + DAY), AlertConfig())
    assert (near.id, near.severity) == ("SpanwiseBudgetNear", "ticket")
