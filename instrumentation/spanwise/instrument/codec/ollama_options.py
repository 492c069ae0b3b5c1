"""What all requests and responses of Ollama share: options, counts, durations, images.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md. Durations are nanoseconds on the wire, and seconds here.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, items, mapping, number, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.media import blob_part
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

_SECOND_NS: Final = 1e9
_TYPES: Final = (("iVBOR", "image/png"), ("/9j/", "image/jpeg"), ("UklGR", "image/webp"), ("R0lGOD", "image/gif"))
"""How the base64 of an image begins; no field says what it is."""


def ollama_request(body: Json) -> Attributes:
    """Model, options, output type, level of thinking."""
    found: Attributes = {}
    options = mapping(body.get("options"))
    put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
    # -1 and -2 are as many as there is room for.
    put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(options.get("num_predict")))
    put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(options.get("temperature")))
    put(found, attr.GEN_AI_REQUEST_TOP_P, number(options.get("top_p")))
    put(found, attr.GEN_AI_REQUEST_TOP_K, count(options.get("top_k")))
    put(found, attr.GEN_AI_REQUEST_FREQUENCY_PENALTY, number(options.get("frequency_penalty")))
    put(found, attr.GEN_AI_REQUEST_PRESENCE_PENALTY, number(options.get("presence_penalty")))
    put(found, attr.GEN_AI_REQUEST_SEED, count(options.get("seed")))
    stops = [stop for stop in items(options.get("stop")) if isinstance(stop, str)]
    put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
    put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, text(body.get("think")))
    if body.get("format") == "json" or mapping(body.get("format")):
        found[attr.GEN_AI_OUTPUT_TYPE] = values.GEN_AI_OUTPUT_TYPE_JSON
    # The API streams where the field is missing; the SDK always sends it.
    if body.get("stream") is True:
        found[attr.GEN_AI_REQUEST_STREAM] = True
    return found


def ollama_response(body: Json, *, calls_tools: bool = False) -> Attributes:
    """Model, counts, why it ended, the time it took. A prompt that was in the cache as a whole may have no count."""
    found: Attributes = {}
    put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("model")))
    put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, count(body.get("prompt_eval_count")))
    put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, count(body.get("eval_count")))
    put(found, attr.SPANWISE_RESPONSE_LATENCY_S, _seconds(body.get("total_duration")))
    put(found, attr.SPANWISE_RESPONSE_LOAD_S, _seconds(body.get("load_duration")))
    if reason := text(body.get("done_reason")):
        # Ollama says `stop` whether the model called a tool or not.
        reason = "tool_calls" if calls_tools and reason == "stop" else reason
        found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [finish_reason(reason)]
    return found


def image_parts(images: object) -> list[Part]:
    """Images, which are base64 on the wire."""
    return [_image(image) for image in items(images) if isinstance(image, str)]


def _image(image: str) -> Part:
    kind = next((name for start, name in _TYPES if image.startswith(start)), "image")
    return blob_part(image, mime_type=kind, modality="image")


def _seconds(value: object) -> float | None:
    duration_ns = count(value)
    return None if duration_ns is None else duration_ns / _SECOND_NS
