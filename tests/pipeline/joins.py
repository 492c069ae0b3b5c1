"""For how long a thread is waited for."""

from __future__ import annotations

import threading

import pytest


def noted_joins(monkeypatch: pytest.MonkeyPatch, name: str) -> list[float | None]:
    """The seconds for which threads of this name are waited for from now on; `None` is for good."""
    seconds: list[float | None] = []
    join = threading.Thread.join

    def noted(self: threading.Thread, timeout: float | None = None) -> None:
        if self.name == name:
            seconds.append(timeout)
        join(self, timeout)

    monkeypatch.setattr(threading.Thread, "join", noted)
    return seconds
