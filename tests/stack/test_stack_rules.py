"""Prometheus itself reads our rules, and runs the unit test of every alert."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spanwise.alert import ALERTS
from spanwise.deploy.artefact import Artefact
from spanwise.deploy.prometheus import compile_prometheus
from spanwise.deploy.prometheus.collector import NAMES
from spanwise.deploy.prometheus.group import groups
from spanwise.plan import Plan
from tests.deploy.prometheus.policy_samples import BUDGETS, FULL, plan_of, plan_with
from tests.stack.server import program


LONGEST_S = 600
BUDGET_ALERTS = ("budget_burn", "budget_near", "budget_spent")


def written(artefacts: Iterable[Artefact], folder: Path) -> Path:
    """The files of a target below `folder`."""
    for artefact in artefacts:
        path = folder / artefact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artefact.text, encoding="utf-8")
    return folder


def promtool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What promtool says."""
    command = [str(program("promtool")), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False)


def failures(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The unit tests that fail, with what promtool says of them. Two at a time."""

    def failure(name: str) -> str:
        ended = promtool(folder, "test", "rules", f"tests/{name}.yaml")
        return "" if ended.returncode == 0 else ended.stdout + ended.stderr

    listed = list(names)
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(listed, pool.map(failure, listed), strict=True))
    return {name: text for name, text in found.items() if text}


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the default plan."""
    return written(compile_prometheus(Plan()), tmp_path_factory.mktemp("prometheus"))


@pytest.mark.parametrize("plan", [Plan(), plan_of(FULL), plan_with(*BUDGETS)], ids=["default", "full", "budgets"])
def test_prometheus_reads_every_file(plan: Plan, tmp_path: Path) -> None:
    """The server's configuration and every rules file are accepted, with nothing to complain of."""
    folder = written(compile_prometheus(plan), tmp_path)
    checked = promtool(folder, "check", "config", "--lint=all", "--lint-fatal", "prometheus.yaml")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    rules = [f"rules/{group.name}.yaml" for group in groups(plan)]
    checked = promtool(folder, "check", "rules", "--lint=all", "--lint-fatal", *rules)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_alert_rings_and_keeps_quiet(default: Path) -> None:
    """Each unit test holds: alerts fire with exactly these labels and texts, and do not where they should not."""
    names = sorted(path.stem for path in (default / "tests").iterdir())
    assert set(names) == set(ALERTS) - set(BUDGET_ALERTS)
    assert failures(default, names) == {}


@pytest.mark.parametrize("budget", BUDGETS)
def test_every_budget_rings(budget: str, tmp_path: Path) -> None:
    """The same for budgets of each period, with their texts."""
    folder = written(compile_prometheus(plan_with(budget)), tmp_path)
    assert failures(folder, BUDGET_ALERTS) == {}


def test_budgets_side_by_side(tmp_path: Path) -> None:
    """Several budgets have the same alerts, each with its name; their tests do not disturb each other."""
    folder = written(compile_prometheus(plan_with(*BUDGETS)), tmp_path)
    assert failures(folder, BUDGET_ALERTS) == {}


def test_a_wrong_expectation_is_noticed(default: Path, tmp_path: Path) -> None:
    """promtool fails when an alert does not fire as written, so the tests above can fail."""
    text = (default / "tests" / "provider_errors.yaml").read_text(encoding="utf-8")
    wrong = default / "tests" / "wrong.yaml"
    try:
        wrong.write_text(text.replace("50% of calls fail", "51% of calls fail"), encoding="utf-8")
        assert promtool(default, "test", "rules", "tests/wrong.yaml").returncode != 0
    finally:
        wrong.unlink()


def test_the_collector_has_these_series() -> None:
    """Every series that a rule asks of a Collector is one that the Collector we build knows by that very name."""
    binary = program("otelcol").read_bytes()
    unknown = {name for name in NAMES if name.removesuffix("_count").encode() not in binary}
    assert not unknown
    assert b"otelcol_receiver_refused_nothing" not in binary
