"""Amazon Bedrock's InvokeModel: whose dialect a model speaks, and what Bedrock adds to it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import ClassVar, Final

from spanwise.instrument.codec.anthropic_messages import AnthropicMessages
from spanwise.instrument.codec.bedrock_chat import BedrockChat
from spanwise.instrument.codec.bedrock_converse import BedrockConverse
from spanwise.instrument.codec.bedrock_embeddings import BedrockEmbeddings
from spanwise.instrument.codec.bedrock_text import (
    CLAUDE,
    COHERE,
    DEEPSEEK,
    JURASSIC,
    LLAMA,
    MISTRAL,
    TITAN,
    BedrockText,
)
from spanwise.instrument.codec.bedrock_usage import ACTION, INTERVENED, METRICS, STANDARD, answered, invocation_metrics
from spanwise.instrument.codec.codec import Attributes, Codec, Json, Reducer
from spanwise.instrument.codec.cohere_chat_v1 import CohereChatV1
from spanwise.instrument.codec.cohere_rerank import CohereRerank
from spanwise.instrument.codec.field import items, mapping, put, text
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


_CHAT: Final = BedrockChat()
_FAMILIES: Final[tuple[tuple[str, str, Codec], ...]] = (
    ("anthropic.", "messages", AnthropicMessages()),
    ("anthropic.", "prompt", BedrockText(CLAUDE)),
    ("amazon.", "inputText", BedrockText(TITAN)),
    ("amazon.", "messages", BedrockConverse()),
    ("meta.", "prompt", BedrockText(LLAMA)),
    ("mistral.", "prompt", BedrockText(MISTRAL)),
    ("cohere.", "message", CohereChatV1()),
    ("cohere.", "prompt", BedrockText(COHERE)),
    ("ai21.", "prompt", BedrockText(JURASSIC)),
    ("deepseek.", "prompt", BedrockText(DEEPSEEK)),
    ("", "anthropic_version", AnthropicMessages()),
    ("", "inputText", BedrockText(TITAN)),
    ("", "max_gen_len", BedrockText(LLAMA)),
    ("", "messages", _CHAT),
)
"""Whose model it is, a field that its requests have, and the dialect: the first that fits is taken. The last ones are
for models whose name says nothing: an ARN of one's own, a custom model, a provider that came later."""
_MODEL: Final = re.compile(r"(?:^|[./])(anthropic|amazon|meta|mistral|cohere|ai21|deepseek)\.")
_EMBEDS: Final = re.compile(r"[.-]embed(?:ding)?s?\b|[.-]embed-")
_UNKNOWN_MODEL: Final = "arn:"
_NAMED: Final = re.compile(r":(?:foundation-model|inference-profile)/")
_EMBEDDINGS: Final = BedrockEmbeddings()


def invoked(model: str, body: Json) -> BedrockInvoke | None:
    """The codec for a request to `model`: by name, regional prefixes and ARNs included, then by the request's fields.

    `None` for what is neither chat, completion, embedding nor ranking, as images and video.
    """
    if "query" in body and "documents" in body:
        ranking = CohereRerank(items(body["documents"]))
        return _kind(CohereRerank)(ranking, names_model=True)
    if _EMBEDS.search(model):
        return _invoked(_EMBEDDINGS, model)
    found = _MODEL.search(model)
    maker = f"{found[1]}." if found else ""
    codec = next((codec for name, field, codec in _FAMILIES if name in ("", maker) and field in body), None)
    return None if codec is None else _invoked(codec, model)  # type: ignore[arg-type] # hashed by identity


@lru_cache(maxsize=256)
def _invoked(codec: Codec, model: str) -> BedrockInvoke:
    names_model = not model.startswith(_UNKNOWN_MODEL) or _NAMED.search(model) is not None
    return _kind(type(codec))(codec, names_model=names_model)


@cache
def _kind(kind: type[Codec]) -> type[BedrockInvoke]:
    """`BedrockInvoke` for the codecs of one class: what a codec does and what ends its streams belong to the class."""
    gate = re.compile(rb'%b|"amazon-bedrock-' % kind.gate.pattern, kind.gate.flags & re.MULTILINE)
    return type("BedrockInvoke", (BedrockInvoke,), {"operation": kind.operation, "gate": gate})


class BedrockInvoke:
    """`POST /model/{modelId}/invoke` and `.../invoke-with-response-stream`: a model's own dialect, and Bedrock's part.

    Bedrock counts tokens for models that do not: in the last event of a stream, and in headers. A model is priced by
    the name it was asked for under, which says where it runs: what it calls itself is left out, unless the request
    does not name it.

    Args:
        codec: the model's dialect.
        names_model: whether the request names the model.
    """

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_CHAT
    gate: ClassVar[re.Pattern[bytes]] = re.compile(rb'"amazon-bedrock-')
    last: ClassVar[re.Pattern[bytes]] = re.compile(rb'"%b"\s*:' % METRICS.encode())

    def __init__(self, codec: Codec, *, names_model: bool) -> None:
        self._codec = codec
        self._names_model = names_model

    def request(self, body: Json, /) -> Attributes:
        """What the model's dialect says, and the guardrail."""
        found = self._codec.request(body)
        if isinstance(guardrail := body.get("guardrailIdentifier"), str):
            found[attr.AWS_BEDROCK_GUARDRAIL_ID] = guardrail
        model = body.get("model")
        if isinstance(model, str) and model:
            found[attr.GEN_AI_REQUEST_MODEL] = model
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """Content of the request, by the model's dialect."""
        return self._codec.request_content(body)

    def response(self, body: Json, /) -> Attributes:
        """What the model's dialect says, counts that only Bedrock has, and whether a guardrail stepped in."""
        found = {**invocation_metrics(mapping(body.get(METRICS))), **self._codec.response(body), **answered(body)}
        if self._names_model:
            found.pop(attr.GEN_AI_RESPONSE_MODEL, None)
        # Headers, which botocore puts beside the body.
        put(found, attr.SPANWISE_RESPONSE_SERVICE_TIER, text(body.get("serviceTier")))
        mode = text(body.get("performanceConfigLatency"))
        put(found, attr.SPANWISE_RESPONSE_SPEED, mode if mode != STANDARD else None)
        if body.get(ACTION) == INTERVENED:
            found[attr.SPANWISE_RESPONSE_GUARDED] = True
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """Content of the response, by the model's dialect."""
        return self._codec.response_content(body)

    def reducer(self) -> InvokeReducer:
        """A reducer for the events of a stream."""
        return InvokeReducer(self._codec.reducer())


class InvokeReducer:
    """Events of a model with what Bedrock adds to the last of them."""

    def __init__(self, reducer: Reducer) -> None:
        self._reducer = reducer
        self._added: dict[str, object] = {}

    @property
    def error(self) -> str | None:
        """The class of an error inside the stream."""
        return self._reducer.error

    def add(self, event: Json, /) -> None:
        """Take one event."""
        for key in (METRICS, ACTION):
            if key in event:
                self._added[key] = event[key]
        self._reducer.add(event)

    def body(self) -> Json:
        """The body so far."""
        return {**self._reducer.body(), **self._added}
