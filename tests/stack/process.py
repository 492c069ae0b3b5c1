"""`Process`: one engine, or an application, that is started, looked after, killed and started again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.stack.deadline import until
from tests.stack.leash import leashed


READY_WITHIN_S = 30.0
STOP_WITHIN_S = 10.0
_TOLD_LINES = 40


class Process:
    """A program with its log in a file.

    As a context it is stopped at the end, whatever happened. When the tests themselves are killed, the kernel kills it.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        is_ready: Callable[[], bool],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._command = leashed(command)
        self._is_ready = is_ready
        self._env = {**os.environ, **(env or {})}
        self._cwd = cwd
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self._child is not None, f"{self.name} is not started"
        return self._child.pid

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child is not None and self._child.poll() is None

    def start(self) -> None:
        """Start it and wait until it is ready; its log is continued.

        Raises:
            AssertionError: it ended, or was not ready in time; the message has the last lines of its log.
        """
        self.launch()
        self.wait_until_ready()

    def launch(self) -> None:
        """Start it and do not wait."""
        assert not self.is_running, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._env,
                cwd=self._cwd,
            )

    def wait_until_ready(self) -> None:
        """Wait for what was launched.

        Raises:
            AssertionError: as `start` does.
        """
        until(self._ready_or_ended, within_s=READY_WITHIN_S, what=f"{self.name} is ready", last_words=self.last_lines)
        assert self.is_running, f"{self.name} ended with code {self._code()}. {self.last_lines()}"

    def stop(self) -> None:
        """Ask it to end, and make it end when it does not within ten seconds."""
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """What the kernel does to it when memory is short: no last word, nothing flushed."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()

    def last_lines(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TOLD_LINES:]
        return f"The log of {self.name} ends:\n" + "\n".join(lines)

    def _code(self) -> int | None:
        return self._child.poll() if self._child is not None else None

    def _ready_or_ended(self) -> bool:
        return not self.is_running or self._is_ready()
