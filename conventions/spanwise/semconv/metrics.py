"""Metric names and their instruments.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations

from spanwise.semconv.descriptor import Instrument, Level, Use


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

__all__ = (
    "ALL",
    "GEN_AI_CLIENT_INFERENCE_DURATION",
    "GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS",
    "GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS",
    "GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK",
    "GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK",
    "GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS",
    "GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS",
    "GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS",
    "GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS",
    "GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS",
    "GEN_AI_CLIENT_OPERATION_DURATION",
    "GEN_AI_EXECUTE_TOOL_DURATION",
    "GEN_AI_INVOKE_AGENT_DURATION",
    "GEN_AI_INVOKE_AGENT_INFERENCE_CALLS",
    "GEN_AI_INVOKE_AGENT_TOOL_CALLS",
    "GEN_AI_INVOKE_WORKFLOW_DURATION",
    "GEN_AI_SERVER_REQUEST_DURATION",
    "GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN",
    "GEN_AI_SERVER_TIME_TO_FIRST_TOKEN",
    "MCP_CLIENT_OPERATION_DURATION",
    "MCP_CLIENT_SESSION_DURATION",
    "MCP_SERVER_OPERATION_DURATION",
    "MCP_SERVER_SESSION_DURATION",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_DURATION",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS",
    "OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS",
    "REFINEMENTS",
    "SPANWISE_BUDGET_AGE",
    "SPANWISE_BUDGET_DECISIONS",
    "SPANWISE_BUDGET_HIGHEST_SHARE",
    "SPANWISE_BUDGET_LIMIT",
    "SPANWISE_BUDGET_SPEND",
    "SPANWISE_COST",
    "SPANWISE_COST_BOOK_TIME",
    "SPANWISE_COST_CACHE_SAVINGS",
    "SPANWISE_COST_UNPRICED",
    "SPANWISE_EXPORT_SPANS",
    "SPANWISE_LABELS_REPLACED",
    "SPANWISE_PIPELINE_DROPPED",
    "SPANWISE_PIPELINE_ERRORS",
    "SPANWISE_PIPELINE_REDACTIONS",
    "SPANWISE_PIPELINE_SPANS",
    "SPANWISE_RESPONSES",
    "SPANWISE_RETRIES",
    "SPANWISE_SCORE",
    "Instrument",
)

GEN_AI_CLIENT_INFERENCE_DURATION: Final = Instrument(
    name="gen_ai.client.inference.duration",
    kind="histogram",
    unit="s",
    description="Duration of one inference call.",
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of one inference call."""

GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK: Final = Instrument(
    name="gen_ai.client.inference.time_to_first_chunk",
    kind="histogram",
    unit="s",
    description="Time to the first streamed chunk.",
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
    note="Streaming calls only.",
)
"""Time to the first streamed chunk."""

GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK: Final = Instrument(
    name="gen_ai.client.inference.time_per_output_chunk",
    kind="histogram",
    unit="s",
    description="Time between streamed chunks after the first.",
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
    note="Streaming calls only.",
)
"""Time between streamed chunks after the first."""

GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.input_tokens",
    kind="counter",
    unit="{token}",
    description="Input tokens billed.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="Every inference counts, a failed one too: 0 with modality unknown when no usage came back.",
)
"""Input tokens billed."""

GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.output_tokens",
    kind="counter",
    unit="{token}",
    description="Output tokens billed.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="Every inference counts, a failed one too: 0 with modality unknown when no usage came back.",
)
"""Output tokens billed."""

GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.cache_read.input_tokens",
    kind="counter",
    unit="{token}",
    description="Input tokens read from the provider's cache.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="A part of the input tokens.",
)
"""Input tokens read from the provider's cache."""

GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.cache_write.input_tokens",
    kind="counter",
    unit="{token}",
    description="Input tokens written to the provider's cache.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="A part of the input tokens.",
)
"""Input tokens written to the provider's cache."""

GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.reasoning.output_tokens",
    kind="counter",
    unit="{token}",
    description="Output tokens spent on reasoning.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="A part of the output tokens.",
)
"""Output tokens spent on reasoning."""

GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.operation.input_tokens",
    kind="histogram",
    unit="{token}",
    description="Input tokens per call.",
    buckets=(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="No modality: percentiles over mixed parts say nothing.",
)
"""Input tokens per call."""

GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.operation.output_tokens",
    kind="histogram",
    unit="{token}",
    description="Output tokens per call.",
    buckets=(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="No modality: percentiles over mixed parts say nothing.",
)
"""Output tokens per call."""

