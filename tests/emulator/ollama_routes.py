"""The endpoints of Ollama."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import ollama
from tests.emulator.ollama import OLLAMA_ERRORS
from tests.emulator.route import Route


ROUTES: Final = (
    Route(re.compile("/api/chat"), ollama.chat, OLLAMA_ERRORS, ("model", "messages")),
    Route(re.compile("/api/generate"), ollama.generate, OLLAMA_ERRORS, ("model",)),
    Route(re.compile("/api/embed"), ollama.embed, OLLAMA_ERRORS, ("model", "input")),
    Route(re.compile("/api/embeddings"), ollama.embeddings, OLLAMA_ERRORS, ("model", "prompt")),
)
