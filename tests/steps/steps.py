"""`steps`: how much work a call is, counted and not timed."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, TypeAlias


Trace: TypeAlias = Callable[[FrameType, str, Any], Any]
"""What `sys.settrace` wants."""

_MOST: Final = 5_000_000
_COUNTED: Final = frozenset({"line", "c_call"})


class TooMany(AssertionError):
    """More steps than may be taken: whoever counts does not wait for what never ends."""


def steps(work: Callable[[], object], *, most: int = _MOST) -> int:
    """The lines of Python that `work` runs on this thread and the functions of C that it calls.

    The same on a busy machine as on an idle one. What a function of C does inside is one step, however long it takes:
    where that matters, what it is given is to be counted.

    Args:
        work: is called once. What it does the first time only (imports, caches) is to be done before.
        most: steps after which it is ended.

    Raises:
        TooMany: it takes more than `most`.
    """
    count, has_ended = 0, False

    def step(_frame: FrameType, event: str, _about: object) -> Trace:
        nonlocal count
        if event in _COUNTED and not has_ended:
            count += 1
            if count > most:
                raise TooMany(f"more than {most} steps")
        return step

    traced, profiled = sys.gettrace(), sys.getprofile()
    collects = gc.isenabled()
    gc.disable()  # a collection comes at any time, and what it calls would count
    sys.settrace(None)
    sys._getframe().f_trace = None  # where coverage is measured, its tracer would come back on the next line
    sys.settrace(step)
    sys.setprofile(step)
    try:
        work()
    finally:
        has_ended = True  # what follows is no step, and does not end in the middle
        sys.setprofile(profiled)
        sys.settrace(traced)
        if collects:
            gc.enable()
    return count
