"""One request as the wires see it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from tests.emulator.document import Json
from tests.emulator.scenario import Scenario


_SNAPSHOTS = {
    "gpt-4o": "gpt-4o-2024-08-06",
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
    "gpt-4.1": "gpt-4.1-2025-04-14",
    "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14",
    "gpt-4.1-nano": "gpt-4.1-nano-2025-04-14",
    "gpt-5": "gpt-5-2025-08-07",
    "gpt-5-mini": "gpt-5-mini-2025-08-07",
    "gpt-5-nano": "gpt-5-nano-2025-08-07",
    "o3": "o3-2025-04-16",
    "o3-mini": "o3-mini-2025-01-31",
    "o4-mini": "o4-mini-2025-04-16",
    "claude-opus-4-1": "claude-opus-4-1-20250805",
    "claude-opus-4-5": "claude-opus-4-5-20251101",
    "claude-sonnet-4-0": "claude-sonnet-4-20250514",
    "claude-sonnet-4-5": "claude-sonnet-4-5-20250929",
    "claude-haiku-4-5": "claude-haiku-4-5-20251001",
}
CREATED_AT = 1_760_000_000
"""Every answer was made at this second, so that two runs are equal byte for byte."""


@dataclass(frozen=True, slots=True)
class Call:
    """One parsed request: its number in this emulator, its body, and what is to be done with it."""

    number: int
    body: Json
    scenario: Scenario
    path: dict[str, str] = field(default_factory=dict)
    """What the path names: a model, an Azure deployment, an id."""
    query: dict[str, str] = field(default_factory=dict)
    """What stands behind the path's `?`."""

    @property
    def model(self) -> str:
        """The model the answer names: a dated snapshot where the provider would name one."""
        asked = str(self.body.get("model") or self.path.get("model") or self.path.get("deployment") or "")
        return _SNAPSHOTS.get(asked, asked)

    @property
    def thinks(self) -> bool:
        """Whether the model reasons without being asked to."""
        return self.model.startswith(("gpt-5", "o1", "o3", "o4"))

    def tier(self, standard: str) -> str:
        """The service tier the answer names: the scenario's, the one asked for, or the provider's standard."""
        asked = self.body.get("service_tier")
        named = asked if isinstance(asked, str) and not asked.startswith(("auto", "standard")) else standard
        return self.scenario.service_tier or named

    def billed(self, usage: Json) -> Json:
        """`usage` with what the scenario adds to it."""
        added: Json = json.loads(self.scenario.usage or "{}")
        return usage | added

    @property
    def streams(self) -> bool:
        """Whether the answer is to come as server-sent events."""
        return self.body.get("stream") is True

    def id(self, prefix: str) -> str:
        """An identifier that is unique in this emulator and the same in every run: `chatcmpl-emu-0001`."""
        return f"{prefix}emu-{self.number:04d}"
