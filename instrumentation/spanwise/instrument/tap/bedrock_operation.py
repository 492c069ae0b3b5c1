"""Which operations of Amazon Bedrock are model calls, and how their parameters become a codec's request.

Left alone: `ApplyGuardrail` and `CountTokens` call no model; `StartAsyncInvoke` returns before anything is made, and
its result, with what it cost, goes to S3; `InvokeFlow` runs a graph that no operation of the convention stands for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import orjson

from spanwise.instrument.body.feed import HELD_BYTES
from spanwise.instrument.codec import Codec, Json
from spanwise.instrument.codec.bedrock_agent import BedrockAgent
from spanwise.instrument.codec.bedrock_converse import BedrockConverse
from spanwise.instrument.codec.bedrock_generate import BedrockGenerate
from spanwise.instrument.codec.bedrock_invoke import invoked
from spanwise.instrument.codec.bedrock_retrieval import BedrockRerank, BedrockRetrieve


Parameters: TypeAlias = Json
"""The parameters of an operation, as the application gave them."""

Begin: TypeAlias = Callable[[Parameters], tuple[Codec, Json] | None]
"""What makes of parameters the codec and its request; `None` leaves the call alone."""

_BESIDE_THE_BODY: Final = ("sessionId", "serviceTier", "performanceConfigLatency")
"""What an answer has from its headers."""


class Operation(NamedTuple):
    """One operation of a client."""

    begin: Begin
    member: str = ""
    """What every answer has that botocore has read: it makes an empty one of JSON that is cut off."""
    body: str = ""
    """The member of the answer that is still to be read; empty where botocore has read everything."""
    wraps: bool = False
    """Whether the events of a stream have the model's own JSON inside."""

    def known(self, answer: Json) -> dict[str, Any]:
        """What an answer says before its body is read."""
        return {name: answer[name] for name in _BESIDE_THE_BODY if name in answer}


def _plain(codec: Codec) -> Begin:
    return lambda parameters: (codec, parameters)


def _streamed(codec: Codec) -> Begin:
    return lambda parameters: (codec, {**parameters, "stream": True})


def _invoke(parameters: Parameters) -> tuple[Codec, Json] | None:
    model, body = parameters.get("modelId"), parameters.get("body")
    if not isinstance(model, str) or not isinstance(body, str | bytes | bytearray) or len(body) > HELD_BYTES:
        # A file is read by botocore, once: its fields stay unknown.
        return None
    try:
        asked = orjson.loads(body)
    except ValueError:
        return None
    codec = invoked(model, asked) if isinstance(asked, dict) else None
    if codec is None:
        return None
    request = {**asked, "model": model}
    if (guardrail := parameters.get("guardrailIdentifier")) is not None:
        request["guardrailIdentifier"] = guardrail
    return codec, request


def _invoke_streamed(parameters: Parameters) -> tuple[Codec, Json] | None:
    begun = _invoke(parameters)
    return begun and (begun[0], {**begun[1], "stream": True})


_CONVERSE: Final = BedrockConverse()
_AGENT: Final = BedrockAgent()
_GENERATE: Final = BedrockGenerate()

OPERATIONS: Final[dict[str, dict[str, Operation]]] = {
    "bedrock-runtime": {
        "Converse": Operation(_plain(_CONVERSE), "output"),
        "ConverseStream": Operation(_streamed(_CONVERSE), body="stream"),
        "InvokeModel": Operation(_invoke, body="body"),
        "InvokeModelWithResponseStream": Operation(_invoke_streamed, body="body", wraps=True),
    },
    "bedrock-agent-runtime": {
        "InvokeAgent": Operation(_plain(_AGENT), body="completion"),
        "InvokeInlineAgent": Operation(_plain(_AGENT), body="completion"),
        "Retrieve": Operation(_plain(BedrockRetrieve()), "retrievalResults"),
        "Rerank": Operation(_plain(BedrockRerank()), "results"),
        "RetrieveAndGenerate": Operation(_plain(_GENERATE), "output"),
        "RetrieveAndGenerateStream": Operation(_streamed(_GENERATE), body="stream"),
    },
}
