"""Event names and what each event carries.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations

from spanwise.semconv.descriptor import Event, Level, Use


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS: Final = "gen_ai.client.inference.operation.details"
"""Content and attributes of one inference as a log record."""

GEN_AI_EVALUATION_RESULT: Final = "gen_ai.evaluation.result"
"""What an evaluation made of an answer."""

GEN_AI_CLIENT_OPERATION_EXCEPTION: Final = "gen_ai.client.operation.exception"
"""Exception that ended a GenAI client operation."""

ALL: Final[dict[str, Event]] = {
    GEN_AI_CLIENT_INFERENCE_OPERATION_DETAILS: Event(
        name="gen_ai.client.inference.operation.details",
        brief="Content and attributes of one inference as a log record.",
        level=Level.RECOMMENDED,
        severity="DEBUG",
        uses=(
            Use("gen_ai.operation.name", Level.REQUIRED, sampling=True, expected=True),
            Use("gen_ai.provider.name", Level.REQUIRED, sampling=True, expected=True),
            Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known", sampling=True),
            Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
            Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set", sampling=True),
            Use("gen_ai.request.choice.count", Level.CONDITIONALLY_REQUIRED, condition="it is given and not 1"),
            Use("gen_ai.request.seed", Level.CONDITIONALLY_REQUIRED, condition="it is given"),
            Use("gen_ai.output.type", Level.CONDITIONALLY_REQUIRED, condition="a modality is asked for"),
            Use("gen_ai.conversation.id", Level.CONDITIONALLY_REQUIRED, condition="a library or the user supplies one"),
            Use("gen_ai.request.top_k", Level.CONDITIONALLY_REQUIRED, condition="it is given"),
            Use("gen_ai.request.stream", Level.CONDITIONALLY_REQUIRED, condition="the call streams"),
            Use("gen_ai.prompt.name", Level.CONDITIONALLY_REQUIRED, condition="a named template is used"),
            Use(
                "gen_ai.prompt.version",
                Level.CONDITIONALLY_REQUIRED,
                condition="gen_ai.prompt.name is set and the version is known",
            ),
            Use("server.address", Level.RECOMMENDED, sampling=True, expected=True),
            Use("gen_ai.request.max_tokens", Level.RECOMMENDED, condition="it is given"),
            Use("gen_ai.request.temperature", Level.RECOMMENDED, condition="it is given"),
            Use("gen_ai.request.top_p", Level.RECOMMENDED, condition="it is given"),
            Use("gen_ai.request.stop_sequences", Level.RECOMMENDED, condition="they are given"),
            Use("gen_ai.request.frequency_penalty", Level.RECOMMENDED, condition="it is given"),
            Use("gen_ai.request.presence_penalty", Level.RECOMMENDED, condition="it is given"),
            Use("gen_ai.usage.input_tokens", Level.RECOMMENDED, expected=True),
            Use("gen_ai.usage.output_tokens", Level.RECOMMENDED, expected=True),
            Use("gen_ai.usage.cache_read.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.cache_write.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.text.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.image.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.audio.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.text.output_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.image.output_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.audio.output_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.text.cache_read.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.image.cache_read.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.audio.cache_read.input_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.usage.reasoning.output_tokens", Level.RECOMMENDED, condition="the provider reports it"),
            Use("gen_ai.request.reasoning.level", Level.RECOMMENDED, condition="it is given"),
            Use("gen_ai.request.previous_response.id", Level.RECOMMENDED, condition="the call continues a response"),
            Use("gen_ai.response.id", Level.RECOMMENDED, expected=True),
            Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
            Use("gen_ai.response.finish_reasons", Level.RECOMMENDED, expected=True),
            Use("gen_ai.response.time_to_first_chunk", Level.RECOMMENDED, condition="the call streams"),
            Use(
                "gen_ai.conversation.compacted", Level.RECOMMENDED, condition="compacted context is known to be in use"
            ),
            Use("gen_ai.system_instructions", Level.OPT_IN),
            Use("gen_ai.input.messages", Level.OPT_IN),
            Use("gen_ai.output.messages", Level.OPT_IN),
            Use("gen_ai.tool.definitions", Level.OPT_IN),
            Use("gen_ai.prompt.variable", Level.OPT_IN),
        ),
        note="Content attributes are structured here, never JSON text.",
    ),
    GEN_AI_EVALUATION_RESULT: Event(
        name="gen_ai.evaluation.result",
        brief="What an evaluation made of an answer.",
        level=Level.RECOMMENDED,
        severity=None,
        uses=(
            Use("gen_ai.evaluation.name", Level.REQUIRED, expected=True),
            Use("gen_ai.evaluation.score.value", Level.CONDITIONALLY_REQUIRED, condition="there is a numeric score"),
            Use("gen_ai.evaluation.score.label", Level.CONDITIONALLY_REQUIRED, condition="there is a verdict"),
            Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the evaluation failed"),
            Use("gen_ai.evaluation.explanation", Level.RECOMMENDED, expected=True),
            Use("gen_ai.response.id", Level.RECOMMENDED, condition="the id of the evaluated span is not at hand"),
        ),
        note="Its parent is the evaluated span, where that is possible.",
    ),
    GEN_AI_CLIENT_OPERATION_EXCEPTION: Event(
        name="gen_ai.client.operation.exception",
        brief="Exception that ended a GenAI client operation.",
        level=Level.RECOMMENDED,
        severity="WARN",
        uses=(
            Use("exception.type", Level.CONDITIONALLY_REQUIRED, condition="exception.message is not set"),
            Use("exception.message", Level.CONDITIONALLY_REQUIRED, condition="exception.type is not set"),
            Use("exception.stacktrace", Level.RECOMMENDED, expected=True),
        ),
        note="May repeat attributes of the span when configured to.",
    ),
}
"""Events by name."""
