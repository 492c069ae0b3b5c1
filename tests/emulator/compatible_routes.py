"""The endpoints of Groq, Cerebras, Together and Writer, each under its name: their paths are OpenAI's as well."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import openai_audio, openai_chat, openai_completions, openai_embeddings, openai_images
from tests.emulator.compatible import cerebras, groq, rerank, served, together, writer, writer_completion
from tests.emulator.compatible_error import CEREBRAS_ERRORS, WRITER_ERRORS
from tests.emulator.openai_form import read_form
from tests.emulator.provider_error import OPENAI_ERRORS
from tests.emulator.route import Route


_CHAT: Final = ("model", "messages")
_COMPLETION: Final = ("model", "prompt")
_EMBEDDING: Final = ("model", "input")

ROUTES: Final = (
    Route(re.compile("/groq/openai/v1/chat/completions"), served(openai_chat.reply, groq), OPENAI_ERRORS, _CHAT),
    Route(re.compile("/groq/openai/v1/embeddings"), openai_embeddings.reply, OPENAI_ERRORS, _EMBEDDING),
    Route(
        re.compile("/groq/openai/v1/audio/(?:transcriptions|translations)"),
        openai_audio.transcription_reply,
        OPENAI_ERRORS,
        reads=read_form,
    ),
    Route(re.compile("/groq/openai/v1/audio/speech"), openai_audio.speech_reply, OPENAI_ERRORS, ("model", "input")),
    Route(re.compile("/cerebras/v1/chat/completions"), served(openai_chat.reply, cerebras), CEREBRAS_ERRORS, _CHAT),
    Route(
        re.compile("/cerebras/v1/completions"),
        served(openai_completions.reply, cerebras),
        CEREBRAS_ERRORS,
        _COMPLETION,
    ),
    Route(re.compile("/together/v1/chat/completions"), served(openai_chat.reply, together), OPENAI_ERRORS, _CHAT),
    Route(
        re.compile("/together/v1/completions"), served(openai_completions.reply, together), OPENAI_ERRORS, _COMPLETION
    ),
    Route(re.compile("/together/v1/embeddings"), openai_embeddings.reply, OPENAI_ERRORS, _EMBEDDING),
    Route(
        re.compile("/together/v1/audio/(?:transcriptions|translations)"),
        openai_audio.transcription_reply,
        OPENAI_ERRORS,
        reads=read_form,
    ),
    Route(re.compile("/together/v1/audio/speech"), openai_audio.speech_reply, OPENAI_ERRORS, ("model", "input")),
    Route(re.compile("/together/v1/images/generations"), openai_images.reply, OPENAI_ERRORS, ("prompt",)),
    Route(re.compile("/together/v1/rerank"), rerank, OPENAI_ERRORS, ("model", "query", "documents")),
    Route(re.compile("/writer/v1/chat"), served(openai_chat.reply, writer, unasked=False), WRITER_ERRORS, _CHAT),
    Route(
        re.compile("/writer/v1/completions"), writer_completion(openai_completions.reply), WRITER_ERRORS, _COMPLETION
    ),
)
