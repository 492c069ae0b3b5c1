"""Names in flight upstream: they change or vanish. Import this module only where that is welcome.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

# ruff: noqa: S105 - a token budget is no password

GEN_AI_INVOCATION_IS_NESTED: Final = "gen_ai.invocation.is_nested"
"""In flight, #571: Turns, agents and workflows become invocations."""

GEN_AI_INVOCATION_INTERNAL: Final = "gen_ai.invocation.internal"
"""In flight, #571: Turns, agents and workflows become invocations."""

GEN_AI_INVOCATION_DURATION: Final = "gen_ai.invocation.duration"
"""In flight, #571: Turns, agents and workflows become invocations."""

GEN_AI_OPERATION_NAME_HANDLE_CONVERSATION_TURN: Final = "handle_conversation_turn"
"""In flight, #571: Turns, agents and workflows become invocations."""

GEN_AI_CLIENT_EMBEDDINGS_DURATION: Final = "gen_ai.client.embeddings.duration"
"""In flight, branch +embeddings.breaking: A metric family for embeddings."""

GEN_AI_CLIENT_EMBEDDINGS_OPERATION_INPUT_TOKENS: Final = "gen_ai.client.embeddings.operation.input_tokens"
"""In flight, branch +embeddings.breaking: A metric family for embeddings."""

GENERIC_TYPE: Final = "generic_type"
"""In flight, #584: Generic message parts."""

GEN_AI_INVOKE_AGENT_SKILL_LOADS: Final = "gen_ai.invoke_agent.skill_loads"
"""In flight, #574: Skill metrics."""

GEN_AI_INVOKE_WORKFLOW_INFERENCE_CALLS: Final = "gen_ai.invoke_workflow.inference_calls"
"""In flight, #523: Call counts of workflows."""

GEN_AI_INVOKE_WORKFLOW_TOOL_CALLS: Final = "gen_ai.invoke_workflow.tool_calls"
"""In flight, #523: Call counts of workflows."""

GEN_AI_OPERATION_NAME_GENERATE_LIVE_CONTENT: Final = "generate_live_content"
"""In flight, #394: Live voice."""

GEN_AI_RUN_GUARDRAIL_CLIENT: Final = "gen_ai.run_guardrail.client"
"""In flight, #427: Guardrails."""

GEN_AI_RUN_GUARDRAIL_INTERNAL: Final = "gen_ai.run_guardrail.internal"
"""In flight, #427: Guardrails."""

GEN_AI_SECURITY_FINDING: Final = "gen_ai.security.finding"
"""In flight, #427: Guardrails."""

GEN_AI_AGENT_TOKEN_BUDGET_LIMIT: Final = "gen_ai.agent.token_budget.limit"
"""In flight, #425: Budgets."""

GEN_AI_AGENT_TOKEN_BUDGET_CONSUMED: Final = "gen_ai.agent.token_budget.consumed"
"""In flight, #425: Budgets."""

GEN_AI_AGENT_ITERATION_BUDGET_LIMIT: Final = "gen_ai.agent.iteration_budget.limit"
"""In flight, #425: Budgets."""

GEN_AI_AGENT_ITERATION_BUDGET_CONSUMED: Final = "gen_ai.agent.iteration_budget.consumed"
"""In flight, #425: Budgets."""

GEN_AI_EVALUATION_INTERNAL: Final = "gen_ai.evaluation.internal"
"""In flight, #185, #33, #39: Evaluation spans."""

GEN_AI_OPERATION_NAME_EVALUATION: Final = "evaluation"
"""In flight, #185, #33, #39: Evaluation spans."""

GEN_AI_CLIENT_OPERATION_COST: Final = "gen_ai.client.operation.cost"
"""In flight, #443: Cost metric."""

MCP_METHOD_NAME_SERVER_DISCOVER: Final = "server/discover"
"""In flight, branch 4172e394: MCP revision 2026-07-28."""

MCP_METHOD_NAME_SUBSCRIPTIONS_LISTEN: Final = "subscriptions/listen"
"""In flight, branch 4172e394: MCP revision 2026-07-28."""

MCP_METHOD_NAME_NOTIFICATIONS_SUBSCRIPTIONS_ACKNOWLEDGED: Final = "notifications/subscriptions/acknowledged"
"""In flight, branch 4172e394: MCP revision 2026-07-28."""

PROPOSALS: Final[dict[str, str]] = {
    "gen_ai.invocation.is_nested": "#571",
    "gen_ai.invocation.internal": "#571",
    "gen_ai.invocation.duration": "#571",
    "handle_conversation_turn": "#571",
    "gen_ai.client.embeddings.duration": "branch +embeddings.breaking",
    "gen_ai.client.embeddings.operation.input_tokens": "branch +embeddings.breaking",
    "generic_type": "#584",
    "gen_ai.invoke_agent.skill_loads": "#574",
    "gen_ai.invoke_workflow.inference_calls": "#523",
    "gen_ai.invoke_workflow.tool_calls": "#523",
    "generate_live_content": "#394",
    "gen_ai.run_guardrail.client": "#427",
    "gen_ai.run_guardrail.internal": "#427",
    "gen_ai.security.finding": "#427",
    "gen_ai.agent.token_budget.limit": "#425",
    "gen_ai.agent.token_budget.consumed": "#425",
    "gen_ai.agent.iteration_budget.limit": "#425",
    "gen_ai.agent.iteration_budget.consumed": "#425",
    "gen_ai.evaluation.internal": "#185, #33, #39",
    "evaluation": "#185, #33, #39",
    "gen_ai.client.operation.cost": "#443",
    "server/discover": "branch 4172e394",
    "subscriptions/listen": "branch 4172e394",
    "notifications/subscriptions/acknowledged": "branch 4172e394",
}
"""Proposed name or value: the pull request, issue or branch that proposes it."""

NAMESPACES: Final[tuple[str, ...]] = (
    "microsoft.foundry",
    "a2a",
    "gen_ai.security.guardrail",
    "gen_ai.security.verdict",
    "gen_ai.security.action",
    "gen_ai.security.policy",
    "gen_ai.security.risk",
    "gen_ai.task",
)
"""Namespaces that proposals claim without names that could be listed."""
