"""Which route answers which request: one line for each provider."""

from __future__ import annotations

from typing import Final

from tests.emulator import (
    anthropic_routes,
    bedrock_routes,
    cohere_routes,
    compatible_routes,
    gemini_routes,
    hugging_face_routes,
    mistral_routes,
    ollama_routes,
    openai_routes,
)
from tests.emulator.route import Route


ROUTES: Final = (
    *openai_routes.ROUTES,
    *anthropic_routes.ROUTES,
    *bedrock_routes.ROUTES,
    *gemini_routes.ROUTES,
    *compatible_routes.ROUTES,
    *mistral_routes.ROUTES,
    *hugging_face_routes.ROUTES,
    *ollama_routes.ROUTES,
    *cohere_routes.ROUTES,
)


def find_route(method: str, path: str) -> tuple[Route | None, dict[str, str]]:
    """The route of a path without its query, and what the path itself names."""
    for route in ROUTES:
        if route.method == method and (found := route.path.fullmatch(path)):
            return route, {name: value for name, value in found.groupdict().items() if value is not None}
    return None, {}
