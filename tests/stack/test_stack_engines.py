"""The engines: built once whoever asks, missed loudly, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stack.engines import Cache, EngineError, Recipe
from tests.stack.engines.__main__ import main
from tests.stack.engines.jaeger import go_mod
from tests.stack.engines.toolchain import GoToolchain
from tests.stack.process import Process
from tests.stack.server import program


def recipe(tmp_path: Path, make: Callable[[Path, Path], str] | None = None) -> Recipe:
    """A recipe whose engine takes no time; every build adds a line to `built`."""
    source = tmp_path / "recipe.txt"
    source.touch()
    return Recipe("engine", "1.0", ("engine",), make or Maker(tmp_path / "built"), (source,))


class Maker:
    """Makes an engine that does nothing, and counts how often."""

    def __init__(self, ledger: Path) -> None:
        self.ledger = ledger

    def __call__(self, work: Path, out: Path) -> str:
        (work / "scratch").write_text("x" * 1000)
        (out / "engine").write_text("#!/bin/sh\n")
        with self.ledger.open("a") as ledger:
            ledger.write("built\n")
        return "1.0-7"


def test_an_engine_is_built_once(tmp_path: Path) -> None:
    """The second time there is nothing to do; the program can be run and the scratch files are gone."""
    cache, engine = Cache(tmp_path / "cache"), recipe(tmp_path)
    assert cache.ensure(engine) is not None
    assert cache.ensure(engine) is None
    assert cache.note(engine) == "1.0-7"
    assert (tmp_path / "built").read_text() == "built\n"
    assert cache.program(engine, "engine").stat().st_mode & 0o111
    assert sorted(path.name for path in cache.folder.iterdir()) == ["bin", "stamps"]


def test_another_recipe_is_another_build(tmp_path: Path) -> None:
    """An engine of a recipe that has changed since does not count as there."""
    cache, engine = Cache(tmp_path / "cache"), recipe(tmp_path)
    cache.ensure(engine)
    engine.sources[0].write_text("something else")
    with pytest.raises(EngineError, match="make stack"):
        cache.program(engine, "engine")
    assert cache.ensure(engine) is not None


def test_an_engine_whose_program_was_deleted_is_built_again(tmp_path: Path) -> None:
    """The stamp alone is no engine."""
    cache, engine = Cache(tmp_path / "cache"), recipe(tmp_path)
    cache.ensure(engine)
    cache.program(engine, "engine").unlink()
    assert cache.ensure(engine) is not None


def test_a_failed_build_leaves_nothing(tmp_path: Path) -> None:
    """No program, no stamp, no scratch files; the next one may succeed."""

    def fail(work: Path, out: Path) -> str:
        (out / "engine").write_text("half")
        raise EngineError("no compiler")

    cache = Cache(tmp_path / "cache")
    with pytest.raises(EngineError, match="no compiler"):
        cache.ensure(recipe(tmp_path, fail))
    assert [path.name for path in cache.folder.iterdir()] == ["stamps"]
    assert cache.ensure(recipe(tmp_path)) is not None


def test_two_processes_that_ask_at_once_build_once(tmp_path: Path) -> None:
    """One builds; the other waits for it and finds the engine there."""
    cache, engine = Cache(tmp_path / "cache"), recipe(tmp_path)
    context = multiprocessing.get_context("spawn")
    children = [context.Process(target=cache.ensure, args=(engine,)) for _ in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(30)
    assert [child.exitcode for child in children] == [0, 0, 0]
    assert (tmp_path / "built").read_text() == "built\n"


def test_a_missing_engine_is_a_failure_that_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the engines the stack tests fail, here and in CI, with the command that builds them."""
    monkeypatch.setenv("SPANWISE_ENGINES", str(tmp_path))
    for name in ("otelcol", "prometheus", "promtool", "alertmanager", "amtool", "jaeger"):
        with pytest.raises(EngineError, match=r"`make stack`, or `python -m tests\.stack\.engines [a-z]+`"):
            program(name)