GEN_AI_CLIENT_OPERATION_DURATION: Final = Instrument(
    name="gen_ai.client.operation.duration",
    kind="histogram",
    unit="s",
    description="Duration of a call that is not an inference.",
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.CONDITIONALLY_REQUIRED, condition="a provider applies"),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of a call that is not an inference."""

GEN_AI_SERVER_REQUEST_DURATION: Final = Instrument(
    name="gen_ai.server.request.duration",
    kind="histogram",
    unit="s",
    description="Duration of a request, measured by the model server.",
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of a request, measured by the model server."""

GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN: Final = Instrument(
    name="gen_ai.server.time_per_output_token",
    kind="histogram",
    unit="s",
    description="Time per output token after the first, measured by the model server.",
    buckets=(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Time per output token after the first, measured by the model server."""

GEN_AI_SERVER_TIME_TO_FIRST_TOKEN: Final = Instrument(
    name="gen_ai.server.time_to_first_token",
    kind="histogram",
    unit="s",
    description="Time to the first output token, measured by the model server.",
    buckets=(0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Time to the first output token, measured by the model server."""

GEN_AI_INVOKE_AGENT_DURATION: Final = Instrument(
    name="gen_ai.invoke_agent.duration",
    kind="histogram",
    unit="s",
    description="Duration of one run of an agent.",
    buckets=(0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8, 409.6),
    uses=(
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("gen_ai.agent.name", Level.CONDITIONALLY_REQUIRED, condition="the agent has a name"),
        Use("gen_ai.request.model", Level.RECOMMENDED, condition="the agent is bound to one model"),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of one run of an agent."""

GEN_AI_INVOKE_AGENT_INFERENCE_CALLS: Final = Instrument(
    name="gen_ai.invoke_agent.inference_calls",
    kind="histogram",
    unit="{inference_call}",
    description="Inference calls in one run of an agent.",
    buckets=None,
    uses=(Use("gen_ai.agent.name", Level.RECOMMENDED, expected=True),),
    value="int",
    level=None,
)
"""Inference calls in one run of an agent."""

GEN_AI_INVOKE_AGENT_TOOL_CALLS: Final = Instrument(
    name="gen_ai.invoke_agent.tool_calls",
    kind="histogram",
    unit="{tool_call}",
    description="Tool calls in one run of an agent.",
    buckets=None,
    uses=(Use("gen_ai.agent.name", Level.RECOMMENDED, expected=True),),
    value="int",
    level=None,
)
"""Tool calls in one run of an agent."""

GEN_AI_INVOKE_WORKFLOW_DURATION: Final = Instrument(
    name="gen_ai.invoke_workflow.duration",
    kind="histogram",
    unit="s",
    description="Duration of one run of a workflow.",
    buckets=(1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200),
    uses=(
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("gen_ai.workflow.name", Level.CONDITIONALLY_REQUIRED, condition="the workflow has a name"),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of one run of a workflow."""

GEN_AI_EXECUTE_TOOL_DURATION: Final = Instrument(
    name="gen_ai.execute_tool.duration",
    kind="histogram",
    unit="s",
    description="Duration of one run of a tool.",
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    uses=(
        Use("gen_ai.tool.name", Level.REQUIRED, expected=True),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("gen_ai.agent.name", Level.CONDITIONALLY_REQUIRED, condition="the agent has a name"),
        Use("gen_ai.tool.type", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of one run of a tool."""

MCP_CLIENT_OPERATION_DURATION: Final = Instrument(
    name="mcp.client.operation.duration",
    kind="histogram",
    unit="s",
    description="Duration of an MCP request or notification, seen by its sender.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
    uses=(
        Use("mcp.method.name", Level.REQUIRED, expected=True),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("gen_ai.tool.name", Level.CONDITIONALLY_REQUIRED, condition="the message is about a tool"),
        Use("gen_ai.prompt.name", Level.CONDITIONALLY_REQUIRED, condition="the message is about a prompt"),
        Use("rpc.response.status_code", Level.CONDITIONALLY_REQUIRED, condition="the answer carries an error code"),
        Use("gen_ai.operation.name", Level.RECOMMENDED, condition="a tool is called", values=("execute_tool",)),
        Use("mcp.protocol.version", Level.RECOMMENDED, expected=True),
        Use("network.transport", Level.RECOMMENDED, expected=True),
        Use("network.protocol.name", Level.RECOMMENDED, condition="the transport has an application protocol"),
        Use("network.protocol.version", Level.RECOMMENDED, condition="the transport has an application protocol"),
        Use("jsonrpc.protocol.version", Level.RECOMMENDED, condition="it is not 2.0"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("server.port", Level.RECOMMENDED, condition="server.address is set"),
        Use("mcp.resource.uri", Level.OPT_IN),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of an MCP request or notification, seen by its sender."""

MCP_SERVER_OPERATION_DURATION: Final = Instrument(
    name="mcp.server.operation.duration",
    kind="histogram",
    unit="s",
    description="Duration of an MCP request or notification, seen by its receiver.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
    uses=(
        Use("mcp.method.name", Level.REQUIRED, expected=True),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("gen_ai.tool.name", Level.CONDITIONALLY_REQUIRED, condition="the message is about a tool"),
        Use("gen_ai.prompt.name", Level.CONDITIONALLY_REQUIRED, condition="the message is about a prompt"),
        Use("rpc.response.status_code", Level.CONDITIONALLY_REQUIRED, condition="the answer carries an error code"),
        Use("gen_ai.operation.name", Level.RECOMMENDED, condition="a tool is called", values=("execute_tool",)),
        Use("mcp.protocol.version", Level.RECOMMENDED, expected=True),
        Use("network.transport", Level.RECOMMENDED, expected=True),
        Use("network.protocol.name", Level.RECOMMENDED, condition="the transport has an application protocol"),
        Use("network.protocol.version", Level.RECOMMENDED, condition="the transport has an application protocol"),
        Use("jsonrpc.protocol.version", Level.RECOMMENDED, condition="it is not 2.0"),
        Use("mcp.resource.uri", Level.OPT_IN),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of an MCP request or notification, seen by its receiver."""

MCP_CLIENT_SESSION_DURATION: Final = Instrument(
    name="mcp.client.session.duration",
    kind="histogram",
    unit="s",
    description="Duration of an MCP session, seen by the client.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
    uses=(
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the session ended with an error"),
        Use("mcp.protocol.version", Level.RECOMMENDED, expected=True),
        Use("network.protocol.name", Level.RECOMMENDED, condition="the transport has an application protocol"),
        Use("jsonrpc.protocol.version", Level.RECOMMENDED, condition="it is not 2.0"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("server.port", Level.RECOMMENDED, condition="server.address is set"),
    ),
    value="double",
    level=Level.RECOMMENDED,
    note="Upstream has not settled whether the network attributes belong here too.",
)
"""Duration of an MCP session, seen by the client."""

MCP_SERVER_SESSION_DURATION: Final = Instrument(
    name="mcp.server.session.duration",
    kind="histogram",
    unit="s",
    description="Duration of an MCP session, seen by the server.",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
    uses=(
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the session ended with an error"),
        Use("mcp.protocol.version", Level.RECOMMENDED, expected=True),
        Use("network.protocol.name", Level.RECOMMENDED, condition="the transport has an application protocol"),
        Use("jsonrpc.protocol.version", Level.RECOMMENDED, condition="it is not 2.0"),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of an MCP session, seen by the server."""

SPANWISE_COST: Final = Instrument(
    name="spanwise.cost",
    kind="counter",
    unit="USD",
    description="Cost of model calls.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("spanwise.cost.status", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Cost of model calls."""

SPANWISE_COST_UNPRICED: Final = Instrument(
    name="spanwise.cost.unpriced",
    kind="counter",
    unit="{call}",
    description="Model calls without a known price.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
)
"""Model calls without a known price."""

SPANWISE_COST_CACHE_SAVINGS: Final = Instrument(
    name="spanwise.cost.cache_savings",
    kind="counter",
    unit="USD",
    description="What input read from the cache would have cost more as plain input.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="double",
    level=Level.RECOMMENDED,
    note="Not recorded where one of the two prices is unknown.",
)
"""What input read from the cache would have cost more as plain input."""

SPANWISE_COST_BOOK_TIME: Final = Instrument(
    name="spanwise.cost.book.time",
    kind="gauge",
    unit="s",
    description="Unix time of the day of the price book in use.",
    buckets=None,
    uses=(),
    value="int",
    level=Level.RECOMMENDED,
    note="Observed once a call has been priced.",
)
"""Unix time of the day of the price book in use."""

SPANWISE_BUDGET_SPEND: Final = Instrument(
    name="spanwise.budget.spend",
    kind="gauge",
    unit="USD",
    description="What all calls of a budget have spent in its period.",
    buckets=None,
    uses=(Use("spanwise.budget.name", Level.REQUIRED, expected=True),),
    value="double",
    level=Level.RECOMMENDED,
    note="Sum over all values that the budget is kept by.",
)
"""What all calls of a budget have spent in its period."""

SPANWISE_BUDGET_LIMIT: Final = Instrument(
    name="spanwise.budget.limit",
    kind="gauge",
    unit="USD",
    description="Limit of a budget.",
    buckets=None,
    uses=(Use("spanwise.budget.name", Level.REQUIRED, expected=True),),
    value="double",
    level=Level.RECOMMENDED,
    note="Each value that the budget is kept by has all of it.",
)
"""Limit of a budget."""

SPANWISE_BUDGET_HIGHEST_SHARE: Final = Instrument(
    name="spanwise.budget.highest_share",
    kind="gauge",
    unit="1",
    description="What is spent of a budget by the value that has spent most.",
    buckets=None,
    uses=(Use("spanwise.budget.name", Level.REQUIRED, expected=True),),
    value="double",
    level=Level.RECOMMENDED,
)
"""What is spent of a budget by the value that has spent most."""

SPANWISE_BUDGET_AGE: Final = Instrument(
    name="spanwise.budget.age",
    kind="gauge",
    unit="s",
    description="How long ago the collector of several machines told what all of them have spent.",
    buckets=None,
    uses=(),
    value="double",
    level=Level.RECOMMENDED,
    note=(
        "Observed where the policy names such a collector. Until it has answered it is the time since it was "
        "first asked."
    ),
)
"""How long ago the collector of several machines told what all of them have spent."""

SPANWISE_BUDGET_DECISIONS: Final = Instrument(
    name="spanwise.budget.decisions",
    kind="counter",
    unit="{decision}",
    description="What was done because shares of budgets were reached.",
    buckets=None,
    uses=(
        Use("spanwise.budget.name", Level.REQUIRED, expected=True),
        Use("spanwise.budget.action", Level.REQUIRED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
)
"""What was done because shares of budgets were reached."""

SPANWISE_RESPONSES: Final = Instrument(
    name="spanwise.responses",
    kind="counter",
    unit="{response}",
    description="Inference calls by how they ended.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("spanwise.finish_reason", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="A call with several choices counts once, by the one that ended worst.",
)
"""Inference calls by how they ended."""

SPANWISE_RETRIES: Final = Instrument(
    name="spanwise.retries",
    kind="counter",
    unit="{retry}",
    description="Requests sent again by client libraries.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
    ),
    value="int",
    level=Level.RECOMMENDED,
)
"""Requests sent again by client libraries."""

SPANWISE_SCORE: Final = Instrument(
    name="spanwise.score",
    kind="histogram",
    unit="1",
    description="Scores of evaluations.",
    buckets=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    uses=(Use("gen_ai.evaluation.name", Level.REQUIRED, expected=True),),
    value="double",
    level=Level.RECOMMENDED,
)
"""Scores of evaluations."""

SPANWISE_LABELS_REPLACED: Final = Instrument(
    name="spanwise.labels.replaced",
    kind="counter",
    unit="{measurement}",
    description="Measured operations whose value of a label was one too many and became other.",
    buckets=None,
    uses=(Use("spanwise.label", Level.REQUIRED, expected=True),),
    value="int",
    level=Level.RECOMMENDED,
)
"""Measured operations whose value of a label was one too many and became other."""

SPANWISE_EXPORT_SPANS: Final = Instrument(
    name="spanwise.export.spans",
    kind="counter",
    unit="{span}",
    description="Spans by what became of their export.",
    buckets=None,
    uses=(Use("spanwise.outcome", Level.REQUIRED, expected=True),),
    value="int",
    level=Level.RECOMMENDED,
    note="Of the exporters of this distribution only.",
)
"""Spans by what became of their export."""

SPANWISE_PIPELINE_DROPPED: Final = Instrument(
    name="spanwise.pipeline.dropped",
    kind="counter",
    unit="{item}",
    description="Spans and log records that lost content instead of passing it on.",
    buckets=None,
    uses=(Use("spanwise.reason", Level.REQUIRED, expected=True),),
    value="int",
    level=Level.RECOMMENDED,
)
"""Spans and log records that lost content instead of passing it on."""

SPANWISE_PIPELINE_SPANS: Final = Instrument(
    name="spanwise.pipeline.spans",
    kind="counter",
    unit="{span}",
    description="Spans processed.",
    buckets=None,
    uses=(Use("spanwise.step", Level.REQUIRED, expected=True),),
    value="int",
    level=Level.RECOMMENDED,
)
"""Spans processed."""

SPANWISE_PIPELINE_ERRORS: Final = Instrument(
    name="spanwise.pipeline.errors",
    kind="counter",
    unit="{error}",
    description="Failures of a step inside its error boundary.",
    buckets=None,
    uses=(Use("spanwise.step", Level.REQUIRED, expected=True), Use("error.type", Level.REQUIRED, expected=True)),
    value="int",
    level=Level.RECOMMENDED,
)
"""Failures of a step inside its error boundary."""

SPANWISE_PIPELINE_REDACTIONS: Final = Instrument(
    name="spanwise.pipeline.redactions",
    kind="counter",
    unit="{value}",
    description="Values taken out by redaction.",
    buckets=None,
    uses=(Use("spanwise.redaction.kind", Level.REQUIRED, expected=True),),
    value="int",
    level=Level.RECOMMENDED,
)
"""Values taken out by redaction."""

OPENAI_GEN_AI_CLIENT_INFERENCE_DURATION: Final = Instrument(
    name="gen_ai.client.inference.duration",
    kind="histogram",
    unit="s",
    description="Duration of one inference call.",
    buckets=(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="double",
    level=Level.RECOMMENDED,
)
"""Duration of one inference call."""

OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.input_tokens",
    kind="counter",
    unit="{token}",
    description="Input tokens billed.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="Every inference counts, a failed one too: 0 with modality unknown when no usage came back.",
)
"""Input tokens billed."""

OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.output_tokens",
    kind="counter",
    unit="{token}",
    description="Output tokens billed.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="Every inference counts, a failed one too: 0 with modality unknown when no usage came back.",
)
"""Output tokens billed."""

OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.cache_read.input_tokens",
    kind="counter",
    unit="{token}",
    description="Input tokens read from the provider's cache.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="A part of the input tokens.",
)
"""Input tokens read from the provider's cache."""

OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.cache_write.input_tokens",
    kind="counter",
    unit="{token}",
    description="Input tokens written to the provider's cache.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="A part of the input tokens.",
)
"""Input tokens written to the provider's cache."""

OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.usage.reasoning.output_tokens",
    kind="counter",
    unit="{token}",
    description="Output tokens spent on reasoning.",
    buckets=None,
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.token.modality", Level.REQUIRED, expected=True),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="A part of the output tokens.",
)
"""Output tokens spent on reasoning."""

OPENAI_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.operation.input_tokens",
    kind="histogram",
    unit="{token}",
    description="Input tokens per call.",
    buckets=(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="No modality: percentiles over mixed parts say nothing.",
)
"""Input tokens per call."""

OPENAI_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS: Final = Instrument(
    name="gen_ai.client.inference.operation.output_tokens",
    kind="histogram",
    unit="{token}",
    description="Output tokens per call.",
    buckets=(1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864),
    uses=(
        Use("gen_ai.operation.name", Level.REQUIRED, expected=True),
        Use("gen_ai.provider.name", Level.REQUIRED, expected=True, values=("openai",)),
        Use("gen_ai.request.model", Level.CONDITIONALLY_REQUIRED, condition="the model is known"),
        Use("server.port", Level.CONDITIONALLY_REQUIRED, condition="server.address is set"),
        Use("error.type", Level.CONDITIONALLY_REQUIRED, condition="the operation failed"),
        Use("server.address", Level.RECOMMENDED, expected=True),
        Use("gen_ai.response.model", Level.RECOMMENDED, expected=True),
        Use("openai.response.service_tier", Level.RECOMMENDED, expected=True),
        Use("openai.response.system_fingerprint", Level.RECOMMENDED, condition="the response carries one"),
    ),
    value="int",
    level=Level.RECOMMENDED,
    note="No modality: percentiles over mixed parts say nothing.",
)
"""Output tokens per call."""

ALL: Final[dict[str, Instrument]] = {
    "gen_ai.client.inference.duration": GEN_AI_CLIENT_INFERENCE_DURATION,
    "gen_ai.client.inference.time_to_first_chunk": GEN_AI_CLIENT_INFERENCE_TIME_TO_FIRST_CHUNK,
    "gen_ai.client.inference.time_per_output_chunk": GEN_AI_CLIENT_INFERENCE_TIME_PER_OUTPUT_CHUNK,
    "gen_ai.client.inference.usage.input_tokens": GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    "gen_ai.client.inference.usage.output_tokens": GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    "gen_ai.client.inference.usage.cache_read.input_tokens": GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    "gen_ai.client.inference.usage.cache_write.input_tokens": GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    "gen_ai.client.inference.usage.reasoning.output_tokens": GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    "gen_ai.client.inference.operation.input_tokens": GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
    "gen_ai.client.inference.operation.output_tokens": GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
    "gen_ai.client.operation.duration": GEN_AI_CLIENT_OPERATION_DURATION,
    "gen_ai.server.request.duration": GEN_AI_SERVER_REQUEST_DURATION,
    "gen_ai.server.time_per_output_token": GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN,
    "gen_ai.server.time_to_first_token": GEN_AI_SERVER_TIME_TO_FIRST_TOKEN,
    "gen_ai.invoke_agent.duration": GEN_AI_INVOKE_AGENT_DURATION,
    "gen_ai.invoke_agent.inference_calls": GEN_AI_INVOKE_AGENT_INFERENCE_CALLS,
    "gen_ai.invoke_agent.tool_calls": GEN_AI_INVOKE_AGENT_TOOL_CALLS,
    "gen_ai.invoke_workflow.duration": GEN_AI_INVOKE_WORKFLOW_DURATION,
    "gen_ai.execute_tool.duration": GEN_AI_EXECUTE_TOOL_DURATION,
    "mcp.client.operation.duration": MCP_CLIENT_OPERATION_DURATION,
    "mcp.server.operation.duration": MCP_SERVER_OPERATION_DURATION,
    "mcp.client.session.duration": MCP_CLIENT_SESSION_DURATION,
    "mcp.server.session.duration": MCP_SERVER_SESSION_DURATION,
    "spanwise.cost": SPANWISE_COST,
    "spanwise.cost.unpriced": SPANWISE_COST_UNPRICED,
    "spanwise.cost.cache_savings": SPANWISE_COST_CACHE_SAVINGS,
    "spanwise.cost.book.time": SPANWISE_COST_BOOK_TIME,
    "spanwise.budget.spend": SPANWISE_BUDGET_SPEND,
    "spanwise.budget.limit": SPANWISE_BUDGET_LIMIT,
    "spanwise.budget.highest_share": SPANWISE_BUDGET_HIGHEST_SHARE,
    "spanwise.budget.age": SPANWISE_BUDGET_AGE,
    "spanwise.budget.decisions": SPANWISE_BUDGET_DECISIONS,
    "spanwise.responses": SPANWISE_RESPONSES,
    "spanwise.retries": SPANWISE_RETRIES,
    "spanwise.score": SPANWISE_SCORE,
    "spanwise.labels.replaced": SPANWISE_LABELS_REPLACED,
    "spanwise.export.spans": SPANWISE_EXPORT_SPANS,
    "spanwise.pipeline.dropped": SPANWISE_PIPELINE_DROPPED,
    "spanwise.pipeline.spans": SPANWISE_PIPELINE_SPANS,
    "spanwise.pipeline.errors": SPANWISE_PIPELINE_ERRORS,
    "spanwise.pipeline.redactions": SPANWISE_PIPELINE_REDACTIONS,
}
"""Instruments by the name of their metric."""

REFINEMENTS: Final[dict[str, Instrument]] = {
    "openai.gen_ai.client.inference.duration": OPENAI_GEN_AI_CLIENT_INFERENCE_DURATION,
    "openai.gen_ai.client.inference.usage.input_tokens": OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_INPUT_TOKENS,
    "openai.gen_ai.client.inference.usage.output_tokens": OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS,
    "openai.gen_ai.client.inference.usage.cache_read.input_tokens": OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_READ_INPUT_TOKENS,
    "openai.gen_ai.client.inference.usage.cache_write.input_tokens": OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_CACHE_WRITE_INPUT_TOKENS,
    "openai.gen_ai.client.inference.usage.reasoning.output_tokens": OPENAI_GEN_AI_CLIENT_INFERENCE_USAGE_REASONING_OUTPUT_TOKENS,
    "openai.gen_ai.client.inference.operation.input_tokens": OPENAI_GEN_AI_CLIENT_INFERENCE_OPERATION_INPUT_TOKENS,
    "openai.gen_ai.client.inference.operation.output_tokens": OPENAI_GEN_AI_CLIENT_INFERENCE_OPERATION_OUTPUT_TOKENS,
}
"""The same metrics under narrower rules, by the id of the refinement."""
