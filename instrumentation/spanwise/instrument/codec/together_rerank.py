"""Together reranking: the wire of Cohere, with the usage of OpenAI."""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.cohere_rerank import CohereRerank
from spanwise.instrument.codec.field import put, text
from spanwise.instrument.codec.openai_usage import usage
from spanwise.semconv import attributes as attr


class TogetherRerank(CohereRerank):
    """`POST /rerank`."""

    def response(self, body: Json, /) -> Attributes:
        """Id, model and tokens. Searches are not what is billed."""
        found = usage(body)
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("id")))
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
        return found