def test_without_go_the_message_says_where_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The build needs Go: which, and from where."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match=r"no `go` on PATH.*Go 1\.26 or newer.*https://go\.dev/dl"):
        GoToolchain.find()


def test_an_old_go_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was found, and what is needed."""
    old = tmp_path / "go"
    old.write_text("#!/bin/sh\necho go version go1.19.8 linux/amd64\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    with pytest.raises(EngineError, match=r"go1\.19\.8.*Go 1\.26"):
        GoToolchain.find()


def test_without_a_registry_the_message_names_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A module that cannot be fetched: GOPROXY and GOSUMDB are what to look at."""
    go = tmp_path / "go"
    go.write_text("#!/bin/sh\necho 'dial tcp: lookup registry.invalid: no such host' >&2\nexit 1\n")
    go.chmod(0o755)
    with pytest.raises(EngineError, match=r"(?s)no such host.*GOPROXY"):
        GoToolchain(str(go)).go("mod", "download", cwd=tmp_path)


def test_an_unknown_engine_is_a_mistake_of_the_caller(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the names that there are."""
    assert main(["jaegr"]) == 2
    assert "No such engine: jaegr. There are: alertmanager, otelcol, prometheus, jaeger." in capsys.readouterr().err


def test_jaegers_module_is_repeated_and_required() -> None:
    """Its requirements and replacements stay; the name is ours, the toolchain the user's."""
    text = "module example/j\n\ngo 1.25\n\ntoolchain go1.25.1\n\nrequire a v1\n\nreplace b => c v1\n"
    assert go_mod(text).splitlines() == [
        "module jaeger-for-tests", "", "go 1.25", "", "", "require a v1", "", "replace b => c v1", "",
        "require github.com/jaegertracing/jaeger v1.76.0",
    ]  # fmt: skip


def test_a_process_is_gone_after_a_failure(tmp_path: Path) -> None:
    """Whatever happens inside the context, nothing keeps running."""
    sleeper = Process(
        "sleeper",
        [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"],
        log=tmp_path / "log",
        is_ready=lambda: "up" in (tmp_path / "log").read_text(),
    )
    with pytest.raises(RuntimeError, match="of the test"), sleeper:
        assert Path(f"/proc/{sleeper.pid}").exists()
        raise RuntimeError("of the test")
    assert not sleeper.is_running


def test_a_process_that_ends_early_says_why(tmp_path: Path) -> None:
    """The failure has the code and the end of the log."""
    broken = Process(
        "broken", [sys.executable, "-c", "print('no such option'); raise SystemExit(3)"], log=tmp_path / "log",
        is_ready=lambda: False,
    )  # fmt: skip
    with pytest.raises(AssertionError, match=r"(?s)broken ended with code 3\..*no such option"), broken:
        pass


def test_a_process_dies_with_the_tests(tmp_path: Path) -> None:
    """Even a killed test run leaves no engine: the kernel ends what it started."""
    pids = tmp_path / "pid"
    child = (
        "import sys, pathlib; from tests.stack.process import Process\n"
        f"log = pathlib.Path({str(tmp_path / 'log')!r})\n"
        "p = Process('p', [sys.executable, '-c', \"import time; print('up', flush=True); time.sleep(600)\"], log=log,"
        " is_ready=lambda: 'up' in log.read_text())\n"
        f"p.start(); pathlib.Path({str(pids)!r}).write_text(str(p.pid)); print('started', flush=True)\n"
        "import time; time.sleep(600)\n"
    )
    log = tmp_path / "parent.log"
    parent = Process("parent", [sys.executable, "-c", child], log=log, is_ready=lambda: "started" in log.read_text())
    with parent:
        pid = int(pids.read_text())
        parent.kill()
    until_gone(pid)


def until_gone(pid: int) -> None:
    """Wait until a process has ended; one that nobody waited for counts as ended."""
    from tests.stack.deadline import until

    def gone() -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    until(gone, within_s=10, what=f"process {pid} is gone")
