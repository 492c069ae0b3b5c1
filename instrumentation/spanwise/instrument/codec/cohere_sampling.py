"""Parameters that the requests of Cohere share."""

from __future__ import annotations

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, items, mapping, number, put, text
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


def cohere_sampling(body: Json) -> Attributes:
    """Model, sampling parameters, output type; `p` and `k` are the convention's top p and top k."""
    found: Attributes = {}
    put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
    put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(body.get("max_tokens")))
    put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(body.get("temperature")))
    put(found, attr.GEN_AI_REQUEST_TOP_P, number(body.get("p")))
    put(found, attr.GEN_AI_REQUEST_TOP_K, count(body.get("k")))
    put(found, attr.GEN_AI_REQUEST_SEED, count(body.get("seed")))
    put(found, attr.GEN_AI_REQUEST_FREQUENCY_PENALTY, number(body.get("frequency_penalty")))
    put(found, attr.GEN_AI_REQUEST_PRESENCE_PENALTY, number(body.get("presence_penalty")))
    stops = [stop for stop in items(body.get("stop_sequences")) if isinstance(stop, str)]
    put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
    wanted = text(mapping(body.get("response_format")).get("type"))
    put(found, attr.GEN_AI_OUTPUT_TYPE, _OUTPUT_TYPES.get(wanted or ""))
    if body.get("stream") is True:
        found[attr.GEN_AI_REQUEST_STREAM] = True
    return found


_OUTPUT_TYPES = {"text": values.GEN_AI_OUTPUT_TYPE_TEXT, "json_object": values.GEN_AI_OUTPUT_TYPE_JSON}
