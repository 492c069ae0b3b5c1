"""The upstream state the registry describes.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

SCHEMA_URL: Final = "https://opentelemetry.io/schemas/gen-ai-dev/1.42.0-dev"
"""Schema URL of the emitted conventions."""

UPSTREAM_COMMIT: Final = "6fd0d763a092db245a54104fc1124031eb3c51d2"
"""Commit of open-telemetry/semantic-conventions-genai."""
