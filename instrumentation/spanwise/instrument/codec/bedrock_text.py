"""Models on Amazon Bedrock that take a prompt and return text, each under names of its own: a table.

Sources: "Inference request parameters and response fields for foundation models" in the user guide of Bedrock, one page
for each provider.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeAlias

from spanwise.instrument.codec.codec import Attributes, Json
from spanwise.instrument.codec.field import count, dump, items, mapping, number, put, text
from spanwise.instrument.codec.finish_reason import finish_reason
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Value: TypeAlias = Any
"""One JSON value of a model."""

MOST_OUTPUTS: Final = 256
"""Alternatives of one streamed answer that are kept."""


@dataclass(frozen=True, slots=True)
class TextDialect:
    """The names that one family has for what all of them have."""

    prompt: str
    max_tokens: str
    temperature: str = "temperature"
    top_p: str = "top_p"
    top_k: str = "top_k"
    stop: str = "stop"
    settings: str = ""
    """The object that holds the sampling parameters; empty for the request itself."""
    outputs: str = ""
    """The list of answers in a response; empty for a response that is one answer, as every event of a stream is."""
    text: str = "text"
    reason: str = "stop_reason"
    input_tokens: str = ""
    output_tokens: str = ""
    total_output_tokens: str = ""
    """The name that the events of a stream have for the output tokens."""


TITAN: Final = TextDialect(
    prompt="inputText",
    settings="textGenerationConfig",
    max_tokens="maxTokenCount",
    top_p="topP",
    stop="stopSequences",
    outputs="results",
    text="outputText",
    reason="completionReason",
    input_tokens="inputTextTokenCount",
    output_tokens="tokenCount",
    total_output_tokens="totalOutputTextTokenCount",
)
LLAMA: Final = TextDialect(
    prompt="prompt",
    max_tokens="max_gen_len",
    text="generation",
    input_tokens="prompt_token_count",
    output_tokens="generation_token_count",
)
MISTRAL: Final = TextDialect(prompt="prompt", max_tokens="max_tokens", outputs="outputs")
DEEPSEEK: Final = TextDialect(prompt="prompt", max_tokens="max_tokens", outputs="choices")
COHERE: Final = TextDialect(
    prompt="prompt",
    max_tokens="max_tokens",
    top_p="p",
    top_k="k",
    stop="stop_sequences",
    outputs="generations",
    reason="finish_reason",
)
CLAUDE: Final = TextDialect(
    prompt="prompt", max_tokens="max_tokens_to_sample", stop="stop_sequences", text="completion"
)
JURASSIC: Final = TextDialect(
    prompt="prompt", max_tokens="maxTokens", top_p="topP", stop="stopSequences", outputs="completions"
)


class BedrockText:
    """`InvokeModel` of a model that completes a prompt; the model stands in the request as `model`."""

    operation: ClassVar[str] = values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION
    gate: ClassVar[re.Pattern[bytes]] = re.compile(
        rb'"(?:stop_reason|completionReason|finish_reason)"\s*:\s*"|"[A-Za-z_]*(?:TokenCount|token_count)"\s*:\s*\d'
    )
    last: ClassVar[re.Pattern[bytes]] = re.compile(rb'"amazon-bedrock-invocationMetrics"\s*:')

    def __init__(self, dialect: TextDialect) -> None:
        self._dialect = dialect

    def request(self, body: Json, /) -> Attributes:
        """Model and sampling parameters."""
        names = self._dialect
        settings = mapping(body.get(names.settings)) if names.settings else body
        found: Attributes = {}
        put(found, attr.GEN_AI_REQUEST_MODEL, text(body.get("model")))
        put(found, attr.GEN_AI_REQUEST_MAX_TOKENS, count(settings.get(names.max_tokens)))
        put(found, attr.GEN_AI_REQUEST_TEMPERATURE, number(settings.get(names.temperature)))
        put(found, attr.GEN_AI_REQUEST_TOP_P, number(settings.get(names.top_p)))
        put(found, attr.GEN_AI_REQUEST_TOP_K, count(settings.get(names.top_k)))
        given = settings.get(names.stop)
        stops = [stop for stop in ([given] if isinstance(given, str) else items(given)) if isinstance(stop, str)]
        put(found, attr.GEN_AI_REQUEST_STOP_SEQUENCES, stops or None)
        if body.get("stream") is True:
            found[attr.GEN_AI_REQUEST_STREAM] = True
        return found

    def request_content(self, body: Json, /) -> Attributes:
        """The prompt as a message of the user."""
        prompt = text(body.get(self._dialect.prompt)) or ""
        return {attr.GEN_AI_INPUT_MESSAGES: dump([{"role": "user", "parts": [{"type": "text", "content": prompt}]}])}

    def response(self, body: Json, /) -> Attributes:
        """Tokens and finish reasons."""
        names = self._dialect
        found: Attributes = {}
        outputs = list(self._outputs(body))
        if names.input_tokens:
            put(found, attr.GEN_AI_USAGE_INPUT_TOKENS, count(body.get(names.input_tokens)))
        if names.output_tokens:
            made = [count(output.get(names.output_tokens)) for output in outputs]
            known = [tokens for tokens in made if tokens is not None]
            put(found, attr.GEN_AI_USAGE_OUTPUT_TOKENS, sum(known) if known else None)
        reasons = [text(output.get(names.reason)) for output in outputs]
        if any(reasons):
            found[attr.GEN_AI_RESPONSE_FINISH_REASONS] = [finish_reason(reason or "error") for reason in reasons]
        return found

    def response_content(self, body: Json, /) -> Attributes:
        """One message for each answer."""
        said = [text(output.get(self._dialect.text)) or "" for output in self._outputs(body)]
        messages = [{"role": "assistant", "parts": [{"type": "text", "content": part}]} for part in said]
        return {attr.GEN_AI_OUTPUT_MESSAGES: dump(messages)} if any(said) else {}

    def reducer(self) -> TextReducer:
        """A reducer for the events of a stream."""
        return TextReducer(self._dialect)

    def _outputs(self, body: Json) -> Iterator[Json]:
        if not self._dialect.outputs:
            yield body
            return
        for output in items(body.get(self._dialect.outputs)):
            yield mapping(output)


class TextReducer:
    """Events of a stream as one body. An event has the form of a response, or of one of its answers."""

    def __init__(self, dialect: TextDialect) -> None:
        self._names = dialect
        self._input: int | None = None
        self._outputs: dict[int, dict[str, Value]] = {}
        self.error: str | None = None

    def add(self, event: Json, /) -> None:
        """Take one event."""
        names = self._names
        if names.input_tokens and (tokens := count(event.get(names.input_tokens))) is not None:
            self._input = tokens
        whole = items(event.get(names.outputs)) if names.outputs else ()
        for position, output in enumerate(whole or (event,)):
            self._add(position, mapping(output))

    def _add(self, position: int, output: Json) -> None:
        names = self._names
        index = count(output.get("index"))
        index = position if index is None else index
        if index not in self._outputs and len(self._outputs) >= MOST_OUTPUTS:
            return
        held = self._outputs.setdefault(index, {"text": []})
        if isinstance(fragment := output.get(names.text), str):
            held["text"].append(fragment)
        if reason := text(output.get(names.reason)):
            held["reason"] = reason
        for name in (names.total_output_tokens, names.output_tokens):
            if name and (tokens := count(output.get(name))) is not None:
                held["tokens"] = tokens

    def body(self) -> Json:
        """The response so far."""
        names = self._names
        outputs = [self._output(self._outputs[index]) for index in sorted(self._outputs)]
        body: dict[str, Value] = {names.outputs: outputs} if names.outputs else next(iter(outputs), {})
        return {**body, names.input_tokens: self._input} if names.input_tokens else body

    def _output(self, held: dict[str, Value]) -> dict[str, Value]:
        names = self._names
        output: dict[str, Value] = {names.text: "".join(held["text"]), names.reason: held.get("reason")}
        return {**output, names.output_tokens: held.get("tokens")} if names.output_tokens else output
