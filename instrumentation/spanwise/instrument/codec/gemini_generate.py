"""Gemini's generateContent."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, TypeAlias

from spanwise.instrument.codec.codec import NOTHING, Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.gemini_content import content_parts, either, message, tool_definitions, word
from spanwise.instrument.codec.gemini_finish import finish_of, is_blocked
from spanwise.instrument.codec.gemini_usage import usage, web_searches
from spanwise.instrument.codec.output_schema import output_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Chunk: TypeAlias = dict[str, Any]
"""A response, or a candidate of one, as it grows."""

_MOST_CANDIDATES: Final = 256
_MEDIA: Final = {"IMAGE": values.GEN_AI_OUTPUT_TYPE_IMAGE, "AUDIO": values.GEN_AI_OUTPUT_TYPE_SPEECH}
_TYPES: Final = {"application/json": values.GEN_AI_OUTPUT_TYPE_JSON, "text/plain": values.GEN_AI_OUTPUT_TYPE_TEXT}


class GeminiGenerate:
    """`generateContent` and `streamGenerateContent`, of AI Studio and of Vertex AI.

    What the path says comes as fields of the request: `model`, and `stream` for a stream. See `gemini_path`.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'"(?:finishReason|promptFeedback|functionCall|groundingMetadata|error)"\s*:'
    )
    cumulative: ClassVar[bool] = True
    # Usage and groundings may follow the last reason to finish: the stream ends with its body.
    last: ClassVar[re.Pattern[bytes]] = NOTHING

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, reasoning level, output type, number of candidates."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        if config := mapping(either(body, "generationConfig")):
            _configured(found, config)
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, the system instruction apart, and the tools offered."""
        contents = body.get("contents")
        given = [contents] if isinstance(contents, dict) else items(contents)
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump([message(mapping(content)) for content in given])}
        if system := list(content_parts(either(body, "systemInstruction"))):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump(system)
        if tools := tool_definitions(body.get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(output_schema(_answer_schema(body)))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Id, model, how each candidate ended, usage, searches, tier, whether a filter refused."""
        found = usage(mapping(body.get("usageMetadata")))
        put(found, attr.GEN_AI_RESPONSE_ID, text(body.get("responseId")))
        put(found, attr.GEN_AI_RESPONSE_MODEL, text(body.get("modelVersion")))
        candidates = [mapping(candidate) for candidate in items(body.get("candidates"))]
        reasons = [finish_of(candidate) for candidate in candidates]
        if is_blocked(mapping(body.get("promptFeedback")).get("blockReason")):
            found[attr.SPANWISE_RESPONSE_REFUSED] = True
            reasons = reasons or [values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER]
        if any(is_blocked(candidate.get("finishReason")) for candidate in candidates):
            found[attr.SPANWISE_RESPONSE_REFUSED] = True
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, reasons or None)
        if groundings := [one for candidate in candidates if (one := mapping(candidate.get("groundingMetadata")))]:
            searches = web_searches(groundings, text(body.get("modelVersion")) or "")
            put(found, attr.SPANWISE_USAGE_WEB_SEARCHES, searches)
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """One message per candidate."""
        messages = [
            message({"role": "model", **mapping(mapping(candidate).get("content"))})
            for candidate in items(body.get("candidates"))
        ]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if messages else {}

    def reducer(self) -> CandidateReducer:
        """A reducer for chunks."""
        return CandidateReducer()


def _configured(found: Attributes, config: Json) -> None:
    """Set what the configuration of the generation says."""
    put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(config.get("temperature")))
    put(found, attr.GEN_AI_REQUEST_TOP_P, number(either(config, "topP")))
    put(found, attr.GEN_AI_REQUEST_TOP_K, count(either(config, "topK")))
    put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(either(config, "maxOutputTokens")))
    put(found, attr.GEN_AI_REQUEST_SEED, count(config.get("seed")))
    put(found, attr.GEN_AI_REQUEST_PRESENCE_PENALTY, number(either(config, "presencePenalty")))
    put(found, attr.GEN_AI_REQUEST_FREQUENCY_PENALTY, number(either(config, "frequencyPenalty")))
    stops = [stop for stop in items(either(config, "stopSequences")) if isinstance(stop, str)]
    put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
    candidates = count(either(config, "candidateCount"))
    put(found, attr.GEN_AI_REQUEST_CHOICE_COUNT, candidates if candidates != 1 else None)
    thinking = mapping(either(config, "thinkingConfig"))
    put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, word(either(thinking, "thinkingLevel")))
    put(found, attr.GEN_AI_OUTPUT_TYPE, _output_type(config))


def _answer_schema(body: Json) -> Json:
    config = mapping(either(body, "generationConfig"))
    return mapping(either(config, "responseJsonSchema")) or mapping(either(config, "responseSchema"))


def _output_type(config: Json) -> str | None:
    """The output that was asked for, by its media or by its form."""
    wanted = ((word(kind) or "").upper() for kind in items(either(config, "responseModalities")))
    if media := next((_MEDIA[kind] for kind in wanted if kind in _MEDIA), None):
        return media
    if mapping(either(config, "responseSchema")) or mapping(either(config, "responseJsonSchema")):
        return values.GEN_AI_OUTPUT_TYPE_JSON
    return _TYPES.get(word(either(config, "responseMimeType")) or "")


class CandidateReducer:
    """Chunks of a stream as one response. Each chunk is a response of its own, whose counts replace those before."""

    def __init__(self) -> None:
        self._body: Chunk = {}
        self._candidates: dict[int, Chunk] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one chunk."""
        for key in ("responseId", "modelVersion", "promptFeedback"):
            if event.get(key):
                self._body[key] = event[key]
        if isinstance(counts := event.get("usageMetadata"), dict):
            self._body["usageMetadata"] = {**mapping(self._body.get("usageMetadata")), **counts}
        if error := event.get("error"):
            self.error = text(mapping(error).get("status")) or "provider_error"
        for position, entry in enumerate(items(event.get("candidates"))):
            candidate = mapping(entry)
            index = count(candidate.get("index"))
            self._candidate(position if index is None else index, candidate)

    def _candidate(self, index: int, candidate: Json) -> None:
        if index not in self._candidates and len(self._candidates) >= _MOST_CANDIDATES:
            return
        held = self._candidates.setdefault(index, {"parts": []})
        for key in ("finishReason", "groundingMetadata"):
            if candidate.get(key):
                held[key] = candidate[key]
        for part in items(mapping(candidate.get("content")).get("parts")):
            _append(held["parts"], mapping(part))

    def body(self) -> Json:
        """The response so far."""
        candidates = [_closed(self._candidates[index]) for index in sorted(self._candidates)]
        return {**self._body, "candidates": candidates}


def _append(parts: list[Chunk], part: Json) -> None:
    """Add a part; text goes on where the part before is text of the same kind."""
    said, thought = part.get("text"), part.get("thought") is True
    if not isinstance(said, str):
        if part:
            parts.append(dict(part))
        return
    if parts and "_fragments" in parts[-1] and parts[-1]["thought"] is thought:
        parts[-1]["_fragments"].append(said)
    elif said:
        parts.append({"_fragments": [said], "thought": thought})


def _closed(candidate: Chunk) -> Chunk:
    parts = [
        {"text": "".join(part["_fragments"]), "thought": part["thought"]} if "_fragments" in part else part
        for part in candidate["parts"]
    ]
    whole = {key: value for key, value in candidate.items() if key != "parts"}
    return {**whole, "content": {"role": "model", "parts": parts}}
