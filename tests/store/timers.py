"""The seconds after which timers end something."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest


def noted_timers(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of every `threading.Timer` that is made from now on, as they come."""
    seconds: list[float] = []

    class Noted(threading.Timer):
        def __init__(self, interval: float, function: Callable[..., object]) -> None:
            seconds.append(interval)
            super().__init__(interval, function)

    monkeypatch.setattr(threading, "Timer", Noted)
    return seconds
