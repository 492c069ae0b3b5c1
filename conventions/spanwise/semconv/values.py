"""Well-known values of enumerated attributes; every enumeration is open.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


# network.transport: Transport below the protocol.
NETWORK_TRANSPORT_TCP: Final = "tcp"
"""TCP."""
NETWORK_TRANSPORT_UDP: Final = "udp"
"""UDP."""
NETWORK_TRANSPORT_PIPE: Final = "pipe"
"""A pipe, such as standard input and output."""
NETWORK_TRANSPORT_UNIX: Final = "unix"
"""A Unix domain socket."""
NETWORK_TRANSPORT_QUIC: Final = "quic"
"""QUIC."""
NETWORK_TRANSPORT: Final[frozenset[str]] = frozenset(
    {
        NETWORK_TRANSPORT_TCP,
        NETWORK_TRANSPORT_UDP,
        NETWORK_TRANSPORT_PIPE,
        NETWORK_TRANSPORT_UNIX,
        NETWORK_TRANSPORT_QUIC,
    }
)

# gen_ai.operation.name: Kind of GenAI step the signal describes.
GEN_AI_OPERATION_NAME_CHAT: Final = "chat"
"""A turn of a chat model."""
GEN_AI_OPERATION_NAME_GENERATE_CONTENT: Final = "generate_content"
"""Generation by an API whose input and output mix modalities."""
GEN_AI_OPERATION_NAME_TEXT_COMPLETION: Final = "text_completion"
"""Continuation of a text by a completions API."""
GEN_AI_OPERATION_NAME_EMBEDDINGS: Final = "embeddings"
"""Vectors made from input."""
GEN_AI_OPERATION_NAME_RETRIEVAL: Final = "retrieval"
"""Search in a data source for grounding."""
GEN_AI_OPERATION_NAME_FETCH_RESPONSE: Final = "fetch_response"
"""Reading of a stored response."""
GEN_AI_OPERATION_NAME_CREATE_AGENT: Final = "create_agent"
"""Creation of an agent in a remote service."""
GEN_AI_OPERATION_NAME_INVOKE_AGENT: Final = "invoke_agent"
"""One run of an agent."""
GEN_AI_OPERATION_NAME_EXECUTE_TOOL: Final = "execute_tool"
"""One run of a tool."""
GEN_AI_OPERATION_NAME_INVOKE_WORKFLOW: Final = "invoke_workflow"
"""One run of a workflow of several agents or calls."""
GEN_AI_OPERATION_NAME_PLAN: Final = "plan"
"""An agent's planning, where it can be told from other inference."""
GEN_AI_OPERATION_NAME_SEARCH_MEMORY: Final = "search_memory"
"""Search in a memory store."""
GEN_AI_OPERATION_NAME_CREATE_MEMORY: Final = "create_memory"
"""A new memory record."""
GEN_AI_OPERATION_NAME_UPDATE_MEMORY: Final = "update_memory"
"""A change of a memory record."""
GEN_AI_OPERATION_NAME_UPSERT_MEMORY: Final = "upsert_memory"
"""A record written where the store decides between new and changed."""
GEN_AI_OPERATION_NAME_DELETE_MEMORY: Final = "delete_memory"
"""Removal of one record or of all."""
GEN_AI_OPERATION_NAME_CREATE_MEMORY_STORE: Final = "create_memory_store"
"""A new memory store."""
GEN_AI_OPERATION_NAME_DELETE_MEMORY_STORE: Final = "delete_memory_store"
"""Removal of a memory store."""
GEN_AI_OPERATION_NAME: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_OPERATION_NAME_CHAT,
        GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
        GEN_AI_OPERATION_NAME_EMBEDDINGS,
        GEN_AI_OPERATION_NAME_RETRIEVAL,
        GEN_AI_OPERATION_NAME_FETCH_RESPONSE,
        GEN_AI_OPERATION_NAME_CREATE_AGENT,
        GEN_AI_OPERATION_NAME_INVOKE_AGENT,
        GEN_AI_OPERATION_NAME_EXECUTE_TOOL,
        GEN_AI_OPERATION_NAME_INVOKE_WORKFLOW,
        GEN_AI_OPERATION_NAME_PLAN,
        GEN_AI_OPERATION_NAME_SEARCH_MEMORY,
        GEN_AI_OPERATION_NAME_CREATE_MEMORY,
        GEN_AI_OPERATION_NAME_UPDATE_MEMORY,
        GEN_AI_OPERATION_NAME_UPSERT_MEMORY,
        GEN_AI_OPERATION_NAME_DELETE_MEMORY,
        GEN_AI_OPERATION_NAME_CREATE_MEMORY_STORE,
        GEN_AI_OPERATION_NAME_DELETE_MEMORY_STORE,
    }
)

