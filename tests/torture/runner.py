"""Runs every case of a suite in child processes, many in one, and loses none to a crash or a hang."""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final, TypeAlias

from tests.emulator import Emulator
from tests.torture.case import Case, cases
from tests.torture.case.lifecycle import START
from tests.torture.sdk import tried
from tests.torture.span import Spans, read
from tests.torture.suite import Suite
from tests.torture.verdict import FAILED, PASSED, UNSUPPORTED, Verdict, judge
from tests.versions.overlay import kept_overlay


Json: TypeAlias = Any
"""A JSON value."""

ROOT: Final = Path(__file__).parents[2]
CASE_S: Final = 180.0
"""How long one case may take, the first with what it loads, before its process is ended; seconds on an idle machine."""
STARTS: Final = 5
MAX_START: Final = 2.0
"""A start may cost so many times what it costs without the suite; the figure itself is in the table."""


class Runner:
    """The cases of one suite with one SDK.

    Args:
        suite: what is tried.
        sdk: with what.
        emulator: the server.
    """

    def __init__(self, suite: Suite, sdk: str, emulator: Emulator) -> None:
        self._suite = suite
        self._sdk = tried(sdk, emulator.url)
        self._cases = cases(self._sdk)
        self._spans: dict[str, Spans] = {}
        self.start_ratio: float | None = None
        """CPU of a start with the suite, over that of one without."""

    def run(self, only: Collection[str] | None = None, *, starts: bool = True) -> list[Verdict]:
        """A verdict for every case, in the order they are defined in.

        Args:
            only: the ids of those that are tried, where that is not all; then the start is not measured.
            starts: whether a start is measured; what it takes depends on what else the machine does.
        """
        judged = {
            name: case for name, case in self._cases.items() if case.promise != START and (only is None or name in only)
        }
        if self._sdk.name not in self._suite.sdks:
            return [Verdict(self._sdk.name, case.id, case.promise, UNSUPPORTED) for case in judged.values()]
        ended = {answer["case"]: answer for answer in self._answers(judged)}
        for name, answer in ended.items():
            self._spans[name] = read(answer.get("spans", {}), self._sdk.native_scopes)
        verdicts = [self._verdict(case, ended[case.id]) for case in judged.values()]
        is_timed = starts and only is None and not self._sdk.is_light
        return [*verdicts, self._start()] if is_timed else verdicts

    def shared(self) -> list[str]:
        """The ids of the cases that need no process of their own: most of them, and a fraction of the time."""
        return [name for name, case in self._cases.items() if not case.alone]

    def _verdict(self, case: Case, answer: Json) -> Verdict:
        faults: tuple[str, ...]
        if "lost" in answer:
            outcome, faults = FAILED, (str(answer["lost"]),)
        else:
            outcome, faults = judge(case, self._spans[case.id], answer["facts"], answer.get("bare"))
        has_run = "lost" not in answer and "crashed" not in answer["facts"]
        if outcome == FAILED and has_run and self._is_unsupported(case):
            outcome, faults = UNSUPPORTED, ()
        return Verdict(self._sdk.name, case.id, case.promise, outcome, faults)

    def _is_unsupported(self, case: Case) -> bool:
        """Whether the suite makes no span of the plain operation that this case is a variant of."""
        if not case.operation:
            return False
        plain = next((name for name in self._spans if name.endswith(f"/{case.operation}")), None)
        return plain is not None and not self._spans[plain].calls

    def _answers(self, wanted: Mapping[str, Case]) -> Iterator[Json]:
        shared = [name for name, case in wanted.items() if not case.alone]
        while shared:
            for answer in self._child(shared):
                shared.remove(answer["case"])
                yield answer
        for name, case in wanted.items():
            if case.alone:
                yield from self._child([name])

    def _start(self) -> Verdict:
        figures: dict[str, list[float]] = {"without": [], "with": []}
        for _ in range(STARTS):
            for name, found in figures.items():
                (answer,) = self._child([f"{START}/{name}"])
                if "cpu_s" in answer.get("facts", {}):
                    found.append(answer["facts"]["cpu_s"])
        promise = f"start-up costs less than {MAX_START:.0f} times the SDK's own"
        if not all(figures.values()):
            return Verdict(self._sdk.name, START, promise, FAILED, ("it does not start",))
        self.start_ratio = median(figures["with"]) / median(figures["without"])
        good = self.start_ratio < MAX_START
        fault = () if good else (f"{self.start_ratio:.2f} times",)
        return Verdict(self._sdk.name, START, promise, PASSED if good else FAILED, fault)

    def _child(self, wanted: list[str]) -> Iterator[Json]:
        """An answer for each case that a new process got through, and one for the case that it did not survive."""
        read_end, write_end = os.pipe()
        orders = {
            "sdk": self._sdk.name,
            "url": self._sdk.url,
            "instrumentors": self._suite.sdks[self._sdk.name].instrumentors,
            "cases": wanted,
        }
        command = [str(self._suite.python(self._sdk.name)), "-m", "tests.torture.child", str(write_end)]
        with (
            tempfile.TemporaryFile() as said,
            subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=self._environment(),
                pass_fds=(write_end,),
                cwd=ROOT,
            ) as child,
            os.fdopen(read_end, "rb", buffering=0) as answers,
        ):
            os.close(write_end)
            assert child.stdin is not None
            child.stdin.write(json.dumps(orders).encode())
            child.stdin.close()
            left = list(wanted)
            yield from _ended(answers.fileno(), left)
            if left:
                lost = "it hangs" if _is_silent(answers.fileno()) else "its process died"
                child.kill()
                said.seek(0)
                last = said.read().decode(errors="replace").strip().splitlines()[-1:]
                yield {"case": left[0], "lost": f"{lost}: {''.join(last)[:200]}"}

    def _environment(self) -> dict[str, str]:
        hidden = ("OTEL_", "SPANWISE_", "COV", "PYTHONWARNINGS", "TRACELOOP_", "OPENINFERENCE_")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
        laid_over = [kept_overlay(*self._sdk.overlay)] if self._sdk.overlay else []
        return {
            **inherited,
            **self._suite.switches,
            "PYTHONPATH": os.pathsep.join(map(str, (*laid_over, ROOT))),
            "NO_PROXY": "127.0.0.1",
            # Every client would read some hundred certificates, for an emulator that has none.
            "SSL_CERT_FILE": str(ROOT / "tests" / "torture" / "loopback.pem"),
            "PYTHONHASHSEED": "0",
        }


def _ended(answers: int, left: list[str]) -> Iterator[Json]:
    """The answers of one process; the cases they are of are taken out of `left`."""
    for line in _lines(answers, CASE_S):
        answer = json.loads(line)
        if name := answer.get("ended"):
            left.remove(name)
            yield answer | {"case": name}


def _is_silent(descriptor: int) -> bool:
    """Whether the other side still holds its end, and says nothing."""
    return not select.select([descriptor], [], [], 0)[0]


def _lines(descriptor: int, silence_s: float) -> Iterator[bytes]:
    """Lines as they come, until the other side closes or says nothing for `silence_s` seconds."""
    held = b""
    heard_s = time.monotonic()
    while time.monotonic() - heard_s < silence_s:
        ready, _, _ = select.select([descriptor], [], [], 1.0)
        if not ready:
            continue
        data = os.read(descriptor, 1 << 16)
        if not data:
            return
        heard_s = time.monotonic()
        *lines, held = (held + data).split(b"\n")
        yield from lines
