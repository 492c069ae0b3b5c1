"""The endpoints of Cohere, under `/cohere`."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import cohere_chat, cohere_chat_v1, cohere_embed, cohere_rerank
from tests.emulator.cohere_error import COHERE_ERRORS
from tests.emulator.route import Route


def path(tail: str, version: str = "[12]") -> re.Pattern[str]:
    """`tail` of a version of the API, of both where none is named."""
    return re.compile(rf"/cohere/v(?P<version>{version}){tail}")


ROUTES: Final = (
    Route(path("/chat", "1"), cohere_chat_v1.reply, COHERE_ERRORS, ("message",)),
    Route(path("/chat", "2"), cohere_chat.reply, COHERE_ERRORS, ("model", "messages")),
    Route(path("/generate", "1"), cohere_chat_v1.generate_reply, COHERE_ERRORS, ("prompt",)),
    Route(path("/embed"), cohere_embed.reply, COHERE_ERRORS),
    Route(path("/rerank"), cohere_rerank.reply, COHERE_ERRORS, ("query", "documents")),
)
