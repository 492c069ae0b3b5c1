"""Alertmanager itself reads our file, and sends each severity to whom the policy says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from spanwise.deploy.alertmanager import compile_alertmanager
from spanwise.plan import Plan
from tests.deploy.prometheus.policy_samples import FULL, plan_of
from tests.stack.server import program


PLANS = {"default": Plan(), "full": plan_of(FULL)}


def amtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What amtool says."""
    command = [str(program("amtool")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def written(plan: Plan, folder: Path) -> Path:
    """The file of a plan."""
    (artefact,) = compile_alertmanager(plan)
    path = folder / artefact.path
    path.write_text(artefact.text, encoding="utf-8")
    return path


@pytest.mark.parametrize("plan", PLANS.values(), ids=list(PLANS))
def test_alertmanager_reads_the_file(plan: Plan, tmp_path: Path) -> None:
    """The file is accepted as it is; secrets are files that need not exist for that."""
    checked = amtool("check-config", str(written(plan, tmp_path)))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "SUCCESS" in checked.stdout


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("severity=page", "alertname=SpanwiseSpendRate", "service_name=shop"), "oncall"),
        (("severity=ticket", "alertname=SpanwiseRefusals", "service_name=shop"), "team"),
        (("alertname=SomebodyElses",), "team"),
    ],
)
def test_who_hears(labels: tuple[str, ...], receiver: str, tmp_path: Path) -> None:
    """Routes lead to the receiver of the severity; what has none is a ticket."""
    file = written(PLANS["full"], tmp_path)
    routed = amtool("config", "routes", "test", f"--config.file={file}", f"--verify.receivers={receiver}", *labels)
    assert routed.returncode == 0, routed.stdout + routed.stderr
    assert routed.stdout.split()[0] == receiver
