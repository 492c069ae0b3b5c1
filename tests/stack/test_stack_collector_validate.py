"""`otelcol validate` takes every rendered file of the release that is built."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from spanwise.deploy.collector import setting
from tests.deploy.collector.role_server import plan, rendered
from tests.deploy.collector.test_deploy_collector_structure import POLICIES, ROLES
from tests.stack.server import program
from tests.stack.test_stack_collector import OVERLAYS


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files of secrets, which are read when a file is validated."""
    folder = tmp_path_factory.mktemp("secrets")
    for name in ("kafka", "pw", "h"):
        (folder / name).write_text("name: value" if name == "h" else "value", encoding="utf-8")
    return {**os.environ, setting.KAFKA_PASSWORD.name: str(folder / "kafka"), "SECRETS": str(folder)}


@pytest.fixture(scope="module")
def with_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All rendered files of the default policy."""
    return rendered(plan(""), tmp_path_factory.mktemp("rules"), with_rules=True)


@pytest.mark.parametrize("name", POLICIES)
def test_every_exercised_file_is_valid(name: str, tmp_path: Path, environment: dict[str, str]) -> None:
    """Each role of each policy; the Collector knows every component, key, statement and reference."""
    text = POLICIES[name].replace("/run/", f"{environment['SECRETS']}/")
    files = rendered(plan(text), tmp_path)
    for role in ROLES:
        assert _validate([files / f"{role}.yaml"], environment) == "", role


@pytest.mark.parametrize("base", ["all-in-one", "gateway", "kafka-gateway"])
def test_the_overlay_for_foreign_spans_is_valid_on_each_base(
    base: str, with_rules: Path, environment: dict[str, str]
) -> None:
    """Each file may be laid over those before it, or be left out."""
    first, foreign, price, redaction = (with_rules / f"{name}.yaml" for name in (base, *OVERLAYS))
    assert _validate([first, foreign], environment) == ""
    assert _validate([first, foreign, price, redaction], environment) == ""
    assert _validate([first, foreign, redaction], environment) == ""


def test_a_mistake_is_found(tmp_path: Path, environment: dict[str, str]) -> None:
    """What the test above relies on: a misspelt key and a misspelt function are refused."""
    files = rendered(plan(""), tmp_path)
    text = (files / "agent.yaml").read_text(encoding="utf-8")
    for right, wrong in (("flush_timeout", "flush_time"), ("truncate_all(span", "truncate_al(span")):
        (files / "wrong.yaml").write_text(text.replace(right, wrong), encoding="utf-8")
        assert wrong.partition("(")[0] in _validate([files / "wrong.yaml"], environment)


def _validate(files: list[Path], environment: dict[str, str]) -> str:
    flags = [f"--config=file:{file}" for file in files]
    ran = subprocess.run(
        [program("otelcol"), "validate", *flags],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return "" if ran.returncode == 0 else ran.stderr[-3000:]
