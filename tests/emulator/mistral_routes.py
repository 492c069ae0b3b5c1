"""The endpoints of Mistral, under `/mistral`: most of its paths are OpenAI's as well."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import (
    mistral_chat,
    mistral_conversations,
    mistral_embeddings,
    mistral_moderations,
    mistral_ocr,
    openai_responses,
)
from tests.emulator.mistral_error import MISTRAL_ERRORS
from tests.emulator.route import Route


def path(tail: str) -> re.Pattern[str]:
    """`tail` of Mistral's own API."""
    return re.compile(rf"/mistral/v1{tail}")


ROUTES: Final = (
    Route(path("/chat/completions"), mistral_chat.reply, MISTRAL_ERRORS, ("model", "messages")),
    Route(path("/agents/completions"), mistral_chat.reply, MISTRAL_ERRORS, ("agent_id", "messages")),
    Route(path("/fim/completions"), mistral_chat.fim_reply, MISTRAL_ERRORS, ("model", "prompt")),
    Route(path("/conversations"), mistral_conversations.reply, MISTRAL_ERRORS, ("inputs",)),
    Route(path("/conversations/(?P<conversation>[^/]+)(?:/restart)?"), mistral_conversations.reply, MISTRAL_ERRORS),
    Route(path("/embeddings"), mistral_embeddings.reply, MISTRAL_ERRORS, ("model", "input")),
    Route(path("/responses"), openai_responses.reply, MISTRAL_ERRORS, ("model",)),
    Route(path("/(?:chat/)?moderations"), mistral_moderations.reply, MISTRAL_ERRORS, ("model", "input")),
    Route(path("/ocr"), mistral_ocr.reply, MISTRAL_ERRORS, ("model", "document")),
    # Google Cloud has one path for chat and for completion in the middle, Azure a path of its own.
    Route(re.compile("/mistral/(?:rawPredict|streamRawPredict)"), mistral_chat.reply, MISTRAL_ERRORS, ("model",)),
    Route(re.compile("/mistral/(?:models/)?chat/completions"), mistral_chat.reply, MISTRAL_ERRORS, ("messages",)),
)
