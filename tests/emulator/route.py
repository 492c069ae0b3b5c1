"""Which wire answers which path."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.emulator import anthropic_messages, openai_chat, openai_completions, openai_embeddings, openai_responses
from tests.emulator.call import Call
from tests.emulator.reply import Reply


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: who answers, whose error shapes apply, and which fields a request must have."""

    answer: Callable[[Call], Reply]
    required: tuple[str, ...]
    anthropic: bool = False


_PREFIX = re.compile(r"^(?:/openai/deployments/(?P<deployment>[^/]+)|/openai/v1|/openai|/anthropic/v1|/v1)?(?=/)")
_ROUTES = {
    "/chat/completions": Route(openai_chat.reply, ("messages",)),
    "/responses": Route(openai_responses.reply, ()),
    "/completions": Route(openai_completions.reply, ("prompt",)),
    "/embeddings": Route(openai_embeddings.reply, ("input",)),
    "/messages": Route(anthropic_messages.reply, ("messages", "max_tokens"), anthropic=True),
    "/messages/count_tokens": Route(anthropic_messages.count_reply, ("messages",), anthropic=True),
}


def find_route(path: str) -> tuple[Route | None, str | None]:
    """The route of a path without its query, and the Azure deployment the path names."""
    found = _PREFIX.match(path)
    if found is None:
        return None, None
    return _ROUTES.get(path[found.end() :]), found["deployment"]
