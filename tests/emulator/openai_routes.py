"""The endpoints of OpenAI, those of Azure OpenAI included."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import openai_chat, openai_completions, openai_embeddings, openai_responses
from tests.emulator.provider_error import OPENAI_ERRORS
from tests.emulator.route import Route


def path(tail: str) -> re.Pattern[str]:
    """`tail` behind any of the roots that OpenAI's wire is served at."""
    return re.compile(rf"(?:/openai/deployments/(?P<deployment>[^/]+)|/openai/v1|/openai|/v1)?{tail}")


ROUTES: Final = (
    Route(path("/chat/completions"), openai_chat.reply, OPENAI_ERRORS, ("model", "messages")),
    Route(path("/responses"), openai_responses.reply, OPENAI_ERRORS, ("model",)),
    Route(path("/completions"), openai_completions.reply, OPENAI_ERRORS, ("model", "prompt")),
    Route(path("/embeddings"), openai_embeddings.reply, OPENAI_ERRORS, ("model", "input")),
)