# gen_ai.provider.name: Provider flavour the telemetry follows.
GEN_AI_PROVIDER_NAME_OPENAI: Final = "openai"
"""OpenAI."""
GEN_AI_PROVIDER_NAME_GCP_GEN_AI: Final = "gcp.gen_ai"
"""A Google backend that is not known more closely."""
GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI: Final = "gcp.vertex_ai"
"""Google Vertex AI, at aiplatform.googleapis.com."""
GEN_AI_PROVIDER_NAME_GCP_GEMINI: Final = "gcp.gemini"
"""Google's Gemini API, at generativelanguage.googleapis.com."""
GEN_AI_PROVIDER_NAME_ANTHROPIC: Final = "anthropic"
"""Anthropic."""
GEN_AI_PROVIDER_NAME_COHERE: Final = "cohere"
"""Cohere."""
GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE: Final = "azure.ai.inference"
"""Azure AI Inference."""
GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI: Final = "azure.ai.openai"
"""Azure OpenAI."""
GEN_AI_PROVIDER_NAME_IBM_WATSONX_AI: Final = "ibm.watsonx.ai"
"""IBM watsonx.ai."""
GEN_AI_PROVIDER_NAME_AWS_BEDROCK: Final = "aws.bedrock"
"""Amazon Bedrock."""
GEN_AI_PROVIDER_NAME_PERPLEXITY: Final = "perplexity"
"""Perplexity."""
GEN_AI_PROVIDER_NAME_X_AI: Final = "x_ai"
"""xAI."""
GEN_AI_PROVIDER_NAME_DEEPSEEK: Final = "deepseek"
"""DeepSeek."""
GEN_AI_PROVIDER_NAME_GROQ: Final = "groq"
"""Groq."""
GEN_AI_PROVIDER_NAME_MISTRAL_AI: Final = "mistral_ai"
"""Mistral AI."""
GEN_AI_PROVIDER_NAME_MOONSHOT_AI: Final = "moonshot_ai"
"""Moonshot AI."""
GEN_AI_PROVIDER_NAME: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_PROVIDER_NAME_OPENAI,
        GEN_AI_PROVIDER_NAME_GCP_GEN_AI,
        GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI,
        GEN_AI_PROVIDER_NAME_GCP_GEMINI,
        GEN_AI_PROVIDER_NAME_ANTHROPIC,
        GEN_AI_PROVIDER_NAME_COHERE,
        GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE,
        GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI,
        GEN_AI_PROVIDER_NAME_IBM_WATSONX_AI,
        GEN_AI_PROVIDER_NAME_AWS_BEDROCK,
        GEN_AI_PROVIDER_NAME_PERPLEXITY,
        GEN_AI_PROVIDER_NAME_X_AI,
        GEN_AI_PROVIDER_NAME_DEEPSEEK,
        GEN_AI_PROVIDER_NAME_GROQ,
        GEN_AI_PROVIDER_NAME_MISTRAL_AI,
        GEN_AI_PROVIDER_NAME_MOONSHOT_AI,
    }
)

