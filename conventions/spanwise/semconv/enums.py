"""Enumerated attributes as classes; every enumeration is open.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations

from enum import StrEnum


class NetworkTransport(StrEnum):
    """Values of `network.transport`."""

    TCP = "tcp"
    """TCP."""
    UDP = "udp"
    """UDP."""
    PIPE = "pipe"
    """A pipe, such as standard input and output."""
    UNIX = "unix"
    """A Unix domain socket."""
    QUIC = "quic"
    """QUIC."""


class GenAiOperationName(StrEnum):
    """Values of `gen_ai.operation.name`."""

    CHAT = "chat"
    """A turn of a chat model."""
    GENERATE_CONTENT = "generate_content"
    """Generation by an API whose input and output mix modalities."""
    TEXT_COMPLETION = "text_completion"
    """Continuation of a text by a completions API."""
    EMBEDDINGS = "embeddings"
    """Vectors made from input."""
    RETRIEVAL = "retrieval"
    """Search in a data source for grounding."""
    FETCH_RESPONSE = "fetch_response"
    """Reading of a stored response."""
    CREATE_AGENT = "create_agent"
    """Creation of an agent in a remote service."""
    INVOKE_AGENT = "invoke_agent"
    """One run of an agent."""
    EXECUTE_TOOL = "execute_tool"
    """One run of a tool."""
    INVOKE_WORKFLOW = "invoke_workflow"
    """One run of a workflow of several agents or calls."""
    PLAN = "plan"
    """An agent's planning, where it can be told from other inference."""
    SEARCH_MEMORY = "search_memory"
    """Search in a memory store."""
    CREATE_MEMORY = "create_memory"
    """A new memory record."""
    UPDATE_MEMORY = "update_memory"
    """A change of a memory record."""
    UPSERT_MEMORY = "upsert_memory"
    """A record written where the store decides between new and changed."""
    DELETE_MEMORY = "delete_memory"
    """Removal of one record or of all."""
    CREATE_MEMORY_STORE = "create_memory_store"
    """A new memory store."""
    DELETE_MEMORY_STORE = "delete_memory_store"
    """Removal of a memory store."""


class GenAiProviderName(StrEnum):
    """Values of `gen_ai.provider.name`."""

    OPENAI = "openai"
    """OpenAI."""
    GCP_GEN_AI = "gcp.gen_ai"
    """A Google backend that is not known more closely."""
    GCP_VERTEX_AI = "gcp.vertex_ai"
    """Google Vertex AI, at aiplatform.googleapis.com."""
    GCP_GEMINI = "gcp.gemini"
    """Google's Gemini API, at generativelanguage.googleapis.com."""
    ANTHROPIC = "anthropic"
    """Anthropic."""
    COHERE = "cohere"
    """Cohere."""
    AZURE_AI_INFERENCE = "azure.ai.inference"
    """Azure AI Inference."""
    AZURE_AI_OPENAI = "azure.ai.openai"
    """Azure OpenAI."""
    IBM_WATSONX_AI = "ibm.watsonx.ai"
    """IBM watsonx.ai."""
    AWS_BEDROCK = "aws.bedrock"
    """Amazon Bedrock."""
    PERPLEXITY = "perplexity"
    """Perplexity."""
    X_AI = "x_ai"
    """xAI."""
    DEEPSEEK = "deepseek"
    """DeepSeek."""
    GROQ = "groq"
    """Groq."""
    MISTRAL_AI = "mistral_ai"
    """Mistral AI."""
    MOONSHOT_AI = "moonshot_ai"
    """Moonshot AI."""


class GenAiResponseFinishReasons(StrEnum):
    """Values of `gen_ai.response.finish_reasons`."""

    STOP = "stop"
    """The model came to its end or to a stop sequence."""
    LENGTH = "length"
    """A token limit was reached."""
    CONTENT_FILTER = "content_filter"
    """A filter held the content back."""
    TOOL_CALL = "tool_call"
    """The model asks for a tool."""
    COMPACTION = "compaction"
    """The provider compacted the context."""
    ERROR = "error"
    """The reason never arrived."""


