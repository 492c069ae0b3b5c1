"""Names and values that telemetry still carries and the conventions no longer have.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

RENAMED: Final[dict[str, tuple[str | None, str]]] = {
    "gen_ai.system": ("gen_ai.provider.name", "renamed in core 1.37; some values changed"),
    "gen_ai.usage.prompt_tokens": ("gen_ai.usage.input_tokens", "renamed in core"),
    "gen_ai.usage.completion_tokens": ("gen_ai.usage.output_tokens", "renamed in core"),
    "gen_ai.prompt": (None, "taken away in core; use gen_ai.input.messages and gen_ai.system_instructions"),
    "gen_ai.completion": (None, "taken away in core; use gen_ai.output.messages"),
    "gen_ai.openai.request.seed": ("gen_ai.request.seed", "renamed in core"),
    "gen_ai.openai.request.response_format": ("gen_ai.output.type", "renamed in core; the values changed"),
    "gen_ai.openai.request.service_tier": ("openai.request.service_tier", "renamed in core"),
    "gen_ai.openai.response.service_tier": ("openai.response.service_tier", "renamed in core"),
    "gen_ai.openai.response.system_fingerprint": ("openai.response.system_fingerprint", "renamed in core"),
    "gen_ai.usage.cache_creation.input_tokens": ("gen_ai.usage.cache_write.input_tokens", "renamed by #440"),
    "gen_ai.usage.cache_creation_input_tokens": (
        "gen_ai.usage.cache_write.input_tokens",
        "spelling from before the release",
    ),
    "gen_ai.usage.cache_read_input_tokens": (
        "gen_ai.usage.cache_read.input_tokens",
        "spelling from before the release",
    ),
    "gen_ai.token.type": (None, "taken away by #374; the direction is part of the metric's name"),
    "mcp.tool.name": ("gen_ai.tool.name", "draft of the MCP conventions"),
    "mcp.prompt.name": ("gen_ai.prompt.name", "draft of the MCP conventions"),
    "mcp.request.id": ("jsonrpc.request.id", "draft of the MCP conventions"),
    "mcp.request.argument": ("gen_ai.tool.call.arguments", "draft of the MCP conventions"),
    "mcp.response.value": ("gen_ai.tool.call.result", "draft of the MCP conventions"),
    "gen_ai.client.token.usage": (
        None,
        (
            "split by #374 into the gen_ai.client.inference.usage.* counters and the "
            "gen_ai.client.inference.operation.* histograms"
        ),
    ),
    "gen_ai.client.operation.time_to_first_chunk": ("gen_ai.client.inference.time_to_first_chunk", "renamed by #521"),
    "gen_ai.client.operation.time_per_output_chunk": (
        "gen_ai.client.inference.time_per_output_chunk",
        "renamed by #521",
    ),
    "gen_ai.workflow.duration": ("gen_ai.invoke_workflow.duration", "renamed by #341"),
    "gen_ai.inference.client": ("gen_ai.client.inference", "span type renamed by #521; not visible on the wire"),
    "gen_ai.system.message": (None, "taken away in core 1.37; use the attribute gen_ai.system_instructions"),
    "gen_ai.user.message": (None, "taken away in core 1.37; use the attribute gen_ai.input.messages"),
    "gen_ai.assistant.message": (None, "taken away in core 1.37; use the attribute gen_ai.input.messages"),
    "gen_ai.tool.message": (None, "taken away in core 1.37; use the attribute gen_ai.input.messages"),
    "gen_ai.choice": (None, "taken away in core 1.37; use the attribute gen_ai.output.messages"),
}
"""Old name of an attribute, metric, event or span type: the current name, if any, and a note."""

CONTEXTUAL: Final[dict[str, tuple[str, str, str]]] = {
    "gen_ai.request.top_k": ("gen_ai.retrieval.top_k", "gen_ai.retrieval.client", "renamed there by #217"),
    "gen_ai.client.operation.duration": (
        "gen_ai.client.inference.duration",
        "gen_ai.client.inference",
        "renamed there by #521",
    ),
    "gen_ai.output.messages[].finish_reason": (
        "gen_ai.response.finish_reasons",
        "gen_ai.output.messages",
        "deprecated by #363",
    ),
}
"""Name that is outdated in one place only: the name to use there, the place, and a note."""

VALUES: Final[dict[str, dict[str, str]]] = {
    "gen_ai.provider.name": {
        "vertex_ai": "gcp.vertex_ai",
        "gemini": "gcp.gemini",
        "az.ai.inference": "azure.ai.inference",
        "az.ai.openai": "azure.ai.openai",
        "xai": "x_ai",
        "mistralai": "mistral_ai",
        "aws_bedrock": "aws.bedrock",
        "bedrock": "aws.bedrock",
    },
    "gen_ai.openai.request.response_format": {
        "json_object": "json",
        "json_schema": "json",
    },
    "gen_ai.response.finish_reasons": {
        "tool_calls": "tool_call",
        "function_call": "tool_call",
        "tool_use": "tool_call",
        "end_turn": "stop",
        "stop_sequence": "stop",
        "max_tokens": "length",
    },
}
"""Attribute: old value: current value."""
