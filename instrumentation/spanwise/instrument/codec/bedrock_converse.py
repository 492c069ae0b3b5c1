"""Amazon Bedrock's Converse and ConverseStream, and the same dialect as Amazon Nova's own."""

from __future__ import annotations

import re
from typing import Any, ClassVar, TypeAlias

from spanwise.instrument.codec.bedrock_content import definitions, message, parts
from spanwise.instrument.codec.bedrock_usage import STANDARD, answered, error_type, latency, service_tier, token_usage
from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import Value, count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.instrument.codec.output_schema import output_schema
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Block: TypeAlias = dict[str, Any]
"""A content block under construction."""

MOST_BLOCKS = 1024
"""Blocks of one streamed message that are kept."""

_EXTRA = ("top_k", "topK", "k")
"""Where models take their top-k: Converse passes it on in `additionalModelRequestFields`."""


class BedrockConverse:
    """`POST /model/{modelId}/converse` and `.../converse-stream`; `modelId` stands in the request."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"stopReason"\s*:|"usage"\s*:\s*\{|"metrics"\s*:\s*\{')
    last: ClassVar[re.Pattern[bytes]] = re.compile(rb'"metrics"\s*:\s*\{\s*"latencyMs"')

    def request(self, body: Json, /) -> Attributes:
        """Model, sampling parameters, reasoning, output type, guardrail."""
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("modelId")))
        config, extra = mapping(body.get("inferenceConfig")), mapping(body.get("additionalModelRequestFields"))
        if config or extra:
            _configured(found, config, extra)
        output = mapping(body.get("outputConfig"))
        effort = text(output.get("effort")) or text(mapping(extra.get("output_config")).get("effort"))
        put(found, attr.GEN_AI_REQUEST_REASONING_LEVEL, effort or text(extra.get("reasoning_effort")))
        if mapping(output.get("textFormat")).get("type") == "json_schema":
            found[attr.GEN_AI_OUTPUT_TYPE] = values.GEN_AI_OUTPUT_TYPE_JSON
        guardrail = text(mapping(body.get("guardrailConfig")).get("guardrailIdentifier"))
        put(found, attr.AWS_BEDROCK_GUARDRAIL_ID, guardrail)
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Messages in send order, the system prompt apart, and the tools offered."""
        messages = [message(mapping(entry)) for entry in items(body.get("messages"))]
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump(messages)}
        if system := list(parts(body.get("system"))):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump(system)
        if tools := definitions(mapping(body.get("toolConfig")).get("tools")):
            found[attr.GEN_AI_TOOL_DEFINITIONS] = dump(tools)
        found.update(output_schema(_answer_schema(body)))
        return found

    def response(self, body: Json, /) -> Attributes:
        """Finish reason, usage with the cache counted in, tier and latency mode; or the error that was sent."""
        found = answered(body)
        found.update(token_usage(mapping(body.get("usage"))))
        reason = text(body.get("stopReason"))
        put(found, attr.GEN_AI_RESPONSE_FINISH_REASONS, [finish_reason(reason)] if reason else None)
        if reason == "guardrail_intervened":
            found[attr.SPANWISE_RESPONSE_GUARDED] = True
        put(found, attr.SPANWISE_RESPONSE_SERVICE_TIER, service_tier(body))
        mode = text(mapping(body.get("performanceConfig")).get("latency"))
        put(found, attr.SPANWISE_RESPONSE_SPEED, mode if mode != STANDARD else None)
        found.update(latency(mapping(body.get("metrics")).get("latencyMs")))
        put(found, attr.GEN_AI_RESPONSE_MODEL, _routed(body))
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The message of the answer."""
        answer = mapping(mapping(body.get("output")).get("message"))
        if not items(answer.get("content")):
            return {}
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([message({"role": "assistant", **answer})])}

    def reducer(self) -> ConverseReducer:
        """A reducer for the events of a stream."""
        return ConverseReducer()


def _configured(found: Attributes, config: Json, extra: Json) -> None:
    """Set sampling parameters, which stand in the configuration or in what is passed on to the model."""
    tokens = config.get("maxTokens", config.get("max_new_tokens"))
    put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(tokens))
    put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(config.get("temperature")))
    put(found, attr.GEN_AI_REQUEST_TOP_P, number(config.get("topP", config.get("top_p"))))
    stops = [stop for stop in items(config.get("stopSequences")) if isinstance(stop, str)]
    put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
    nested = mapping(extra.get("inferenceConfig"))
    ranks = (count(place.get(name)) for place in (extra, nested, config) for name in _EXTRA)
    put(found, attr.GEN_AI_REQUEST_TOP_K, next((rank for rank in ranks if rank is not None), None))


def _routed(body: Json) -> str | None:
    """The model that a prompt router chose: the only case in which Converse names one."""
    return text(mapping(mapping(body.get("trace")).get("promptRouter")).get("invokedModelId"))


class ConverseReducer:
    """Events of a stream as the response that the same call would have had: `{"messageStop": {...}}` and the others."""

    def __init__(self) -> None:
        self._body: Block = {}
        self._role = "assistant"
        self._blocks: dict[int, Block] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        for kind, value in event.items():
            data = mapping(value)
            if kind == "metadata":
                self._body.update({key: part for key, part in data.items() if part is not None})
            elif kind == "messageStop":
                self._body["stopReason"] = data.get("stopReason")
            elif kind == "messageStart":
                self._role = text(data.get("role")) or self._role
            elif kind in ("contentBlockStart", "contentBlockDelta"):
                self._block(data)
            elif str(kind).endswith("Exception"):
                self.error = error_type(str(kind))

    def _block(self, data: Json) -> None:
        index = count(data.get("contentBlockIndex")) or 0
        if index not in self._blocks and len(self._blocks) >= MOST_BLOCKS:
            return
        block = self._blocks.setdefault(index, {"text": [], "reasoning": [], "input": []})
        start, delta = mapping(data.get("start")), mapping(data.get("delta"))
        if use := mapping(start.get("toolUse")):
            block["toolUse"] = dict(use)
        for held, fragment in (
            ("text", delta.get("text")),
            ("reasoning", mapping(delta.get("reasoningContent")).get("text")),
            ("input", mapping(delta.get("toolUse")).get("input")),
        ):
            if isinstance(fragment, str):
                block[held].append(fragment)

    def body(self) -> Json:
        """The response so far."""
        content = [_closed(self._blocks[index]) for index in sorted(self._blocks)]
        return {**self._body, "output": {"message": {"role": self._role, "content": content}}}


def _closed(block: Block) -> Block:
    if "toolUse" in block:
        return {"toolUse": {**block["toolUse"], "input": "".join(block["input"]) or {}}}
    if block["reasoning"]:
        return {"reasoningContent": {"reasoningText": {"text": "".join(block["reasoning"])}}}
    return {"text": "".join(block["text"])}


def _answer_schema(body: Json) -> Value:
    structure = mapping(mapping(mapping(body.get("outputConfig")).get("textFormat")).get("structure"))
    return mapping(structure.get("jsonSchema")).get("schema")
