"""The endpoints of Anthropic."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import anthropic_messages
from tests.emulator.provider_error import ANTHROPIC_ERRORS
from tests.emulator.route import Route


_REQUIRED: Final = ("model", "messages")

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
)
