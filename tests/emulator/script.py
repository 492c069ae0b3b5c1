"""Which scenario the next request gets: its own header, the queue, or the emulator's default."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import replace

from tests.emulator.scenario import ALWAYS, Scenario


CallKey = tuple[str, bytes]


class Script:
    """Decides per request, and remembers attempts, so that a retried call gets the scenario of its first attempt.

    The SDKs number their attempts (`x-stainless-retry-count`). For a client that does not, equal requests with the same
    header count as attempts of one call until one of them succeeds.
    """

    def __init__(self, default: Scenario) -> None:
        self._default = default
        self._queue: deque[Scenario] = deque()
        self._started: dict[CallKey, Scenario] = {}
        self._failed: dict[tuple[str, CallKey], int] = {}
        self._lock = threading.Lock()

    def enqueue(self, scenario: Scenario) -> None:
        """Give the next call that has no header of its own this scenario."""
        with self._lock:
            self._queue.append(scenario)

    def choose(self, headers: Mapping[str, str], key: CallKey) -> Scenario:
        """The scenario for this request; a fault whose failures are used up comes back as `default`.

        Raises:
            ScenarioError: The request's header names no scenario.
        """
        attempt = headers.get("x-stainless-retry-count", "")
        written = headers.get("x-emulator")
        with self._lock:
            if written is not None:
                scenario = Scenario.parse(written)
                return self._after_failures(scenario, attempt, (written, key))
            if attempt not in ("", "0") and key in self._started:
                scenario = self._started[key]
            elif not self._queue:
                self._started.pop(key, None)
                return self._default
            else:
                scenario = self._queue.popleft()
                self._started[key] = scenario
                if not attempt and (scenario.times or 0) > 1:
                    self._queue.appendleft(replace(scenario, times=scenario.failures - 1))
            return self._after_failures(scenario, attempt or "0", (scenario.name, key))

    def _after_failures(self, scenario: Scenario, attempt: str, key: tuple[str, CallKey]) -> Scenario:
        if scenario.failures >= ALWAYS:
            return scenario
        failed = int(attempt) if attempt.isdecimal() else self._failed.get(key, 0)
        if failed >= scenario.failures:
            self._failed.pop(key, None)
            return replace(scenario, name="default", times=None)
        if not attempt.isdecimal():
            self._failed[key] = failed + 1
        return scenario
