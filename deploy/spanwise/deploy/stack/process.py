"""`Process`: one engine that runs."""

from __future__ import annotations

import ctypes
import http.client
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from spanwise.deploy.stack.port import LOOPBACK


_TOLD_BYTES: Final = 16_384
_TOLD_LINES: Final = 15
_ASK_TIMEOUT_S: Final = 2.0
_OUR_PREFIXES: Final = ("SPANWISE_", "JAEGER_", "OTEL_", "GODEBUG")


_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None)


def _end_with_parent() -> None:
    """Let the kernel end this process when the one that started it is killed and cannot. Linux only."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Process:
    """A program in a session of its own, so that Ctrl-C reaches this process alone, with its output in a file."""

    def __init__(self, name: str, child: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.log = log
        self._child = child

    @classmethod
    def start(cls, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> Self:
        """Start `command`; its output replaces that of the last time.

        What this process's environment says to engines is not passed on: it could lead out of the machine.

        Raises:
            OSError: the program cannot be executed, or the log not written.
        """
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(_OUR_PREFIXES)}
        with log.open("wb") as output:
            child = subprocess.Popen(  # noqa: S603 - a program that was looked up, with arguments of ours
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**inherited, **environment},
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - no thread is there
            )
        return cls(name, child, log)

    @property
    def exit_code(self) -> int | None:
        """How it ended; `None` while it runs."""
        return self._child.poll()

    def is_ready(self, port: int, path: str) -> bool:
        """Whether it answers 200 there."""
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_ASK_TIMEOUT_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def terminate(self) -> None:
        """Ask it to end."""
        if self._child.poll() is None:
            self._child.terminate()

    def end(self, timeout_s: float) -> None:
        """Wait until it has ended, and make it end when it takes longer than `timeout_s`."""
        try:
            self._child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def last_lines(self) -> list[str]:
        """The end of what it printed."""
        with self.log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _TOLD_BYTES))
            return file.read().decode("utf-8", errors="replace").splitlines()[-_TOLD_LINES:]
