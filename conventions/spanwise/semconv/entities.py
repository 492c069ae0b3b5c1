"""Resource entities.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations

from spanwise.semconv.descriptor import Entity


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

GEN_AI_MAIN_AGENT: Final = Entity(
    type="gen_ai.main_agent",
    brief="The top agent of the process.",
    identity=("gen_ai.main_agent.id",),
    description=("gen_ai.main_agent.name", "gen_ai.main_agent.description"),
    note=("Only from a stable id, never from that of an object in memory; without one the entity is not emitted."),
)
"""The top agent of the process."""

ALL: Final[dict[str, Entity]] = {
    "gen_ai.main_agent": GEN_AI_MAIN_AGENT,
}
"""Entities by type."""