class GenAiResponseStatus(StrEnum):
    """Values of `gen_ai.response.status`."""

    QUEUED = "queued"
    """Waiting to be worked on."""
    IN_PROGRESS = "in_progress"
    """Being made."""
    COMPLETED = "completed"
    """Whole."""
    INCOMPLETE = "incomplete"
    """Ended early."""
    FAILED = "failed"
    """Ended by an error."""
    CANCELLED = "cancelled"
    """Ended by the caller."""


class GenAiTokenModality(StrEnum):
    """Values of `gen_ai.token.modality`."""

    TEXT = "text"
    """Text."""
    IMAGE = "image"
    """Images."""
    AUDIO = "audio"
    """Sound."""
    UNKNOWN = "unknown"
    """Not reported, or not reported apart."""


class GenAiOutputType(StrEnum):
    """Values of `gen_ai.output.type`."""

    TEXT = "text"
    """Text."""
    JSON = "json"
    """JSON, with or without a schema."""
    IMAGE = "image"
    """An image."""
    SPEECH = "speech"
    """Speech."""


class OpenaiRequestServiceTier(StrEnum):
    """Values of `openai.request.service_tier`."""

    AUTO = "auto"
    """The tier of the project's settings."""
    DEFAULT = "default"
    """The standard tier."""


class OpenaiApiType(StrEnum):
    """Values of `openai.api.type`."""

    CHAT_COMPLETIONS = "chat_completions"
    """Chat Completions."""
    RESPONSES = "responses"
    """Responses."""


class McpMethodName(StrEnum):
    """Values of `mcp.method.name`."""

    INITIALIZE = "initialize"
    """The client opens a session."""
    NOTIFICATIONS_INITIALIZED = "notifications/initialized"
    """The client is ready."""
    NOTIFICATIONS_CANCELLED = "notifications/cancelled"
    """A request is given up."""
    NOTIFICATIONS_PROGRESS = "notifications/progress"
    """How far a request has come."""
    NOTIFICATIONS_MESSAGE = "notifications/message"
    """A log message of the server."""
    NOTIFICATIONS_RESOURCES_LIST_CHANGED = "notifications/resources/list_changed"
    """The server's resources are others now."""
    NOTIFICATIONS_RESOURCES_UPDATED = "notifications/resources/updated"
    """A resource has changed."""
    NOTIFICATIONS_PROMPTS_LIST_CHANGED = "notifications/prompts/list_changed"
    """The server's prompts are others now."""
    NOTIFICATIONS_TOOLS_LIST_CHANGED = "notifications/tools/list_changed"
    """The server's tools are others now."""
    NOTIFICATIONS_ROOTS_LIST_CHANGED = "notifications/roots/list_changed"
    """The client's roots are others now."""
    PING = "ping"
    """A sign of life is asked for."""
    RESOURCES_LIST = "resources/list"
    """Resources are listed."""
    RESOURCES_TEMPLATES_LIST = "resources/templates/list"
    """Resource templates are listed."""
    RESOURCES_READ = "resources/read"
    """A resource is read."""
    RESOURCES_SUBSCRIBE = "resources/subscribe"
    """Changes of a resource are subscribed to."""
    RESOURCES_UNSUBSCRIBE = "resources/unsubscribe"
    """A subscription ends."""
    PROMPTS_LIST = "prompts/list"
    """Prompts are listed."""
    PROMPTS_GET = "prompts/get"
    """A prompt is fetched."""
    TOOLS_LIST = "tools/list"
    """Tools are listed."""
    TOOLS_CALL = "tools/call"
    """A tool is called."""
    LOGGING_SET_LEVEL = "logging/setLevel"
    """The level of log messages is set."""
    SAMPLING_CREATE_MESSAGE = "sampling/createMessage"
    """The server asks the client's model."""
    COMPLETION_COMPLETE = "completion/complete"
    """An argument is completed."""
    ROOTS_LIST = "roots/list"
    """The client's roots are listed."""
    ELICITATION_CREATE = "elicitation/create"
    """The server asks the user."""


class GenAiUsageCostSource(StrEnum):
    """Values of `gen_ai.usage.cost.source`."""

    PROVIDER = "provider"
    """The amount stood in the response, whoever sent it."""
    LOCAL = "local"
    """The amount was worked out where the call was seen."""


