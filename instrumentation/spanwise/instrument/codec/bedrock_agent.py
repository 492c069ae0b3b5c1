"""Agents of Amazon Bedrock: InvokeAgent and InvokeInlineAgent, whose answers are event streams."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import Any, ClassVar, Final, TypeAlias

from spanwise.instrument.codec.bedrock_usage import answered
from spanwise.instrument.codec.codec import NOTHING, Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, parse, put, text
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Part: TypeAlias = dict[str, Any]
"""One part of a message, as JSON."""

MOST_FRAGMENTS: Final = 65_536
"""Pieces of an answer that are kept."""

_STEPS: Final = (
    "preProcessingTrace",
    "orchestrationTrace",
    "postProcessingTrace",
    "routingClassifierTrace",
)


class BedrockAgent:
    """`InvokeAgent` and `InvokeInlineAgent`: a run of a remote agent, with its usage where traces were asked for.

    An alias of an agent stands for one of its versions, so it is the version. A session is the conversation.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_INVOKE_AGENT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'"usage"\s*:\s*\{|"foundationModel"\s*:|"invocationInputs"\s*:|"INTERVENED"'
    )
    last: ClassVar[re.Pattern[bytes]] = NOTHING
    """No event says that it is the last."""

    def request(self, body: Json, /) -> Attributes:
        """Agent, session, and for an inline agent its model, knowledge base and guardrail."""
        found: Attributes = {}
        put(found, attr.GEN_AI_AGENT_ID, text(body.get("agentId")))
        put(found, attr.GEN_AI_AGENT_NAME, text(body.get("agentName")))
        put(found, attr.GEN_AI_AGENT_VERSION, text(body.get("agentAliasId")))
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("sessionId")))
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("foundationModel")))
        bases = [mapping(base).get("knowledgeBaseId") for base in items(body.get("knowledgeBases"))]
        put(found, attr.GEN_AI_DATA_SOURCE_ID, text(bases[0]) if len(bases) == 1 else None)
        guardrail = text(mapping(body.get("guardrailConfiguration")).get("guardrailIdentifier"))
        put(found, attr.AWS_BEDROCK_GUARDRAIL_ID, guardrail)
        if mapping(body.get("streamingConfigurations")).get("streamFinalResponse") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The text for the agent as a message of the user, and the instructions of an inline one."""
        parts: list[Part] = []
        if said := text(body.get("inputText")):
            parts.append({"type": "text", "content": said})
        state = mapping(body.get("sessionState")) or mapping(body.get("inlineSessionState"))
        parts.extend(_results(state))
        found: Attributes = {attr.GEN_AI_INPUT_MESSAGES: dump([{"role": "user", "parts": parts}])} if parts else {}
        if instruction := text(body.get("instruction")):
            found[attr.GEN_AI_SYSTEM_INSTRUCTIONS] = dump([{"type": "text", "content": instruction}])
        return found

    def response(self, body: Json, /) -> Attributes:
        """Usage of all the models' calls, the model if there was one, and why the agent stopped if it did."""
        found = answered(body)
        usage = mapping(body.get("usage"))
        put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, count(usage.get("inputTokens")))
        put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, count(usage.get("outputTokens")))
        put(found, attr.GEN_AI_CONVERSATION_ID, text(body.get("sessionId")))
        models = [model for model in items(body.get("models")) if isinstance(model, str)]
        put(found, attr.GEN_AI_RESPONSE_MODEL, models[0] if len(models) == 1 else None)
        if mapping(body.get("returnControl")):
            found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [values.GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL]
        if body.get("guarded") is True:
            found[attr.SPANWISE_RESPONSE_GUARDED] = True
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """The agent's answer, or the calls that it leaves to the application, as one message."""
        parts: list[Part] = []
        if said := text(body.get("text")):
            parts.append({"type": "text", "content": said})
        control = mapping(body.get("returnControl"))
        parts.extend(_calls(control))
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump([{"role": "assistant", "parts": parts}])} if parts else {}

    def reducer(self) -> AgentReducer:
        """A reducer for the events of a run."""
        return AgentReducer()


def _results(state: Json) -> Iterator[Part]:
    """What the application did for the agent, sent back to it."""
    for entry in items(state.get("returnControlInvocationResults")):
        for kind in ("apiResult", "functionResult"):
            if result := mapping(mapping(entry).get(kind)):
                identity = text(state.get("invocationId")) or ""
                yield {"type": "tool_call_response", "id": identity, "response": result.get("responseBody")}


def _calls(control: Json) -> Iterator[Part]:
    identity = text(control.get("invocationId")) or ""
    for entry in items(control.get("invocationInputs")):
        function, api = (mapping(mapping(entry).get(f"{kind}InvocationInput")) for kind in ("function", "api"))
        call = function or api
        given = {
            str(mapping(value).get("name") or ""): parse(mapping(value).get("value"))
            for value in items(call.get("parameters"))
        }
        name = text(call.get("function")) or text(call.get("apiPath")) or text(call.get("actionGroup")) or ""
        yield {"type": "tool_call", "id": identity, "name": name, "arguments": given}


class AgentReducer:
    """Events of a run as one body: the text, the usage of every model's call that a trace shows, and their models."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._input = self._output = 0
        self._is_counted = False
        self._models: dict[str, None] = {}
        self._body: Part = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event: `{"chunk": {...}}`, `{"trace": {...}}` and the others."""
        if chunk := mapping(event.get("chunk")):
            self._say(chunk.get("bytes"))
        if control := mapping(event.get("returnControl")):
            self._body["returnControl"] = control
        trace = mapping(mapping(event.get("trace")).get("trace"))
        for step in _STEPS:
            if found := mapping(trace.get(step)):
                self._count(found)
        if mapping(trace.get("guardrailTrace")).get("action") == "INTERVENED":
            self._body["guarded"] = True

    def _say(self, data: object) -> None:
        """The text of a chunk, which JSON has as base64."""
        if not isinstance(data, str) or len(self._text) >= MOST_FRAGMENTS:
            return
        try:
            self._text.append(binascii.a2b_base64(data).decode("utf-8", "replace"))
        except ValueError:
            return

    def _count(self, step: Json) -> None:
        usage = mapping(mapping(mapping(step.get("modelInvocationOutput")).get("metadata")).get("usage"))
        given, made = count(usage.get("inputTokens")), count(usage.get("outputTokens"))
        if given is not None or made is not None:
            self._is_counted = True
            self._input += given or 0
            self._output += made or 0
        model = text(mapping(step.get("modelInvocationInput")).get("foundationModel"))
        if model and len(self._models) < 64:
            self._models[model] = None

    def body(self) -> Json:
        """The run so far."""
        body: Part = {**self._body, "text": "".join(self._text), "models": list(self._models)}
        if self._is_counted:
            body["usage"] = {"inputTokens": self._input, "outputTokens": self._output}
        return body
