"""Well-known values of enumerated attributes; every enumeration is open.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from typing import Final


# gen_ai.operation.name: Kind of GenAI step the signal describes.
GEN_AI_OPERATION_NAME_CHAT: Final = "chat"
GEN_AI_OPERATION_NAME_GENERATE_CONTENT: Final = "generate_content"
GEN_AI_OPERATION_NAME_TEXT_COMPLETION: Final = "text_completion"
GEN_AI_OPERATION_NAME_EMBEDDINGS: Final = "embeddings"
GEN_AI_OPERATION_NAME_RETRIEVAL: Final = "retrieval"
GEN_AI_OPERATION_NAME_FETCH_RESPONSE: Final = "fetch_response"
GEN_AI_OPERATION_NAME_CREATE_AGENT: Final = "create_agent"
GEN_AI_OPERATION_NAME_INVOKE_AGENT: Final = "invoke_agent"
GEN_AI_OPERATION_NAME_EXECUTE_TOOL: Final = "execute_tool"
GEN_AI_OPERATION_NAME_INVOKE_WORKFLOW: Final = "invoke_workflow"
GEN_AI_OPERATION_NAME_PLAN: Final = "plan"
GEN_AI_OPERATION_NAME_SEARCH_MEMORY: Final = "search_memory"
GEN_AI_OPERATION_NAME_CREATE_MEMORY: Final = "create_memory"
GEN_AI_OPERATION_NAME_UPDATE_MEMORY: Final = "update_memory"
GEN_AI_OPERATION_NAME_UPSERT_MEMORY: Final = "upsert_memory"
GEN_AI_OPERATION_NAME_DELETE_MEMORY: Final = "delete_memory"
GEN_AI_OPERATION_NAME_CREATE_MEMORY_STORE: Final = "create_memory_store"
GEN_AI_OPERATION_NAME_DELETE_MEMORY_STORE: Final = "delete_memory_store"
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
GEN_AI_PROVIDER_NAME_GCP_GEN_AI: Final = "gcp.gen_ai"
GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI: Final = "gcp.vertex_ai"
GEN_AI_PROVIDER_NAME_GCP_GEMINI: Final = "gcp.gemini"
GEN_AI_PROVIDER_NAME_ANTHROPIC: Final = "anthropic"
GEN_AI_PROVIDER_NAME_COHERE: Final = "cohere"
GEN_AI_PROVIDER_NAME_AZURE_AI_INFERENCE: Final = "azure.ai.inference"
GEN_AI_PROVIDER_NAME_AZURE_AI_OPENAI: Final = "azure.ai.openai"
GEN_AI_PROVIDER_NAME_IBM_WATSONX_AI: Final = "ibm.watsonx.ai"
GEN_AI_PROVIDER_NAME_AWS_BEDROCK: Final = "aws.bedrock"
GEN_AI_PROVIDER_NAME_PERPLEXITY: Final = "perplexity"
GEN_AI_PROVIDER_NAME_X_AI: Final = "x_ai"
GEN_AI_PROVIDER_NAME_DEEPSEEK: Final = "deepseek"
GEN_AI_PROVIDER_NAME_GROQ: Final = "groq"
GEN_AI_PROVIDER_NAME_MISTRAL_AI: Final = "mistral_ai"
GEN_AI_PROVIDER_NAME_MOONSHOT_AI: Final = "moonshot_ai"
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
GEN_AI_RESPONSE_FINISH_REASONS_LENGTH: Final = "length"
GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER: Final = "content_filter"
GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL: Final = "tool_call"
GEN_AI_RESPONSE_FINISH_REASONS_ERROR: Final = "error"
GEN_AI_RESPONSE_FINISH_REASONS: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_RESPONSE_FINISH_REASONS_STOP,
        GEN_AI_RESPONSE_FINISH_REASONS_LENGTH,
        GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER,
        GEN_AI_RESPONSE_FINISH_REASONS_TOOL_CALL,
        GEN_AI_RESPONSE_FINISH_REASONS_ERROR,
    }
)

# gen_ai.response.status: Lifecycle state of a stored response.
GEN_AI_RESPONSE_STATUS_QUEUED: Final = "queued"
GEN_AI_RESPONSE_STATUS_IN_PROGRESS: Final = "in_progress"
GEN_AI_RESPONSE_STATUS_COMPLETED: Final = "completed"
GEN_AI_RESPONSE_STATUS_INCOMPLETE: Final = "incomplete"
GEN_AI_RESPONSE_STATUS_FAILED: Final = "failed"
GEN_AI_RESPONSE_STATUS_CANCELLED: Final = "cancelled"
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
GEN_AI_TOKEN_MODALITY_IMAGE: Final = "image"
GEN_AI_TOKEN_MODALITY_AUDIO: Final = "audio"
GEN_AI_TOKEN_MODALITY_UNKNOWN: Final = "unknown"
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
GEN_AI_OUTPUT_TYPE_JSON: Final = "json"
GEN_AI_OUTPUT_TYPE_IMAGE: Final = "image"
GEN_AI_OUTPUT_TYPE_SPEECH: Final = "speech"
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
OPENAI_REQUEST_SERVICE_TIER_DEFAULT: Final = "default"
OPENAI_REQUEST_SERVICE_TIER: Final[frozenset[str]] = frozenset(
    {
        OPENAI_REQUEST_SERVICE_TIER_AUTO,
        OPENAI_REQUEST_SERVICE_TIER_DEFAULT,
    }
)

# openai.api.type: API family called.
OPENAI_API_TYPE_CHAT_COMPLETIONS: Final = "chat_completions"
OPENAI_API_TYPE_RESPONSES: Final = "responses"
OPENAI_API_TYPE: Final[frozenset[str]] = frozenset(
    {
        OPENAI_API_TYPE_CHAT_COMPLETIONS,
        OPENAI_API_TYPE_RESPONSES,
    }
)

# gen_ai.usage.cost.source: Whether the amount was received or derived.
GEN_AI_USAGE_COST_SOURCE_PROVIDER: Final = "provider"
GEN_AI_USAGE_COST_SOURCE_LOCAL: Final = "local"
GEN_AI_USAGE_COST_SOURCE: Final[frozenset[str]] = frozenset(
    {
        GEN_AI_USAGE_COST_SOURCE_PROVIDER,
        GEN_AI_USAGE_COST_SOURCE_LOCAL,
    }
)

# spanwise.cost.status: How far the amount can be trusted.
SPANWISE_COST_STATUS_PROVIDER: Final = "provider"
SPANWISE_COST_STATUS_EXACT: Final = "exact"
SPANWISE_COST_STATUS_ESTIMATED: Final = "estimated"
SPANWISE_COST_STATUS_UNPRICED: Final = "unpriced"
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
SPANWISE_STREAM_OUTCOME_CLOSED: Final = "closed"
SPANWISE_STREAM_OUTCOME_ABANDONED: Final = "abandoned"
SPANWISE_STREAM_OUTCOME_CANCELLED: Final = "cancelled"
SPANWISE_STREAM_OUTCOME_FAILED: Final = "failed"
SPANWISE_STREAM_OUTCOME: Final[frozenset[str]] = frozenset(
    {
        SPANWISE_STREAM_OUTCOME_DRAINED,
        SPANWISE_STREAM_OUTCOME_CLOSED,
        SPANWISE_STREAM_OUTCOME_ABANDONED,
        SPANWISE_STREAM_OUTCOME_CANCELLED,
        SPANWISE_STREAM_OUTCOME_FAILED,
    }
)
