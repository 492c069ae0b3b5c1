"""Feature extraction by Hugging Face: texts in, vectors out, nothing counted."""

from __future__ import annotations

import re
from typing import ClassVar

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import put, text
from spanwise.instrument.codec.openai_chat import DONE, ChatReducer
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


class HuggingFaceEmbed:
    """`POST .../pipeline/feature-extraction`, or to an endpoint's address. The model is added by the caller."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_EMBEDDINGS
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"error"')
    last: ClassVar[re.Pattern[bytes]] = DONE

    def request(self, body: Json, /) -> Attributes:
        """The model."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        return found

    def request_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def response(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing: the response is the vectors."""
        return {}

    def response_content(self, body: Json, /) -> Attributes:  # noqa: ARG002 - the codec's interface
        """Nothing."""
        return {}

    def reducer(self) -> ChatReducer:
        """A reducer, for the interface: embeddings do not stream."""
        return ChatReducer()