class SpanwiseCostStatus(StrEnum):
    """Values of `spanwise.cost.status`."""

    PROVIDER = "provider"
    """The amount is the one received."""
    EXACT = "exact"
    """The price and everything counted are known."""
    ESTIMATED = "estimated"
    """Something was assumed; the reason says what."""
    UNPRICED = "unpriced"
    """No price is known, so there is no amount."""


class SpanwiseStreamOutcome(StrEnum):
    """Values of `spanwise.stream.outcome`."""

    DRAINED = "drained"
    """Read to its end."""
    CLOSED = "closed"
    """Closed by the reader before its end."""
    ABANDONED = "abandoned"
    """Left to the garbage collector."""
    CANCELLED = "cancelled"
    """Cancelled with the task that read it."""
    FAILED = "failed"
    """Ended by an error."""


class SpanwiseQualityMethod(StrEnum):
    """Values of `spanwise.quality.method`."""

    STRUCTURAL = "structural"
    """From fields that say so, or by parsing."""
    HEURISTIC = "heuristic"
    """From words and patterns, which can be wrong."""


class SpanwiseBudgetState(StrEnum):
    """Values of `spanwise.budget.state`."""

    WITHIN = "within"
    """No share that somebody is told of is reached."""
    NEAR = "near"
    """Such a share is reached, and the limit is not."""
    EXCEEDED = "exceeded"
    """The limit is reached."""


class SpanwiseBudgetAction(StrEnum):
    """Values of `spanwise.budget.action`."""

    RECORD = "record"
    """It was recorded."""
    WARN = "warn"
    """A line was written to the log."""
    ALERT = "alert"
    """Somebody was sent an alert."""
    BLOCK = "block"
    """The call was refused, so that it was never made."""


class SpanwiseDuplicateReason(StrEnum):
    """Values of `spanwise.duplicate.reason`."""

    RESPONSE_ID = "response_id"
    """The ids of the responses are equal."""
    NESTED = "nested"
    """One call stands inside the other and both tell the same."""
    OVERLAP = "overlap"
    """Both ran at the same time below the same span and tell the same."""


class SpanwiseFinishReason(StrEnum):
    """Values of `spanwise.finish_reason`."""

    STOP = "stop"
    """The model had said all."""
    LENGTH = "length"
    """A limit of tokens cut it off, of the request or of the model."""
    CONTENT_FILTER = "content_filter"
    """A filter of the provider stopped it."""
    REFUSAL = "refusal"
    """The model declined to answer."""
    TOOL_CALL = "tool_call"
    """The model asks for a tool."""
    ERROR = "error"
    """The call failed, or an answer broke off."""
    OTHER = "other"
    """Another reason or none."""


class SpanwiseOutcome(StrEnum):
    """Values of `spanwise.outcome`."""

    SUCCESS = "success"
    """The exporter says they were taken."""
    FAILURE = "failure"
    """The exporter failed, or says that they were not taken."""
    DROPPED = "dropped"
    """They were lost before the exporter."""


class SpanwiseReason(StrEnum):
    """Values of `spanwise.reason`."""

    REDACTION_FAILED = "redaction_failed"
    """Redaction failed."""
    CAP_FAILED = "cap_failed"
    """The limits of size could not be applied."""
    WITHHELD = "withheld"
    """The policy has mistakes, so that no content may leave."""
    OVER_BOUND = "over_bound"
    """It was larger, deeper or slower to read than the bounds of redaction allow."""
    STREAM_TOO_LARGE = "stream_too_large"
    """A stream was too large to keep."""


class SpanwiseScoreSource(StrEnum):
    """Values of `spanwise.score.source`."""

    HUMAN = "human"
    """A person, as a user or a reviewer."""
    CODE = "code"
    """The application, by a rule of its own."""
    LLM = "llm"
    """A model that judges."""
    CHECK = "check"
    """A check of this distribution, without a model."""


class SpanwiseScoreTarget(StrEnum):
    """Values of `spanwise.score.target`."""

    LAST_ENDED = "last_ended"
    """It was the last outermost span that ended in the thread or task of the score."""


class SpanwiseObserveKind(StrEnum):
    """Values of `spanwise.observe.kind`."""

    RERANK = "rerank"
    """Documents are put in another order, or fewer are kept."""
    GUARDRAIL = "guardrail"
    """Input or output is checked, and perhaps refused."""
    TASK = "task"
    """Any other step."""
