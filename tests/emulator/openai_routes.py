"""The endpoints of OpenAI, those of Azure OpenAI included."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import (
    openai_audio,
    openai_batches,
    openai_chat,
    openai_completions,
    openai_embeddings,
    openai_images,
    openai_moderations,
    openai_responses,
)
from tests.emulator.openai_form import read_form
from tests.emulator.provider_error import OPENAI_ERRORS
from tests.emulator.route import Route


_AUDIO: Final = ("file", "model")


def path(tail: str) -> re.Pattern[str]:
    """`tail` behind any of the roots that OpenAI's wire is served at."""
    return re.compile(rf"(?:/openai/deployments/(?P<deployment>[^/]+)|/openai/v1|/openai|/v1)?{tail}")


ROUTES: Final = (
    Route(path("/chat/completions"), openai_chat.reply, OPENAI_ERRORS, ("model", "messages")),
    Route(path("/responses"), openai_responses.reply, OPENAI_ERRORS, ("model",)),
    Route(path("/completions"), openai_completions.reply, OPENAI_ERRORS, ("model", "prompt")),
    Route(path("/embeddings"), openai_embeddings.reply, OPENAI_ERRORS, ("model", "input")),
    Route(path("/responses/(?P<id>[^/]+)"), openai_responses.fetch_reply, OPENAI_ERRORS, method="GET"),
    Route(path("/responses/(?P<id>[^/]+)/cancel"), openai_responses.cancel_reply, OPENAI_ERRORS),
    Route(path("/images/generations"), openai_images.reply, OPENAI_ERRORS, ("prompt",)),
    Route(path("/images/edits"), openai_images.reply, OPENAI_ERRORS, ("image", "prompt"), reads=read_form),
    Route(path("/images/variations"), openai_images.reply, OPENAI_ERRORS, ("image",), reads=read_form),
    Route(path("/audio/transcriptions"), openai_audio.transcription_reply, OPENAI_ERRORS, _AUDIO, reads=read_form),
    Route(path("/audio/translations"), openai_audio.transcription_reply, OPENAI_ERRORS, _AUDIO, reads=read_form),
    Route(path("/audio/speech"), openai_audio.speech_reply, OPENAI_ERRORS, ("model", "input")),
    Route(path("/moderations"), openai_moderations.reply, OPENAI_ERRORS, ("input",)),
    Route(path("/batches"), openai_batches.create_reply, OPENAI_ERRORS, ("endpoint", "input_file_id")),
    Route(path("/batches/(?P<id>[^/]+)"), openai_batches.fetch_reply, OPENAI_ERRORS, method="GET"),
    Route(path("/batches/(?P<id>[^/]+)/cancel"), openai_batches.fetch_reply, OPENAI_ERRORS),
)
