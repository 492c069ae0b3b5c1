"""The endpoints of Gemini: AI Studio's and Vertex AI's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tests.emulator import gemini_embed, gemini_generate, gemini_interactions
from tests.emulator.call import Call
from tests.emulator.gemini_error import GEMINI_ERRORS, INTERACTION_ERRORS
from tests.emulator.reply import Reply
from tests.emulator.route import Route


_VERTEX: Final = r"(?:(?P<projects>projects/[^/]+/locations/[^/]+)/)?(?:publishers/google/)?"
_ROOT: Final = rf"/v1(?:beta1?|alpha)?/{_VERTEX}"
_INTERACTION: Final = re.compile(rf"{_ROOT}interactions/(?P<id>[^/]+)")


def route(method: str, answer: Callable[[Call], Reply], *required: str) -> Route:
    """The route of a model's method."""
    return Route(re.compile(rf"{_ROOT}models/(?P<model>[^/:]+):{method}"), answer, GEMINI_ERRORS, required)


ROUTES: Final = (
    route("generateContent", gemini_generate.reply, "contents"),
    route("streamGenerateContent", gemini_generate.stream_reply, "contents"),
    route("countTokens", gemini_generate.count_reply),
    route("embedContent", gemini_embed.embed_reply, "content"),
    route("batchEmbedContents", gemini_embed.batch_reply, "requests"),
    route("predict", gemini_embed.predict_reply, "instances"),
    Route(re.compile(rf"{_ROOT}interactions"), gemini_interactions.reply, INTERACTION_ERRORS),
    Route(_INTERACTION, gemini_interactions.fetch_reply, INTERACTION_ERRORS, method="GET"),
    Route(_INTERACTION, gemini_interactions.delete_reply, INTERACTION_ERRORS, method="DELETE"),
    Route(re.compile(rf"{_INTERACTION.pattern}/cancel"), gemini_interactions.cancel_reply, INTERACTION_ERRORS),
)
