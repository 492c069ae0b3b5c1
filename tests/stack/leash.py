"""Puts a program on a leash: the kernel kills it when the process that started it dies, however that dies.

`leashed(command)` is the command to start. It becomes the program itself: process id, files and environment are those
of the program.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final


_PR_SET_PDEATHSIG: Final = 1


def leashed(command: Sequence[str | Path]) -> list[str]:
    """`command` on a leash; Linux has it, elsewhere it is the command alone."""
    plain = [str(part) for part in command]
    if sys.platform != "linux":
        return plain
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *plain]


def main(parent: int, command: list[str]) -> None:
    """Become `command`, unless the parent has died in the meantime."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == parent:
        os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
