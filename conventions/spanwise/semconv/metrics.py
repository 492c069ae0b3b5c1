"""Metric names and their instruments.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from typing import Final, NamedTuple


class Instrument(NamedTuple):
    """What a meter needs to make the instrument of one metric."""

    name: str
    kind: str
    unit: str
    description: str
    buckets: tuple[float, ...] | None


GEN_AI_CLIENT_INFERENCE_DURATION: Final = Instrument(
    "gen_ai.client.inference.duration",
    "histogram",
    "s",
    "Duration of one inference call.",
    (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
)
GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK: Final = Instrument(
    "gen_ai.client.inference.time_to_first_chunk",
    "histogram",
    "s",
    "Time to the first streamed chunk.",
    (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
)
GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK: Final = Instrument(
    "gen_ai.client.inference.time_per_output_chunk",
    "histogram",
    "s",
    "Time between streamed chunks after the first.",
    (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
)
GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS: Final = Instrument(
    "gen_ai.client.inference.usage.input_tokens",
    "counter",
    "{token}",
    "Input tokens billed.",
    None,
)
GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS: Final = Instrument(
    "gen_ai.client.inference.usage.output_tokens",
    "counter",
    "{token}",
    "Output tokens billed.",
    None,
)
GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS: Final = Instrument(
    "gen_ai.client.inference.usage.cache_read.input_tokens",
    "counter",
    "{token}",
    "Input tokens read from the provider's cache.",
    None,
)
GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS: Final = Instrument(
    "gen_ai.client.inference.usage.cache_write.input_tokens",
    "counter",
    "{token}",
    "Input tokens written to the provider's cache.",
    None,
)
GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS: Final = Instrument(
    "gen_ai.client.inference.usage.reasoning.output_tokens",
    "counter",
    "{token}",
    "Output tokens spent on reasoning.",
    None,
)
GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS: Final = Instrument(
    "gen_ai.client.inference.operation.input_tokens",
    "histogram",
    "{token}",
    "Input tokens per call.",
    (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864),
)
GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS: Final = Instrument(
    "gen_ai.client.inference.operation.output_tokens",
    "histogram",
    "{token}",
    "Output tokens per call.",
    (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864),
)
GEN_AI_CLIENT_OPERATION_DURATION: Final = Instrument(
    "gen_ai.client.operation.duration",
    "histogram",
    "s",
    "Duration of a call that is not an inference.",
    (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
)
SPANWISE_COST: Final = Instrument(
    "spanwise.cost",
    "counter",
    "USD",
    "Cost of model calls.",
    None,
)
SPANWISE_COST_UNPRICED: Final = Instrument(
    "spanwise.cost.unpriced",
    "counter",
    "{call}",
    "Model calls without a known price.",
    None,
)
SPANWISE_PIPELINE_SPANS: Final = Instrument(
    "spanwise.pipeline.spans",
    "counter",
    "{span}",
    "Spans processed.",
    None,
)
SPANWISE_PIPELINE_ERRORS: Final = Instrument(
    "spanwise.pipeline.errors",
    "counter",
    "{error}",
    "Failures of a step inside its error boundary.",
    None,
)
SPANWISE_PIPELINE_REDACTIONS: Final = Instrument(
    "spanwise.pipeline.redactions",
    "counter",
    "{value}",
    "Values taken out by redaction.",
    None,
)
