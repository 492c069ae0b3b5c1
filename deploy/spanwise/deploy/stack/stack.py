"""`Stack`: rendering, starting, watching and stopping the engines of this machine."""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

from spanwise.deploy.check.tool import find_engine
from spanwise.deploy.document import Value, dump
from spanwise.deploy.header import header, is_ours
from spanwise.deploy.stack.engine import ENGINES, Engine, Place
from spanwise.deploy.stack.local import local_plan
from spanwise.deploy.stack.port import LOOPBACK, Ports
from spanwise.deploy.stack.process import Process


if TYPE_CHECKING:
    from spanwise.plan import Plan


_READY_WITHIN_S: Final = 90.0
_STOP_WITHIN_S: Final = 20.0
_LOOK_EVERY_S: Final = 0.2
_MODE: Final = 0o700


class StackError(Exception):
    """The stack cannot be started, or does not run any more.

    Attributes:
        lines: Why, the last ones from an engine's log.
        is_failure: Whether an engine failed; otherwise something here stands in the way.
    """

    def __init__(self, *lines: str, is_failure: bool = False) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
        self.is_failure = is_failure


class Stack:
    """The engines that are found on this machine, each with its files and data below `directory`.

    As a context: what was started is stopped at its end, whatever happened.

    Attributes:
        missing: Engines that are not here.
    """

    def __init__(self, plan: Plan, directory: Path, ports: Ports, environ: Mapping[str, str]) -> None:
        found = {engine.name: find_engine(engine.programs, environ) for engine in ENGINES}
        self._programs = {name: program for name, program in found.items() if program is not None}
        self._directory = directory.absolute()
        self._ports = ports
        self._plan = local_plan(plan, ports, self._programs)
        self._running: list[Process] = []
        self._lock: IO[bytes] | None = None
        self.missing = tuple(engine for engine in ENGINES if engine.name not in self._programs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def engines(self) -> Iterator[Engine]:
        """Those that are here, in the order of their start."""
        return (engine for engine in ENGINES if engine.name in self._programs)

    def addresses(self) -> dict[str, Mapping[str, str]]:
        """What each engine that is here listens to, by its name."""
        return {engine.name: engine.addresses(self._ports) for engine in self.engines}

    def start(self, interrupted: threading.Event) -> None:
        """Render, start and wait until every engine is ready, or until `interrupted`.

        Raises:
            StackError: no engine is here, a port is taken, a stack runs here already, or an engine does not start.
        """
        if not self._programs:
            raise StackError("no engine is here", *(f"{engine.name}: {engine.source}" for engine in self.missing))
        try:
            self._hold()
            if taken := self._ports.taken(self._programs):
                named = ", ".join(f"{port} ({name})" for name, port in taken.items())
                raise StackError(f"ports in use: {named}; stop what listens there, or move all ports with --offset")
            self._render()
            for engine in self.engines:
                self._launch(engine)
        except OSError as error:
            where = error.filename or self._directory
            raise StackError(f"{where}: {error.strerror or type(error).__name__}") from error
        for engine, process in zip(self.engines, self._running, strict=True):
            self._await(engine, process, interrupted)

    def watch(self, interrupted: threading.Event) -> None:
        """Wait until `interrupted`.

        Raises:
            StackError: an engine ended by itself.
        """
        while not interrupted.wait(_LOOK_EVERY_S):
            for process in self._running:
                if process.exit_code is not None:
                    raise _failure(process, f"ended with {process.exit_code}")

    def stop(self) -> None:
        """Stop every engine, what sends before what receives; an engine that takes longer than 20 s is killed."""
        while self._running:
            process = self._running.pop()
            process.terminate()
            process.end(_STOP_WITHIN_S)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _hold(self) -> None:
        """Make the folder ours alone; a second stack in it would write to the same data."""
        self._directory.mkdir(mode=_MODE, parents=True, exist_ok=True)
        self._lock = (self._directory / "lock").open("wb")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackError(f"a stack runs already in {self._directory}") from None

    def _render(self) -> None:
        from spanwise.deploy.render import write
        from spanwise.deploy.target import TARGETS

        for engine in self.engines:
            artefacts = TARGETS[engine.name].compile(self._plan)
            write(artefacts, self._directory / "config" / engine.name)
        if "prometheus" in self._programs:
            self._move_targets(self._directory / "config" / "prometheus" / "prometheus.yaml")

    def _move_targets(self, file: Path) -> None:
        """Let Prometheus look for the others here: its file has no variables."""
        import yaml

        ports = self._ports
        moved = {
            "localhost:9090": f"{LOOPBACK}:{ports.prometheus}",
            "collector:8888": f"{LOOPBACK}:{ports.collector_telemetry}",
            "alertmanager:9093": f"{LOOPBACK}:{ports.alertmanager}",
        }
        text = file.read_text(encoding="utf-8")
        if not is_ours(text):
            return
        document = _replaced(yaml.safe_load(text), moved)
        file.write_text(header("For spanwise deploy up --local.") + dump(document), encoding="utf-8")

    def _launch(self, engine: Engine) -> None:
        place = Place(
            self._directory / "config" / engine.name,
            self._directory / "data" / engine.name,
            self._programs[engine.name],
        )
        log = self._directory / "log" / f"{engine.name}.log"
        for folder in (place.data, log.parent):
            folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
        command = [place.program, *engine.arguments(place, self._ports, self._plan)]
        environment = dict(engine.environment(place, self._ports))
        self._running.append(Process.start(engine.name, command, environment, log))

    def _await(self, engine: Engine, process: Process, interrupted: threading.Event) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not interrupted.is_set():
            if process.exit_code is not None:
                raise _failure(process, f"({self._programs[engine.name]}) ended with {process.exit_code}")
            if process.is_ready(*engine.ready(self._ports)):
                return
            if time.monotonic() > deadline:
                raise _failure(process, f"is not ready after {_READY_WITHIN_S:.0f} s")
            interrupted.wait(_LOOK_EVERY_S)


def _failure(process: Process, what: str) -> StackError:
    return StackError(f"{process.name} {what}; its log:", *process.last_lines(), is_failure=True)


def _replaced(value: Value, moved: Mapping[str, str]) -> Value:
    if isinstance(value, dict):
        return {key: _replaced(inner, moved) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, moved) for inner in value]
    return moved.get(value, value) if isinstance(value, str) else value
