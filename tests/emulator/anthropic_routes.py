"""The endpoints of Anthropic."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import anthropic_batches, anthropic_messages
from tests.emulator.provider_error import ANTHROPIC_ERRORS
from tests.emulator.route import Route


_REQUIRED: Final = ("model", "messages")


def _batches(tail: str) -> re.Pattern[str]:
    return re.compile(rf"(?:/anthropic)?/v1/messages/batches{tail}")


ROUTES: Final = (
    Route(
        re.compile(r"(?:/anthropic)?/v1/messages"),
        anthropic_messages.reply,
        ANTHROPIC_ERRORS,
        (*_REQUIRED, "max_tokens"),
    ),
    Route(
        re.compile(r"(?:/anthropic)?/v1/messages/count_tokens"),
        anthropic_messages.count_reply,
        ANTHROPIC_ERRORS,
        _REQUIRED,
    ),
    Route(_batches(""), anthropic_batches.create_reply, ANTHROPIC_ERRORS, ("requests",)),
    Route(_batches("/(?P<id>[^/]+)"), anthropic_batches.fetch_reply, ANTHROPIC_ERRORS, method="GET"),
    Route(_batches("/(?P<id>[^/]+)/cancel"), anthropic_batches.fetch_reply, ANTHROPIC_ERRORS),
    Route(_batches("/(?P<id>[^/]+)/results"), anthropic_batches.results_reply, ANTHROPIC_ERRORS, method="GET"),
)
