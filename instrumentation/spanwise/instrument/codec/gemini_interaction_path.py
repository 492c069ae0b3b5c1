"""Which codec a path of the interactions API speaks."""

from __future__ import annotations

import re
from typing import Final

from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.codec import Codec, Json
from spanwise.instrument.codec.gemini_interaction_fetch import GeminiInteractionFetch
from spanwise.instrument.codec.gemini_interactions import GeminiAgentInteractions, GeminiInteractions


_PATH: Final = re.compile(r"/interactions(?:/(?P<id>[^/?]{1,256}))?\Z")


class InteractionPaths:
    """Paths such as `/v1beta/interactions`, of AI Studio or of Vertex AI, and what was counted at them."""

    def __init__(self) -> None:
        self._accounts = Accounts()
        self._model = GeminiInteractions(self._accounts)
        self._agent = GeminiAgentInteractions(self._accounts)

    def codec(self, method: str, path: str) -> Codec | None:
        """The codec for what is asked and for what was answered before; listing, cancelling and deleting have none.

        Args:
            method: `get`, `post`, ..., in lower case.
            path: of the URL, without its query.
        """
        found = _PATH.search(path)
        if found is None:
            return None
        identity = found["id"]
        if method == "post":
            return self._model if identity is None else None
        return GeminiInteractionFetch(identity, self._accounts) if method == "get" and identity else None

    def of(self, codec: Codec, request: Json) -> Codec:
        """`codec`, or that of agents, where `request` names one."""
        return self._agent if codec is self._model and request.get("agent") else codec
