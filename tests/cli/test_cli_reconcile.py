"""`spanwise reconcile`: exit code, table and sentences for a person, JSON for a machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from spanwise.cli.reconcile_command import ReconcileOptions, tolerance
from spanwise.reconcile import Period
from spanwise.record import SpanRecord
from spanwise.store import Store, StoreConfig
from tests.cli.command import spanwise
from tests.cli.typed import typed
from tests.reconcile.ledger import EXPORTS, MONDAY, TUESDAY, WEDNESDAY
from tests.store.calls import call


Document: TypeAlias = Any
"""JSON as the command prints it."""


def priced(number: int, day: datetime, cost: tuple[float, float, float], tokens: tuple[int, int, int]) -> SpanRecord:
    """A call of gpt-4o on `day`: money and tokens uncached, cached and output."""
    record = call(number)
    start_ns = int(day.timestamp()) * 1_000_000_000
    record.start_unix_nano, record.end_unix_nano = start_ns, start_ns + 1_000_000_000
    record.attributes |= {
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.response.model": "gpt-4o-2024-08-06",
        "gen_ai.usage.input_tokens": tokens[0] + tokens[1],
        "gen_ai.usage.cache_read.input_tokens": tokens[1],
        "gen_ai.usage.output_tokens": tokens[2],
        "gen_ai.usage.cost.amount": sum(cost),
        "spanwise.cost.input": cost[0],
        "spanwise.cost.cache_read": cost[1],
        "spanwise.cost.output": cost[2],
    }
    return record


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with what `openai_costs.csv` bills for Monday, half of what it bills for Tuesday, and a later call."""
    directory = tmp_path_factory.mktemp("project")
    monday = datetime(2026, 11, 23, 9, tzinfo=UTC)
    store = Store(directory / ".spanwise" / "spanwise.duckdb", StoreConfig(keep_days=10_000))
    store.write(
        [
            priced(1, monday, (0.25, 0.125, 0.2), (100_000, 100_000, 20_000)),
            priced(2, monday.replace(day=24), (0.25, 0.0, 0.0), (100_000, 0, 0)),
            priced(3, monday.replace(day=26), (9.0, 0.0, 0.0), (100_000, 0, 0)),
        ]
    )
    return directory


def reconciled(project: Path, *arguments: str | Path, code: int = 1) -> Document:
    """What `spanwise reconcile --json` says."""
    ran = spanwise(project, "reconcile", "--json", *arguments)
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout)


def test_a_gap_is_explained(project: Path) -> None:
    """Missing usage and a service are found; the sums and the parts are those of the files."""
    document = reconciled(project, EXPORTS / "openai_costs.csv")
    assert (document["usage"], document["ours"], document["usage_gap"]) == (1.1021, 0.825, 0.2771)
    assert (document["first_day"], document["last_day"]) == ("2026-11-23", "2026-11-25")
    assert [(it["reason"], it["model"], it["amount"]) for it in document["explanations"]] == [
        ("not_seen", "gpt-4o", 0.25),
        ("service", "assistants api | file search", 0.0271),
    ]
    assert not document["within_tolerance"]
    assert document["formats"] == ["OpenAI costs"]


def test_exit_code_is_the_answer(project: Path) -> None:
    """0 within the tolerance, 1 outside of it, 2 where there is nothing to compare."""
    costs = EXPORTS / "openai_costs.csv"
    assert spanwise(project, "reconcile", costs, "--tolerance", "30").returncode == 0
    assert spanwise(project, "reconcile", costs).returncode == 1
    assert spanwise(project, "reconcile", costs, "--until", "2026-11-24", "--tolerance", "0").returncode == 0
    nothing = spanwise(project, "reconcile", costs, "--since", "2030-01-01")
    assert (nothing.returncode, nothing.stdout) == (2, "")
    assert "no rows for that time" in nothing.stderr
    missing = spanwise(project, "reconcile", "none.csv", costs, "--tolerance", "30")
    assert missing.returncode == 2
    assert "none.csv: No such file or directory" in missing.stderr
    assert "gpt-4o" in missing.stdout


def test_a_person_reads_a_table_and_sentences(project: Path) -> None:
    """Data on standard output; the verdict and the explanations, largest first, on standard error."""
    ran = typed(project, "reconcile", EXPORTS / "openai_costs.csv", EXPORTS / "openai_usage.csv", "--by", "day")
    assert "2026-11-23" in ran.stdout
    assert "$0.575" in ran.stdout
    lines = ran.stderr.splitlines()
    assert lines[0] == "2026-11-23 to 2026-11-25 (UTC), calls of openai; OpenAI costs, OpenAI usage"
    assert lines[1].startswith("usage on the invoice $1.10, calls here $0.8250, gap +$0.2771 (25.14 %): outside")
    assert lines[2] == "+$0.2500  gpt-4o, usage on the invoice without spans here: 100.0k tokens"


def test_bad_rows_are_named(project: Path, tmp_path: Path) -> None:
    """A row that cannot be read is one line on standard error; the others are compared."""
    text = (EXPORTS / "openai_costs.csv").read_text().replace("0.5000000000000000", "half")
    (tmp_path / "costs.csv").write_text(text)
    ran = typed(project, "reconcile", tmp_path / "costs.csv", "--json", "--tolerance", "100")
    assert ran.returncode == 0
    assert f"{tmp_path}/costs.csv:5: amount: found 'half'; accepted is a number" in ran.stderr
    document = json.loads(ran.stdout)
    assert (document["unread"], document["usage"]) == (1, 0.6021)
    assert document["problems"][0]["where"] == f"{tmp_path}/costs.csv:5"


def test_a_provider_can_be_named(project: Path) -> None:
    """Calls of a provider that the invoice does not bill have no part in it."""
    document = reconciled(project, EXPORTS / "openai_costs.csv", "--provider", "azure.ai.openai")
    assert (document["ours"], document["providers"]) == (0.0, ["azure.ai.openai"])


def test_a_tolerance_is_a_percentage(project: Path) -> None:
    """A tolerance that is none is wrong use, and says what is."""
    ran = typed(project, "reconcile", EXPORTS / "openai_costs.csv", "--tolerance", "much")
    assert ran.returncode == 2
    assert "no number of percent from 0 to 100" in ran.stderr
    assert tolerance("2.5%") == tolerance("2.5")
    with pytest.raises(ValueError, match="percent"):
        tolerance("-1")


def test_days_are_whole() -> None:
    """A time within a day means that day, because exports count whole days."""
    moment = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    assert ReconcileOptions(since=moment, until=moment.replace(day=24)).period() == Period(MONDAY, WEDNESDAY)
    midnight = datetime(2026, 11, 24, tzinfo=UTC)
    assert ReconcileOptions(until=midnight).period() == Period(None, TUESDAY)


def test_an_empty_store_is_compared_too(tmp_path: Path) -> None:
    """Without any span, all of the invoice is usage that was not seen."""
    document = reconciled(tmp_path, EXPORTS / "openai_costs.json")
    assert {it["reason"] for it in document["explanations"]} == {"not_seen", "service"}
    assert not (tmp_path / ".spanwise").exists()