# gen_ai.response.finish_reasons: One stop reason per choice, in choice order.
GEN_AI_RESPONSE_FINISH_REASONS_STOP: Final = "stop"
"""The model came to its end or to a stop sequence."""
GEN_AI_RESPONSE_FINISH_REASONS_LENGTH: Final = "length"
"""A token limit was reached."""
GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER: Final = "content_filter"
"""A filter held the content back."""
GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL: Final = "tool_call"
"""The model asks for a tool."""
GEN_AI_RESPONSE_FINISH_REASONS_COMPACTION: Final = "compaction"
"""The provider compacted the context."""
GEN_AI_RESPONSE_FINISH_REASONS_ERROR: Final = "error"
"""The reason never arrived."""
GEN_AI_RESPONSE_FINISH_REASONS: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_RESPONSE_FINISH_REASONS_STOP,
        GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
        GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER,
        GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL,
        GEN_AI_RESPONSE_FINISH_REASONS_COMPACTION,
        GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
    }
)

# gen_ai.response.status: Lifecycle state of a stored response.
GEN_AI_RESPONSE_STATUS_QUEUED: Final = "queued"
"""Waiting to be worked on."""
GEN_AI_RESPONSE_STATUS_IN_PROGRESS: Final = "in_progress"
"""Being made."""
GEN_AI_RESPONSE_STATUS_COMPLETED: Final = "completed"
"""Whole."""
GEN_AI_RESPONSE_STATUS_INCOMPLETE: Final = "incomplete"
"""Ended early."""
GEN_AI_RESPONSE_STATUS_FAILED: Final = "failed"
"""Ended by an error."""
GEN_AI_RESPONSE_STATUS_CANCELLED: Final = "cancelled"
"""Ended by the caller."""
GEN_AI_RESPONSE_STATUS: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_RESPONSE_STATUS_QUEUED,
        GEN_AI_RESPONSE_STATUS_IN_PROGRESS,
        GEN_AI_RESPONSE_STATUS_COMPLETED,
        GEN_AI_RESPONSE_STATUS_INCOMPLETE,
        GEN_AI_RESPONSE_STATUS_FAILED,
        GEN_AI_RESPONSE_STATUS_CANCELLED,
    }
)

# gen_ai.token.modality: Modality of counted tokens (metrics only).
GEN_AI_TOKEN_MODALITY_TEXT: Final = "text"
"""Text."""
GEN_AI_TOKEN_MODALITY_IMAGE: Final = "image"
"""Images."""
GEN_AI_TOKEN_MODALITY_AUDIO: Final = "audio"
"""Sound."""
GEN_AI_TOKEN_MODALITY_UNKNOWN: Final = "unknown"
"""Not reported, or not reported apart."""
GEN_AI_TOKEN_MODALITY: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_TOKEN_MODALITY_TEXT,
        GEN_AI_TOKEN_MODALITY_IMAGE,
        GEN_AI_TOKEN_MODALITY_AUDIO,
        GEN_AI_TOKEN_MODALITY_UNKNOWN,
    }
)

# gen_ai.output.type: Output modality asked for.
GEN_AI_OUTPUT_TYPE_TEXT: Final = "text"
"""Text."""
GEN_AI_OUTPUT_TYPE_JSON: Final = "json"
"""JSON, with or without a schema."""
GEN_AI_OUTPUT_TYPE_IMAGE: Final = "image"
"""An image."""
GEN_AI_OUTPUT_TYPE_SPEECH: Final = "speech"
"""Speech."""
GEN_AI_OUTPUT_TYPE: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_OUTPUT_TYPE_TEXT,
        GEN_AI_OUTPUT_TYPE_JSON,
        GEN_AI_OUTPUT_TYPE_IMAGE,
        GEN_AI_OUTPUT_TYPE_SPEECH,
    }
)

# openai.request.service_tier: Service tier asked for.
OPENAI_REQUEST_SERVICE_TIER_AUTO: Final = "auto"
"""The tier of the project's settings."""
OPENAI_REQUEST_SERVICE_TIER_DEFAULT: Final = "default"
"""The standard tier."""
OPENAI_REQUEST_SERVICE_TIER: Final[frozenset[str]] = frozenset(
    {
        OPENAI_REQUEST_SERVICE_TIER_AUTO,
        OPENAI_REQUEST_SERVICE_TIER_DEFAULT,
    }
)

