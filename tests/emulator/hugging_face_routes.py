"""The endpoints of Hugging Face: a server of texts and one of vectors, with addresses of their own."""

from __future__ import annotations

import re
from typing import Final

from tests.emulator import hugging_face
from tests.emulator.hugging_face import HUGGING_FACE_ERRORS
from tests.emulator.route import Route


_CHAT: Final = re.compile("/tgi/v1/chat/completions|/router/[^/]+/v1/chat/completions")

ROUTES: Final = (
    Route(re.compile("/tgi/?"), hugging_face.generate, HUGGING_FACE_ERRORS, ("inputs",)),
    Route(
        re.compile("/tgi/(?P<bare>generate|generate_stream)"), hugging_face.generate, HUGGING_FACE_ERRORS, ("inputs",)
    ),
    Route(_CHAT, hugging_face.chat, HUGGING_FACE_ERRORS, ("messages",)),
    Route(re.compile("/tei/?"), hugging_face.extract, HUGGING_FACE_ERRORS, ("inputs",)),
)
