"""A child process that behaves as if the shell had started it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from spanwise.cli.command import NOT_EXECUTABLE, CommandError


_FORWARDED: Final = frozenset(
    {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2}
)

_WAITED_FOR: Final = _FORWARDED | {signal.SIGCHLD}

_IGNORED_BY_PYTHON: Final = (signal.SIGPIPE, signal.SIGXFSZ)
"""Python ignores these from its start; a program must not inherit that."""


@contextmanager
def held_signals() -> Iterator[set[signal.Signals]]:
    """A block in which signals for the child wait until `Child.wait` takes them; the mask from before it.

    To be entered on the main thread before any other is started, because threads inherit the mask.
    """
    # Without a handler, some systems throw SIGCHLD away even while it is held.
    previous_handler = signal.signal(signal.SIGCHLD, lambda *_: None)
    before = {signal.Signals(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, _WAITED_FOR)}
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGCHLD, previous_handler)


class Child:
    """A running program with the standard streams, the process group and the terminal of this one."""

    def __init__(
        self, program: str, command: Sequence[str], environ: Mapping[str, str], mask: set[signal.Signals]
    ) -> None:
        """Start `program` with the arguments `command` and the signal mask `mask`.

        Raises:
            CommandError: the system refuses to execute it.
        """
        try:
            self._pid = os.posix_spawn(
                program, list(command), dict(environ), setsigmask=mask, setsigdef=_IGNORED_BY_PYTHON
            )
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise CommandError(f"{command[0]}: cannot be executed ({reason})", NOT_EXECUTABLE) from error

    def wait(self) -> int:
        """The exit code when the program ends: its own, or 128 + n when signal n ended it. Forwards signals meanwhile.

        Only inside `held_signals`.
        """
        while True:
            found, status = os.waitpid(self._pid, os.WNOHANG)
            if found:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
            number, by_terminal = _next_signal()
            # The terminal sends to the whole process group, so the child has it already.
            if number in _FORWARDED and not by_terminal:
                os.kill(self._pid, number)


def _next_signal() -> tuple[int, bool]:
    if hasattr(signal, "sigwaitinfo"):
        info = signal.sigwaitinfo(_WAITED_FOR)
        # Positive codes come from the kernel, here: from the terminal; kill() sends 0 or less.
        return info.si_signo, info.si_code > 0
    number = signal.sigwait(_WAITED_FOR)  # type: ignore[unreachable, unused-ignore]
    return number, number in {signal.SIGINT, signal.SIGQUIT} and _is_foreground()


def _is_foreground() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False