# openai.api.type: API family called.
OPENAI_API_TYPE_CHAT_COMPLETIONS: Final = "chat_completions"
"""Chat Completions."""
OPENAI_API_TYPE_RESPONSES: Final = "responses"
"""Responses."""
OPENAI_API_TYPE: Final[frozenset[str]] = frozenset(
    {
        OPENAI_API_TYPE_CHAT_COMPLETIONS,
        OPENAI_API_TYPE_RESPONSES,
    }
)

# mcp.method.name: JSON-RPC method of the request or notification.
MCP_METHOD_NAME_INITIALIZE: Final = "initialize"
"""The client opens a session."""
MCP_METHOD_NAME_NOTIFICATIONS_INITIALIZED: Final = "notifications/initialized"
"""The client is ready."""
MCP_METHOD_NAME_NOTIFICATIONS_CANCELLED: Final = "notifications/cancelled"
"""A request is given up."""
MCP_METHOD_NAME_NOTIFICATIONS_PROGRESS: Final = "notifications/progress"
"""How far a request has come."""
MCP_METHOD_NAME_NOTIFICATIONS_MESSAGE: Final = "notifications/message"
"""A log message of the server."""
MCP_METHOD_NAME_NOTIFICATIONS_RESOURCES_LIST_CHANGED: Final = "notifications/resources/list_changed"
"""The server's resources are others now."""
MCP_METHOD_NAME_NOTIFICATIONS_RESOURCES_UPDATED: Final = "notifications/resources/updated"
"""A resource has changed."""
MCP_METHOD_NAME_NOTIFICATIONS_PROMPTS_LIST_CHANGED: Final = "notifications/prompts/list_changed"
"""The server's prompts are others now."""
MCP_METHOD_NAME_NOTIFICATIONS_TOOLS_LIST_CHANGED: Final = "notifications/tools/list_changed"
"""The server's tools are others now."""
MCP_METHOD_NAME_NOTIFICATIONS_ROOTS_LIST_CHANGED: Final = "notifications/roots/list_changed"
"""The client's roots are others now."""
MCP_METHOD_NAME_PING: Final = "ping"
"""A sign of life is asked for."""
MCP_METHOD_NAME_RESOURCES_LIST: Final = "resources/list"
"""Resources are listed."""
MCP_METHOD_NAME_RESOURCES_TEMPLATES_LIST: Final = "resources/templates/list"
"""Resource templates are listed."""
MCP_METHOD_NAME_RESOURCES_READ: Final = "resources/read"
"""A resource is read."""
MCP_METHOD_NAME_RESOURCES_SUBSCRIBE: Final = "resources/subscribe"
"""Changes of a resource are subscribed to."""
MCP_METHOD_NAME_RESOURCES_UNSUBSCRIBE: Final = "resources/unsubscribe"
"""A subscription ends."""
MCP_METHOD_NAME_PROMPTS_LIST: Final = "prompts/list"
"""Prompts are listed."""
MCP_METHOD_NAME_PROMPTS_GET: Final = "prompts/get"
"""A prompt is fetched."""
MCP_METHOD_NAME_TOOLS_LIST: Final = "tools/list"
"""Tools are listed."""
MCP_METHOD_NAME_TOOLS_CALL: Final = "tools/call"
"""A tool is called."""
MCP_METHOD_NAME_LOGGING_SET_LEVEL: Final = "logging/setLevel"
"""The level of log messages is set."""
MCP_METHOD_NAME_SAMPLING_CREATE_MESSAGE: Final = "sampling/createMessage"
"""The server asks the client's model."""
MCP_METHOD_NAME_COMPLETION_COMPLETE: Final = "completion/complete"
"""An argument is completed."""
MCP_METHOD_NAME_ROOTS_LIST: Final = "roots/list"
"""The client's roots are listed."""
MCP_METHOD_NAME_ELICITATION_CREATE: Final = "elicitation/create"
"""The server asks the user."""
MCP_METHOD_NAME: Final[frozenset[str]] = frozenset(
    {
        MCP_METHOD_NAME_INITIALIZE,
        MCP_METHOD_NAME_NOTIFICATIONS_INITIALIZED,
        MCP_METHOD_NAME_NOTIFICATIONS_CANCELLED,
        MCP_METHOD_NAME_NOTIFICATIONS_PROGRESS,
        MCP_METHOD_NAME_NOTIFICATIONS_MESSAGE,
        MCP_METHOD_NAME_NOTIFICATIONS_RESOURCES_LIST_CHANGED,
        MCP_METHOD_NAME_NOTIFICATIONS_RESOURCES_UPDATED,
        MCP_METHOD_NAME_NOTIFICATIONS_PROMPTS_LIST_CHANGED,
        MCP_METHOD_NAME_NOTIFICATIONS_TOOLS_LIST_CHANGED,
        MCP_METHOD_NAME_NOTIFICATIONS_ROOTS_LIST_CHANGED,
        MCP_METHOD_NAME_PING,
        MCP_METHOD_NAME_RESOURCES_LIST,
        MCP_METHOD_NAME_RESOURCES_TEMPLATES_LIST,
        MCP_METHOD_NAME_RESOURCES_READ,
        MCP_METHOD_NAME_RESOURCES_SUBSCRIBE,
        MCP_METHOD_NAME_RESOURCES_UNSUBSCRIBE,
        MCP_METHOD_NAME_PROMPTS_LIST,
        MCP_METHOD_NAME_PROMPTS_GET,
        MCP_METHOD_NAME_TOOLS_LIST,
        MCP_METHOD_NAME_TOOLS_CALL,
        MCP_METHOD_NAME_LOGGING_SET_LEVEL,
        MCP_METHOD_NAME_SAMPLING_CREATE_MESSAGE,
        MCP_METHOD_NAME_COMPLETION_COMPLETE,
        MCP_METHOD_NAME_ROOTS_LIST,
        MCP_METHOD_NAME_ELICITATION_CREATE,
    }
)

