"""Two processes with nothing in common but a collector: what one has used up stops the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from spanwise.budget.telling import Telling
from spanwise.collector import Collector
from spanwise.collector.bearer import Bearer
from spanwise.pipeline import Pipeline
from spanwise.pipeline.budgets import keep_budgets
from spanwise.pipeline.config import PipelineConfig
from spanwise.policy import read_policy
from spanwise.semconv import environment as variables
from tests.versions.overlay import ROOT, environment


TOKEN = "T0ken-of-the-fleet.0123456789_abcdef~"
POLICY = """
budgets: [{{name: all, limit_usd: '0.005', per: month, action: block}}]
budget_collector: {{url: '{url}', token_env: FLEET_TOKEN}}
"""


@contextmanager
def collecting(folder: Path, port: int = 0) -> Iterator[str]:
    """The collector of the fleet, as `spanwise serve` starts it, with its file in `folder`."""
    policy = folder / "spanwise.yaml"
    policy.write_text(POLICY.format(url="http://127.0.0.1:1"))
    pipeline = Pipeline(PipelineConfig.from_policy(read_policy(policy)), received=True)
    environ = {variables.SPANWISE_BUDGETS: str(folder / "budgets.sqlite")}
    keeper = keep_budgets(pipeline, environ, collects=True)
    assert keeper is not None and pipeline.budget is not None
    tells = Telling(pipeline.budget.ledger)
    with Collector(
        lambda _: None, pipeline=pipeline.process, http_port=port, budgets=tells, bearer=Bearer([TOKEN])
    ) as collector:
        yield collector.http_url
    keeper.close()


class Member:
    """A process on a machine of its own: a directory with the policy and the file of sums."""

    def __init__(self, folder: Path, url: str) -> None:
        folder.mkdir()
        (folder / "spanwise.yaml").write_text(POLICY.format(url=url))
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "FLEET_TOKEN": TOKEN}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.budget.fleet_member"],
            cwd=folder,
            env=environment(ROOT, **told),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def says(self, line: str) -> str:
        """What it answers to `line`."""
        assert self._process.stdin is not None and self._process.stdout is not None
        return _said(self._process.stdin, self._process.stdout, line)

    def end(self) -> str:
        """What it has logged."""
        _, logged = self._process.communicate(timeout=60)
        assert self._process.returncode == 0, logged
        return logged


def _said(to: IO[str], of: IO[str], line: str) -> str:
    to.write(f"{line}\n")
    to.flush()
    return of.readline().strip()


@pytest.mark.slow
def test_a_budget_that_one_machine_uses_up_stops_the_other(tmp_path: Path) -> None:
    """Within seconds; after a restart of the collector from the first call on, also one that has spent nothing."""
    with collecting(tmp_path) as url:
        spends, waits = Member(tmp_path / "a", url), Member(tmp_path / "b", url)
        assert [spends.says("call") for _ in range(3)] == ["made", "made", "refused"], "0.0056 USD of 0.005 are spent"
        assert waits.says("wait") == "refused"
        port = int(url.rpartition(":")[2])
        logs = [spends.end(), waits.end()]
    with collecting(tmp_path, port):
        late = Member(tmp_path / "c", url)
        assert late.says("wait") == "refused", "the collector has read its file"
        logs.append(late.end())
    assert not any(TOKEN in log for log in logs)
