"""`Ledger`: what was found, a few examples of each broken promise, made small."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Final

from tests.fuzz.broken import Broken, smallest


_MOST: Final = 5
"""Examples of one broken promise that are written down."""


class Ledger:
    """Writes findings to a file of JSON lines, and counts executions.

    Args:
        file: Where findings go; what stands there stays, and is not found again.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: dict[tuple[str, str], set[str]] = {}
        self.executions: dict[str, int] = {}
        self.repeats = 0
        if file.exists():
            for line in file.read_text("utf-8").splitlines():
                entry = json.loads(line)
                self._seen.setdefault((entry["target"], entry["promise"]), set()).add(entry["detail"])

    @property
    def findings(self) -> int:
        """How many failures are written down."""
        return sum(map(len, self._seen.values()))

    def ran(self, target: str, times: int) -> None:
        """Count executions of a target."""
        self.executions[target] = self.executions.get(target, 0) + times

    def found(self, target: str, driver: str, seed: str, broken: Broken) -> bool:
        """Whether this kind of failure is new; then it is made small and written down."""
        seen = self._seen.setdefault((target, broken.promise), set())
        if broken.detail in seen or len(seen) >= _MOST:
            self.repeats += 1
            return False
        seen.add(broken.detail)
        text = smallest(broken.text, broken.still) if broken.still else broken.text
        entry = {
            "target": target,
            "promise": broken.promise,
            "detail": broken.detail,
            "input": text,
            "driver": driver,
            "seed": seed,
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=True) + "\n")
        return True