# gen_ai.usage.cost.source: Whether the amount was received or derived.
GEN_AI_USAGE_COST_SOURCE_PROVIDER: Final = "provider"
"""The amount stood in the response, whoever sent it."""
GEN_AI_USAGE_COST_SOURCE_LOCAL: Final = "local"
"""The amount was worked out where the call was seen."""
GEN_AI_USAGE_COST_SOURCE: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_USAGE_COST_SOURCE_PROVIDER,
        GEN_AI_USAGE_COST_SOURCE_LOCAL,
    }
)

# spanwise.cost.status: How far the amount can be trusted.
SPANWISE_COST_STATUS_PROVIDER: Final = "provider"
"""The amount is the one received."""
SPANWISE_COST_STATUS_EXACT: Final = "exact"
"""The price and everything counted are known."""
SPANWISE_COST_STATUS_ESTIMATED: Final = "estimated"
"""Something was assumed; the reason says what."""
SPANWISE_COST_STATUS_UNPRICED: Final = "unpriced"
"""No price is known, so there is no amount."""
SPANWISE_COST_STATUS: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_COST_STATUS_PROVIDER,
        SPANWISE_COST_STATUS_EXACT,
        SPANWISE_COST_STATUS_ESTIMATED,
        SPANWISE_COST_STATUS_UNPRICED,
    }
)

