"""What `pip install` gives a user: the whole package, nothing else, and entry points that load."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[2]
IMPORT_ALL = """
import importlib, pkgutil, sys
import spanwise
names = [m.name for m in pkgutil.walk_packages(spanwise.__path__, "spanwise.")]
# Developers' tools need developers' packages, the plugin pytest, and a handler the framework whose class it extends.
skipped = ("spanwise.semconv.generate", "spanwise.normalise.compile", "spanwise.cost.compile",
           "spanwise.testing.plugin", "spanwise.instrument.framework.langchain_handler",
           "spanwise.instrument.framework.llama_index_handler")
for name in names:
    if not name.startswith(skipped):
        importlib.import_module(name)
print(len(names))
"""
ENTRY_POINTS = """
from importlib.metadata import distribution
for entry_point in distribution("spanwise").entry_points:
    if entry_point.group != "pytest11":  # pytest loads it, where pytest is
        entry_point.load()
    print(entry_point.group, entry_point.name)
"""
HELLO = """
from opentelemetry import trace
with trace.get_tracer("t").start_as_current_span("hello"):
    print("world")
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from an sdist built from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "-o", str(out), str(ROOT)], check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a clean environment, outside the checkout, with only the wheel installed."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home)
    install: list[str | Path] = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", home / "bin/python"]
    subprocess.run([*install, "-c", ROOT / "constraints.txt", wheel], check=True)
    return home / "bin"


def run(installed: Path, tmp_path: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the clean environment outside the checkout, without this process's environment."""
    environment = {"PATH": f"{installed}:{os.environ['PATH']}", "HOME": str(tmp_path), **variables}
    return subprocess.run(
        [str(installed / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment,
        timeout=60,
        check=False,
    )


def test_every_file_is_in_the_wheel(wheel: Path) -> None:
    """The wheel made through the sdist holds every source file of every root."""
    roots = ("conventions", "processors", "instrumentation", "collector", "console")
    expected = {
        str(path.relative_to(ROOT / root))
        for root in roots
        for path in (ROOT / root / "spanwise").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= set(zipfile.ZipFile(wheel).namelist())


def test_only_spanwise_at_the_top(wheel: Path) -> None:
    """No `tests`, no `processors`: one top-level name beside the metadata."""
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"spanwise"}


def test_every_package_is_typed(wheel: Path) -> None:
    """Type checkers see the annotations of every package."""
    names = set(zipfile.ZipFile(wheel).namelist())
    packages = {"/".join(name.split("/")[:2]) for name in names if name.count("/") > 1 and name.startswith("spanwise/")}
    assert {"spanwise/py.typed", *(f"{package}/py.typed" for package in packages)} <= names


def test_every_module_imports(installed: Path, tmp_path: Path) -> None:
    """The runtime dependencies are complete."""
    ran = run(installed, tmp_path, "python", "-W", "error::ImportWarning", "-c", IMPORT_ALL)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 50


def test_entry_points_load(installed: Path, tmp_path: Path) -> None:
    """Each entry point of each group loads."""
    ran = run(installed, tmp_path, "python", "-c", ENTRY_POINTS)
    assert ran.returncode == 0, ran.stderr
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["scripts"], *project["entry-points"].values()]
    assert len(ran.stdout.splitlines()) == sum(map(len, groups))


def test_opentelemetry_instrument_runs(installed: Path, tmp_path: Path) -> None:
    """`opentelemetry-instrument` runs a program with nothing but the wheel installed, and no provider SDK."""
    ran = run(
        installed,
        tmp_path,
        "opentelemetry-instrument",
        "python",
        "-c",
        HELLO,
        OTEL_TRACES_EXPORTER="console",
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
    )
    assert ran.returncode == 0
    assert '"name": "hello"' in ran.stdout
    assert ran.stderr == ""


def test_spanwise_run_and_report(installed: Path, tmp_path: Path) -> None:
    """`spanwise run`, `report` and `traces` work from a plain install."""
    ran = run(installed, tmp_path, "spanwise", "run", "python", "-c", HELLO)
    assert (ran.returncode, ran.stdout) == (0, "world\n")
    assert "hello" in run(installed, tmp_path, "spanwise", "trace", "last").stdout
    assert run(installed, tmp_path, "spanwise", "report", "cost", "--by", "model").returncode == 0