# spanwise.stream.outcome: How the reading of a stream ended.
SPANWISE_STREAM_OUTCOME_DRAINED: Final = "drained"
"""Read to its end."""
SPANWISE_STREAM_OUTCOME_CLOSED: Final = "closed"
"""Closed by the reader before its end."""
SPANWISE_STREAM_OUTCOME_ABANDONED: Final = "abandoned"
"""Left to the garbage collector."""
SPANWISE_STREAM_OUTCOME_CANCELLED: Final = "cancelled"
"""Cancelled with the task that read it."""
SPANWISE_STREAM_OUTCOME_FAILED: Final = "failed"
"""Ended by an error."""
SPANWISE_STREAM_OUTCOME: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_STREAM_OUTCOME_DRAINED,
        SPANWISE_STREAM_OUTCOME_CLOSED,
        SPANWISE_STREAM_OUTCOME_ABANDONED,
        SPANWISE_STREAM_OUTCOME_CANCELLED,
        SPANWISE_STREAM_OUTCOME_FAILED,
    }
)

# spanwise.quality.method: How a check of quality came to its score.
SPANWISE_QUALITY_METHOD_STRUCTURAL: Final = "structural"
"""From fields that say so, or by parsing."""
SPANWISE_QUALITY_METHOD_HEURISTIC: Final = "heuristic"
"""From words and patterns, which can be wrong."""
SPANWISE_QUALITY_METHOD: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_QUALITY_METHOD_STRUCTURAL,
        SPANWISE_QUALITY_METHOD_HEURISTIC,
    }
)

# spanwise.budget.state: How that budget stands.
SPANWISE_BUDGET_STATE_WITHIN: Final = "within"
"""No share that somebody is told of is reached."""
SPANWISE_BUDGET_STATE_NEAR: Final = "near"
"""Such a share is reached, and the limit is not."""
SPANWISE_BUDGET_STATE_EXCEEDED: Final = "exceeded"
"""The limit is reached."""
SPANWISE_BUDGET_STATE: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_BUDGET_STATE_WITHIN,
        SPANWISE_BUDGET_STATE_NEAR,
        SPANWISE_BUDGET_STATE_EXCEEDED,
    }
)

# spanwise.budget.action: What was done because a share of a budget was reached.
SPANWISE_BUDGET_ACTION_RECORD: Final = "record"
"""It was recorded."""
SPANWISE_BUDGET_ACTION_WARN: Final = "warn"
"""A line was written to the log."""
SPANWISE_BUDGET_ACTION_ALERT: Final = "alert"
"""Somebody was sent an alert."""
SPANWISE_BUDGET_ACTION_BLOCK: Final = "block"
"""The call was refused, so that it was never made."""
SPANWISE_BUDGET_ACTION: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_BUDGET_ACTION_RECORD,
        SPANWISE_BUDGET_ACTION_WARN,
        SPANWISE_BUDGET_ACTION_ALERT,
        SPANWISE_BUDGET_ACTION_BLOCK,
    }
)

# spanwise.duplicate.reason: What shows that a span repeats another.
SPANWISE_DUPLICATE_REASON_RESPONSE_ID: Final = "response_id"
"""The ids of the responses are equal."""
SPANWISE_DUPLICATE_REASON_NESTED: Final = "nested"
"""One call stands inside the other and both tell the same."""
SPANWISE_DUPLICATE_REASON_OVERLAP: Final = "overlap"
"""Both ran at the same time below the same span and tell the same."""
SPANWISE_DUPLICATE_REASON: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_DUPLICATE_REASON_RESPONSE_ID,
        SPANWISE_DUPLICATE_REASON_NESTED,
        SPANWISE_DUPLICATE_REASON_OVERLAP,
    }
)

# spanwise.finish_reason: How a response ended (metrics only).
SPANWISE_FINISH_REASON_STOP: Final = "stop"
"""The model had said all."""
SPANWISE_FINISH_REASON_LENGTH: Final = "length"
"""A limit of tokens cut it off, of the request or of the model."""
SPANWISE_FINISH_REASON_CONTENT_FILTER: Final = "content_filter"
"""A filter of the provider stopped it."""
SPANWISE_FINISH_REASON_REFUSAL: Final = "refusal"
"""The model declined to answer."""
SPANWISE_FINISH_REASON_TOOL_CALL: Final = "tool_call"
"""The model asks for a tool."""
SPANWISE_FINISH_REASON_ERROR: Final = "error"
"""The call failed, or an answer broke off."""
SPANWISE_FINISH_REASON_OTHER: Final = "other"
"""Another reason or none."""
SPANWISE_FINISH_REASON: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_FINISH_REASON_STOP,
        SPANWISE_FINISH_REASON_LENGTH,
        SPANWISE_FINISH_REASON_CONTENT_FILTER,
        SPANWISE_FINISH_REASON_REFUSAL,
        SPANWISE_FINISH_REASON_TOOL_CALL,
        SPANWISE_FINISH_REASON_ERROR,
        SPANWISE_FINISH_REASON_OTHER,
    }
)

# spanwise.outcome: What became of spans that were to be exported (metrics only).
SPANWISE_OUTCOME_SUCCESS: Final = "success"
"""The exporter says they were taken."""
SPANWISE_OUTCOME_FAILURE: Final = "failure"
"""The exporter failed, or says that they were not taken."""
SPANWISE_OUTCOME_DROPPED: Final = "dropped"
"""They were lost before the exporter."""
SPANWISE_OUTCOME: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_OUTCOME_SUCCESS,
        SPANWISE_OUTCOME_FAILURE,
        SPANWISE_OUTCOME_DROPPED,
    }
)

# spanwise.reason: Why content was dropped (metrics only).
SPANWISE_REASON_REDACTION_FAILED: Final = "redaction_failed"
"""Redaction failed."""
SPANWISE_REASON_CAP_FAILED: Final = "cap_failed"
"""The limits of size could not be applied."""
SPANWISE_REASON_WITHHELD: Final = "withheld"
"""The policy has mistakes, so that no content may leave."""
SPANWISE_REASON_OVER_BOUND: Final = "over_bound"
"""It was larger, deeper or slower to read than the bounds of redaction allow."""
SPANWISE_REASON_STREAM_TOO_LARGE: Final = "stream_too_large"
"""A stream was too large to keep."""
SPANWISE_REASON: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_REASON_REDACTION_FAILED,
        SPANWISE_REASON_CAP_FAILED,
        SPANWISE_REASON_WITHHELD,
        SPANWISE_REASON_OVER_BOUND,
        SPANWISE_REASON_STREAM_TOO_LARGE,
    }
)

# spanwise.score.source: Who or what gave a score.
SPANWISE_SCORE_SOURCE_HUMAN: Final = "human"
"""A person, as a user or a reviewer."""
SPANWISE_SCORE_SOURCE_CODE: Final = "code"
"""The application, by a rule of its own."""
SPANWISE_SCORE_SOURCE_LLM: Final = "llm"
"""A model that judges."""
SPANWISE_SCORE_SOURCE_CHECK: Final = "check"
"""A check of this distribution, without a model."""
SPANWISE_SCORE_SOURCE: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_SCORE_SOURCE_HUMAN,
        SPANWISE_SCORE_SOURCE_CODE,
        SPANWISE_SCORE_SOURCE_LLM,
        SPANWISE_SCORE_SOURCE_CHECK,
    }
)

# spanwise.score.target: Why a score is about its span, where nobody named it and none was current.
SPANWISE_SCORE_TARGET_LAST_ENDED: Final = "last_ended"
"""It was the last outermost span that ended in the thread or task of the score."""
SPANWISE_SCORE_TARGET: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_SCORE_TARGET_LAST_ENDED,
    }
)

# spanwise.observe.kind: Kind of a step of the application that the convention has no operation for.
SPANWISE_OBSERVE_KIND_RERANK: Final = "rerank"
"""Documents are put in another order, or fewer are kept."""
SPANWISE_OBSERVE_KIND_GUARDRAIL: Final = "guardrail"
"""Input or output is checked, and perhaps refused."""
SPANWISE_OBSERVE_KIND_TASK: Final = "task"
"""Any other step."""
SPANWISE_OBSERVE_KIND: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_OBSERVE_KIND_RERANK,
        SPANWISE_OBSERVE_KIND_GUARDRAIL,
        SPANWISE_OBSERVE_KIND_TASK,
    }
)
