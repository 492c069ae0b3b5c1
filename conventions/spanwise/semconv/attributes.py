"""Attribute names, and how sensitive each one is.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

ERROR_TYPE: Final = "error.type"
"""Class of error, low in cardinality."""

SERVER_ADDRESS: Final = "server.address"
"""Host that was called."""

SERVER_PORT: Final = "server.port"
"""Port that was called."""

HTTP_REQUEST_RESEND_COUNT: Final = "http.request.resend_count"
"""How often the request was sent again."""

HTTP_RESPONSE_STATUS_CODE: Final = "http.response.status_code"
"""Status of the last response."""

URL_FULL: Final = "url.full"
"""Absolute URL of the request."""

EXCEPTION_TYPE: Final = "exception.type"
"""Class of the exception."""

EXCEPTION_MESSAGE: Final = "exception.message"
"""Message of the exception."""

EXCEPTION_STACKTRACE: Final = "exception.stacktrace"
"""Stack trace of the exception."""

SERVICE_NAME: Final = "service.name"
"""Logical name of the service."""

SERVICE_INSTANCE_ID: Final = "service.instance.id"
"""Id of the running instance."""

USER_ID: Final = "user.id"
"""Id of the user."""

ENDUSER_ID: Final = "enduser.id"
"""Id of the end user of a service."""

DEPLOYMENT_ENVIRONMENT_NAME: Final = "deployment.environment.name"
"""Environment that the service runs in."""

JSONRPC_REQUEST_ID: Final = "jsonrpc.request.id"
"""Id of the JSON-RPC request."""

AZURE_RESOURCE_PROVIDER_NAMESPACE: Final = "azure.resource_provider.namespace"
"""Azure resource provider that was called."""

SESSION_ID: Final = "session.id"
"""Id of the session."""

CLIENT_ADDRESS: Final = "client.address"
"""Host that called."""

CLIENT_PORT: Final = "client.port"
"""Port that was called from."""

NETWORK_TRANSPORT: Final = "network.transport"
"""Transport below the protocol."""

NETWORK_PROTOCOL_NAME: Final = "network.protocol.name"
"""Application protocol in lower case."""

NETWORK_PROTOCOL_VERSION: Final = "network.protocol.version"
"""Version of the application protocol."""

JSONRPC_PROTOCOL_VERSION: Final = "jsonrpc.protocol.version"
"""JSON-RPC version, when it is not 2.0."""

RPC_RESPONSE_STATUS_CODE: Final = "rpc.response.status_code"
"""Error code of the RPC answer."""

PROCESS_EXECUTABLE_NAME: Final = "process.executable.name"
"""Name of the program."""

PROCESS_EXECUTABLE_PATH: Final = "process.executable.path"
"""Full path of the program."""

PROCESS_EXIT_CODE: Final = "process.exit.code"
"""Exit code of the program."""

GEN_AI_OPERATION_NAME: Final = "gen_ai.operation.name"
"""Kind of GenAI step the signal describes."""

GEN_AI_PROVIDER_NAME: Final = "gen_ai.provider.name"
"""Provider flavour the telemetry follows."""

GEN_AI_REQUEST_MODEL: Final = "gen_ai.request.model"
"""Model name asked for."""

GEN_AI_REQUEST_MAX_TOKENS: Final = "gen_ai.request.max_tokens"
"""Ceiling on output tokens asked for."""

GEN_AI_REQUEST_CHOICE_COUNT: Final = "gen_ai.request.choice.count"
"""Alternatives asked for, when given and not 1."""

GEN_AI_REQUEST_TEMPERATURE: Final = "gen_ai.request.temperature"
"""Sampling temperature."""

GEN_AI_REQUEST_TOP_P: Final = "gen_ai.request.top_p"
"""Nucleus-sampling mass."""

GEN_AI_REQUEST_TOP_K: Final = "gen_ai.request.top_k"
"""Top-k decoding cut-off."""

GEN_AI_REQUEST_STOP_SEQUENCES: Final = "gen_ai.request.stop_sequences"
"""Strings that end the generation."""

GEN_AI_REQUEST_FREQUENCY_PENALTY: Final = "gen_ai.request.frequency_penalty"
"""Frequency penalty."""

GEN_AI_REQUEST_PRESENCE_PENALTY: Final = "gen_ai.request.presence_penalty"
"""Presence penalty."""

GEN_AI_REQUEST_ENCODING_FORMATS: Final = "gen_ai.request.encoding_formats"
"""Vector encodings asked for."""

GEN_AI_REQUEST_SEED: Final = "gen_ai.request.seed"
"""Seed for repeatable sampling."""

GEN_AI_REQUEST_STREAM: Final = "gen_ai.request.stream"
"""True when the call streams; absent otherwise."""

GEN_AI_REQUEST_REASONING_LEVEL: Final = "gen_ai.request.reasoning.level"
"""Reasoning effort exactly as sent."""

GEN_AI_REQUEST_PREVIOUS_RESPONSE_ID: Final = "gen_ai.request.previous_response.id"
"""Earlier response the call continues."""

GEN_AI_REQUEST_STREAM_CURSOR: Final = "gen_ai.request.stream_cursor"
"""Position at which a stored stream is taken up again."""

GEN_AI_RESPONSE_ID: Final = "gen_ai.response.id"
"""The provider's id of the response."""

GEN_AI_RESPONSE_MODEL: Final = "gen_ai.response.model"
"""Model that answered."""

GEN_AI_RESPONSE_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
"""One stop reason per choice, in choice order."""

GEN_AI_RESPONSE_STATUS: Final = "gen_ai.response.status"
"""Lifecycle state of a stored response."""

GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"
"""Seconds from issuing the request to the first streamed chunk."""

GEN_AI_USAGE_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
"""All input tokens, cached ones included."""

GEN_AI_USAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
"""All output tokens, reasoning included."""

GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
"""Part of the input served from the provider's cache."""

GEN_AI_USAGE_CACHE_WRITE_INPUT_TOKENS: Final = "gen_ai.usage.cache_write.input_tokens"
"""Part of the input written to the provider's cache."""

GEN_AI_USAGE_REASONING_OUTPUT_TOKENS: Final = "gen_ai.usage.reasoning.output_tokens"
"""Part of the output spent on reasoning."""

GEN_AI_USAGE_TEXT_INPUT_TOKENS: Final = "gen_ai.usage.text.input_tokens"
"""Text part of the input."""

GEN_AI_USAGE_IMAGE_INPUT_TOKENS: Final = "gen_ai.usage.image.input_tokens"
"""Image part of the input."""

GEN_AI_USAGE_AUDIO_INPUT_TOKENS: Final = "gen_ai.usage.audio.input_tokens"
"""Audio part of the input."""

GEN_AI_USAGE_TEXT_OUTPUT_TOKENS: Final = "gen_ai.usage.text.output_tokens"
"""Text part of the output."""

GEN_AI_USAGE_IMAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.image.output_tokens"
"""Image part of the output."""

GEN_AI_USAGE_AUDIO_OUTPUT_TOKENS: Final = "gen_ai.usage.audio.output_tokens"
"""Audio part of the output."""

GEN_AI_USAGE_TEXT_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.text.cache_read.input_tokens"
"""Cached text input."""

GEN_AI_USAGE_IMAGE_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.image.cache_read.input_tokens"
"""Cached image input."""

GEN_AI_USAGE_AUDIO_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.audio.cache_read.input_tokens"
"""Cached audio input."""

GEN_AI_TOKEN_MODALITY: Final = "gen_ai.token.modality"
"""Modality of counted tokens (metrics only)."""

GEN_AI_CONVERSATION_ID: Final = "gen_ai.conversation.id"
"""Thread that ties messages together; never invented."""

GEN_AI_CONVERSATION_COMPACTED: Final = "gen_ai.conversation.compacted"
"""True when compacted context is known to be in use; never false."""

GEN_AI_AGENT_ID: Final = "gen_ai.agent.id"
"""Stable id of a hosted agent."""

GEN_AI_AGENT_NAME: Final = "gen_ai.agent.name"
"""Human name of the agent."""

GEN_AI_AGENT_DESCRIPTION: Final = "gen_ai.agent.description"
"""Free text about the agent."""

GEN_AI_AGENT_VERSION: Final = "gen_ai.agent.version"
"""Version of the agent."""

GEN_AI_MAIN_AGENT_ID: Final = "gen_ai.main_agent.id"
"""Stable id of the process's top agent (resource only)."""

GEN_AI_MAIN_AGENT_NAME: Final = "gen_ai.main_agent.name"
"""Name of the process's top agent, as on its A2A card (resource only)."""

GEN_AI_MAIN_AGENT_DESCRIPTION: Final = "gen_ai.main_agent.description"
"""Description of the process's top agent, as on its A2A card (resource only)."""

GEN_AI_TOOL_NAME: Final = "gen_ai.tool.name"
"""Tool name."""

GEN_AI_TOOL_TYPE: Final = "gen_ai.tool.type"
"""Usually function, extension or datastore."""

GEN_AI_TOOL_CALL_ID: Final = "gen_ai.tool.call.id"
"""Tool-call id."""

GEN_AI_TOOL_DESCRIPTION: Final = "gen_ai.tool.description"
"""What the tool does."""

GEN_AI_TOOL_CALL_ARGUMENTS: Final = "gen_ai.tool.call.arguments"
"""Arguments given to the tool."""

GEN_AI_TOOL_CALL_RESULT: Final = "gen_ai.tool.call.result"
"""What the tool returned."""

GEN_AI_TOOL_DEFINITIONS: Final = "gen_ai.tool.definitions"
"""Tools offered to the model."""

GEN_AI_DATA_SOURCE_ID: Final = "gen_ai.data_source.id"
"""Grounding data source as the GenAI system names it."""

GEN_AI_OUTPUT_TYPE: Final = "gen_ai.output.type"
"""Output modality asked for."""

GEN_AI_EMBEDDINGS_DIMENSION_COUNT: Final = "gen_ai.embeddings.dimension.count"
"""Vector length asked for."""

GEN_AI_RETRIEVAL_QUERY_TEXT: Final = "gen_ai.retrieval.query.text"
"""Query used to retrieve."""

GEN_AI_RETRIEVAL_DOCUMENTS: Final = "gen_ai.retrieval.documents"
"""Documents retrieved."""

GEN_AI_RETRIEVAL_TOP_K: Final = "gen_ai.retrieval.top_k"
"""Most documents asked for."""

GEN_AI_MEMORY_STORE_ID: Final = "gen_ai.memory.store.id"
"""Id of the memory store."""

GEN_AI_MEMORY_RECORD_ID: Final = "gen_ai.memory.record.id"
"""Id of the memory record."""

GEN_AI_MEMORY_RECORD_COUNT: Final = "gen_ai.memory.record.count"
"""Records a search returned or a write was asked to handle."""

GEN_AI_MEMORY_QUERY_TEXT: Final = "gen_ai.memory.query.text"
"""Text searched for in the memory."""

GEN_AI_MEMORY_RECORDS: Final = "gen_ai.memory.records"
"""Memory records stored or returned."""

GEN_AI_SYSTEM_INSTRUCTIONS: Final = "gen_ai.system_instructions"
"""Instructions passed apart from the chat history."""

GEN_AI_INPUT_MESSAGES: Final = "gen_ai.input.messages"
"""Chat history sent, in order."""

GEN_AI_OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
"""One message per returned choice."""

GEN_AI_EVALUATION_NAME: Final = "gen_ai.evaluation.name"
"""Criterion that was evaluated."""

GEN_AI_EVALUATION_SCORE_VALUE: Final = "gen_ai.evaluation.score.value"
"""Score as a number."""

GEN_AI_EVALUATION_SCORE_LABEL: Final = "gen_ai.evaluation.score.label"
"""Verdict as a label, low in cardinality."""

GEN_AI_EVALUATION_EXPLANATION: Final = "gen_ai.evaluation.explanation"
"""Reason for the score."""

GEN_AI_PROMPT_NAME: Final = "gen_ai.prompt.name"
"""Name of the prompt template."""

GEN_AI_PROMPT_VERSION: Final = "gen_ai.prompt.version"
"""Version of the prompt template."""

GEN_AI_PROMPT_VARIABLE: Final = "gen_ai.prompt.variable"
"""Value of one variable of the prompt template."""

GEN_AI_WORKFLOW_NAME: Final = "gen_ai.workflow.name"
"""Static name of the workflow."""

GEN_AI_SKILL_NAME: Final = "gen_ai.skill.name"
"""Name of the agent skill."""

GEN_AI_SKILL_DESCRIPTION: Final = "gen_ai.skill.description"
"""What the skill does."""

GEN_AI_SKILL_SOURCE_URI: Final = "gen_ai.skill.source.uri"
"""Where the skill was loaded from."""

GEN_AI_SKILL_RESOURCE_NAME: Final = "gen_ai.skill.resource.name"
"""File of the skill that was read or run, relative to it."""

OPENAI_REQUEST_SERVICE_TIER: Final = "openai.request.service_tier"
"""Service tier asked for."""

OPENAI_RESPONSE_SERVICE_TIER: Final = "openai.response.service_tier"
"""Service tier used."""

OPENAI_RESPONSE_SYSTEM_FINGERPRINT: Final = "openai.response.system_fingerprint"
"""Backend configuration fingerprint."""

OPENAI_API_TYPE: Final = "openai.api.type"
"""API family called."""

AWS_BEDROCK_GUARDRAIL_ID: Final = "aws.bedrock.guardrail.id"
"""Id of the Bedrock guardrail."""

AWS_BEDROCK_KNOWLEDGE_BASE_ID: Final = "aws.bedrock.knowledge_base.id"
"""Id of the Bedrock knowledge base."""

MCP_METHOD_NAME: Final = "mcp.method.name"
"""JSON-RPC method of the request or notification."""

MCP_SESSION_ID: Final = "mcp.session.id"
"""Value of the Mcp-Session-Id header, if there is a session."""

MCP_RESOURCE_URI: Final = "mcp.resource.uri"
"""URI of the resource in the request or notification."""

MCP_PROTOCOL_VERSION: Final = "mcp.protocol.version"
"""Protocol version agreed on, a date."""

GEN_AI_USAGE_COST_AMOUNT: Final = "gen_ai.usage.cost.amount"
"""Cost of this one operation, nested ones excluded."""

GEN_AI_USAGE_COST_CURRENCY: Final = "gen_ai.usage.cost.currency"
"""ISO 4217 code of the amount."""

GEN_AI_USAGE_COST_SOURCE: Final = "gen_ai.usage.cost.source"
"""Whether the amount was received or derived."""

SPANWISE_COST_STATUS: Final = "spanwise.cost.status"
"""How far the amount can be trusted."""

SPANWISE_COST_REASON: Final = "spanwise.cost.reason"
"""Why a call is unpriced or its price an estimate."""

SPANWISE_COST_MICRO_USD: Final = "spanwise.cost.micro_usd"
"""Cost in millionths of a US dollar, rounded half up, for samplers that compare integers."""

SPANWISE_COST_AMOUNT_USD: Final = "spanwise.cost.amount_usd"
"""Cost in US dollars as a Collector computed it; a process writes gen_ai.usage.cost.amount instead."""

SPANWISE_COST_BOOK: Final = "spanwise.cost.book"
"""Name and version of the price book."""

SPANWISE_COST_BOOK_DATE: Final = "spanwise.cost.book_date"
"""Day of the price book, as in 2026-01-31."""

SPANWISE_COST_BILLED_AMOUNT: Final = "spanwise.cost.billed.amount"
"""The amount in the currency that the price was agreed in, where that is not US dollars."""

SPANWISE_COST_BILLED_CURRENCY: Final = "spanwise.cost.billed.currency"
"""ISO 4217 code of the billed amount."""

SPANWISE_COST_RULE: Final = "spanwise.cost.rule"
"""Rule of the price book that priced the call."""

SPANWISE_COST_INPUT: Final = "spanwise.cost.input"
"""USD for input tokens at full price."""

SPANWISE_COST_CACHE_READ: Final = "spanwise.cost.cache_read"
"""USD for input tokens read from the cache."""

SPANWISE_COST_CACHE_WRITE: Final = "spanwise.cost.cache_write"
"""USD for input tokens written to the cache."""

SPANWISE_COST_OUTPUT: Final = "spanwise.cost.output"
"""USD for output tokens."""

SPANWISE_COST_OTHER: Final = "spanwise.cost.other"
"""USD for what is not counted in tokens: requests, searches, seconds."""

SPANWISE_COST_CACHE_SAVINGS: Final = "spanwise.cost.cache_savings"
"""USD that input tokens read from the cache would have cost more as plain input."""

SPANWISE_USAGE_CACHE_WRITE_5M_INPUT_TOKENS: Final = "spanwise.usage.cache_write.5m.input_tokens"
"""Input tokens written to a cache that lives five minutes."""

SPANWISE_USAGE_CACHE_WRITE_1H_INPUT_TOKENS: Final = "spanwise.usage.cache_write.1h.input_tokens"
"""Input tokens written to a cache that lives one hour."""

SPANWISE_USAGE_WEB_SEARCHES: Final = "spanwise.usage.web_searches"
"""Web searches the provider ran and bills for."""

SPANWISE_USAGE_FILE_SEARCHES: Final = "spanwise.usage.file_searches"
"""Searches in stored files that the provider ran and bills for."""

SPANWISE_USAGE_SOCIAL_SEARCHES: Final = "spanwise.usage.social_searches"
"""Searches in social networks that the provider ran and bills for."""

SPANWISE_USAGE_RERANK_SEARCHES: Final = "spanwise.usage.rerank_searches"
"""Rerankings that the provider bills for."""

SPANWISE_USAGE_CODE_EXECUTIONS: Final = "spanwise.usage.code_executions"
"""Code executions that the provider bills for."""

SPANWISE_USAGE_TOOL_INPUT_TOKENS: Final = "spanwise.usage.tool.input_tokens"
"""Part of the input tokens that results of the provider's own tools took."""

SPANWISE_USAGE_CITATION_OUTPUT_TOKENS: Final = "spanwise.usage.citation.output_tokens"
"""Part of the output tokens that citations took."""

SPANWISE_USAGE_VIDEO_INPUT_TOKENS: Final = "spanwise.usage.video.input_tokens"
"""Video part of the input tokens."""

SPANWISE_USAGE_VIDEO_OUTPUT_TOKENS: Final = "spanwise.usage.video.output_tokens"
"""Video part of the output tokens."""

SPANWISE_USAGE_INPUT_CHARACTERS: Final = "spanwise.usage.input_characters"
"""Characters given, where the provider bills by them."""

SPANWISE_USAGE_INPUT_PAGES: Final = "spanwise.usage.input_pages"
"""Document pages given, where the provider bills by them."""

SPANWISE_USAGE_INPUT_ANNOTATED_PAGES: Final = "spanwise.usage.input_annotated_pages"
"""Part of the document pages that was annotated."""

SPANWISE_USAGE_INPUT_PIXELS: Final = "spanwise.usage.input_pixels"
"""Pixels given, where the provider bills by them."""

SPANWISE_USAGE_INPUT_AUDIO_SECONDS: Final = "spanwise.usage.input_audio_seconds"
"""Seconds of audio given."""

SPANWISE_USAGE_OUTPUT_AUDIO_SECONDS: Final = "spanwise.usage.output_audio_seconds"
"""Seconds of audio returned."""

SPANWISE_USAGE_OUTPUT_IMAGES: Final = "spanwise.usage.output_images"
"""Images returned."""

SPANWISE_USAGE_ESTIMATED: Final = "spanwise.usage.estimated"
"""Set when token counts are an estimate from the text, because the call ended without any."""

SPANWISE_USAGE_SENT_COST: Final = "spanwise.usage.sent_cost"
"""Amount in US dollars that the provider sent, where an agreed discount was taken off it."""

SPANWISE_RESPONSE_REGION: Final = "spanwise.response.region"
"""Region that the response says the call ran in, where the price depends on it."""

SPANWISE_RESPONSE_SERVICE_TIER: Final = "spanwise.response.service_tier"
"""Service tier used where the convention has no name for it."""

SPANWISE_RESPONSE_SPEED: Final = "spanwise.response.speed"
"""Inference speed mode that was billed."""

SPANWISE_RESPONSE_REFUSED: Final = "spanwise.response.refused"
"""Set when the model declined to answer, which providers report as a success."""

SPANWISE_RESPONSE_GUARDED: Final = "spanwise.response.guarded"
"""Set when a guardrail of the provider stepped in and changed or blocked what was asked or answered."""

SPANWISE_RESPONSE_TIME_PER_OUTPUT_CHUNK: Final = "spanwise.response.time_per_output_chunk"
"""Seconds from one chunk of text of a stream to the next, on average, as far as the text went."""

SPANWISE_RESPONSE_LATENCY_S: Final = "spanwise.response.latency_s"
"""Seconds that the call took the provider, where the response says so."""

SPANWISE_RESPONSE_QUEUE_S: Final = "spanwise.response.queue_s"
"""Seconds of these that the call waited for its turn, where the response says so."""

SPANWISE_RESPONSE_LOAD_S: Final = "spanwise.response.load_s"
"""Seconds of these in which the model was loaded, where the response says so."""

SPANWISE_IMAGE_SIZE: Final = "spanwise.image.size"
"""Size of the images made, or asked for, as in 1024x1024."""

SPANWISE_IMAGE_QUALITY: Final = "spanwise.image.quality"
"""Quality of the images made, or asked for, in the provider's word."""

SPANWISE_MODERATION_FLAGGED: Final = "spanwise.moderation.flagged"
"""Whether anything of what was judged was flagged."""

SPANWISE_MODERATION_CATEGORIES: Final = "spanwise.moderation.categories"
"""What it was flagged as, in the provider's words."""

SPANWISE_BATCH_ENDPOINT: Final = "spanwise.batch.endpoint"
"""Path of the API that each request of a batch goes to."""

SPANWISE_BATCH_REQUESTS: Final = "spanwise.batch.requests"
"""Requests of a batch."""

SPANWISE_BATCH_SUCCEEDED: Final = "spanwise.batch.succeeded"
"""Requests of a batch that were answered."""

SPANWISE_BATCH_FAILED: Final = "spanwise.batch.failed"
"""Requests of a batch that were not: failed, cancelled or expired."""

SPANWISE_STREAM_OUTCOME: Final = "spanwise.stream.outcome"
"""How the reading of a stream ended."""

SPANWISE_CONTENT_DROPPED: Final = "spanwise.content.dropped"
"""Why content is missing from this span."""

SPANWISE_CONTENT_TRUNCATED: Final = "spanwise.content.truncated"
"""Bytes of content cut from this span."""

SPANWISE_QUALITY_CHECKS: Final = "spanwise.quality.checks"
"""Checks of quality that were made on this span; what none of its evaluation events names was passed."""

SPANWISE_QUALITY_METHOD: Final = "spanwise.quality.method"
"""How a check of quality came to its score."""

SPANWISE_EVALUATION_RUN: Final = "spanwise.evaluation.run"
"""Run of evaluations that made this call to judge others; its cost is none of the product's."""

SPANWISE_REQUEST_OUTPUT_SCHEMA: Final = "spanwise.request.output_schema"
"""JSON Schema that the request asked the answer to follow, as JSON."""

SPANWISE_BUDGET_NAME: Final = "spanwise.budget.name"
"""Name of the budget that the call left nearest to its limit, or loop_guard."""

SPANWISE_BUDGET_SHARE: Final = "spanwise.budget.share"
"""What is spent of that budget, this call included, as a share of its limit."""

SPANWISE_BUDGET_STATE: Final = "spanwise.budget.state"
"""How that budget stands."""

SPANWISE_BUDGET_ACTION: Final = "spanwise.budget.action"
"""What was done because a share of a budget was reached."""

SPANWISE_BUDGET_FILE: Final = "spanwise.budget.file"
"""Id of the file of sums that holds what the call spent; whoever adds to the same file does not count it again."""

SPANWISE_REDACTION_COUNT: Final = "spanwise.redaction.count"
"""Values taken out of this span."""

SPANWISE_REDACTION_KINDS: Final = "spanwise.redaction.kinds"
"""Kinds of the values taken out."""

SPANWISE_REDACTION_COUNTS: Final = "spanwise.redaction.counts"
"""Values taken out of each kind, in the order of spanwise.redaction.kinds."""

SPANWISE_REDACTION_KIND: Final = "spanwise.redaction.kind"
"""Kind of a value taken out (metrics only)."""

SPANWISE_DIALECT: Final = "spanwise.dialect"
"""Dialect that this span was written in before it was translated."""

SPANWISE_DUPLICATE_OF: Final = "spanwise.duplicate_of"
"""Span id of the call this one repeats."""

SPANWISE_DUPLICATE_REASON: Final = "spanwise.duplicate.reason"
"""What shows that a span repeats another."""

SPANWISE_PROCESSED: Final = "spanwise.processed"
"""Version of the pipeline that processed this span."""

SPANWISE_SAMPLE_REASON: Final = "spanwise.sample.reason"
"""What about this span, or about its trace, makes tail sampling keep it: the name of the policy."""

SPANWISE_PROMPT_HASH: Final = "spanwise.prompt.hash"
"""First 16 hexadecimal digits of the SHA-256 of a prompt's template: it changes when the prompt does, whatever its version says."""

SPANWISE_PROMPT_FINGERPRINT: Final = "spanwise.prompt.fingerprint"
"""16 hexadecimal digits for the system instruction of a call of no known prompt, without the values in it: they change when its template does."""

SPANWISE_PROMPT_FIRST_SEEN: Final = "spanwise.prompt.first_seen"
"""Set on the first span that a process ends of a prompt's name and version, so that tail sampling keeps one."""

SPANWISE_STEP: Final = "spanwise.step"
"""Step of the pipeline (metrics only)."""

SPANWISE_FINISH_REASON: Final = "spanwise.finish_reason"
"""How a response ended (metrics only)."""

SPANWISE_OUTCOME: Final = "spanwise.outcome"
"""What became of spans that were to be exported (metrics only)."""

SPANWISE_REASON: Final = "spanwise.reason"
"""Why content was dropped (metrics only)."""

SPANWISE_SCORE_SOURCE: Final = "spanwise.score.source"
"""Who or what gave a score."""

SPANWISE_SCORE_TARGET: Final = "spanwise.score.target"
"""Why a score is about its span, where nobody named it and none was current."""

SPANWISE_FEATURE: Final = "spanwise.feature"
"""Feature of the application that the call serves, by a short name."""

SPANWISE_LABEL: Final = "spanwise.label"
"""Name of a label of metrics that the policy adds (metrics only)."""

SPANWISE_TENANT: Final = "spanwise.tenant"
"""Tenant the call belongs to."""

SPANWISE_TAGS: Final = "spanwise.tags"
"""Words that the application groups its work by, as beta or night-run."""

SPANWISE_METADATA: Final = "spanwise.metadata"
"""What the application says of its work, by a key of its own."""

SPANWISE_OBSERVE_KIND: Final = "spanwise.observe.kind"
"""Kind of a step of the application that the convention has no operation for."""

SPANWISE_OBSERVE_NAME: Final = "spanwise.observe.name"
"""Name of a step of the application."""

SPANWISE_OBSERVE_INPUT: Final = "spanwise.observe.input"
"""What a step of the application was given, as JSON."""

SPANWISE_OBSERVE_OUTPUT: Final = "spanwise.observe.output"
"""What a step of the application gave back, as JSON."""

SPANWISE_AGENT_TOOLS: Final = "spanwise.agent.tools"
"""Names of the tools that an agent may call."""

SPANWISE_AGENT_HANDOFFS: Final = "spanwise.agent.handoffs"
"""Names of the agents that an agent may hand over to."""

SPANWISE_GUARDRAIL_TRIGGERED: Final = "spanwise.guardrail.triggered"
"""Whether a guardrail of the application stopped what it checked."""

SPANWISE_RETRIEVAL_DOCUMENT_COUNT: Final = "spanwise.retrieval.document.count"
"""Documents that a retrieval or a reranking gave back."""

CONTENT: Final[frozenset[str]] = frozenset(
    {
        URL_FULL,
        EXCEPTION_MESSAGE,
        EXCEPTION_STACKTRACE,
        GEN_AI_REQUEST_STOP_SEQUENCES,
        GEN_AI_AGENT_DESCRIPTION,
        GEN_AI_MAIN_AGENT_DESCRIPTION,
        GEN_AI_TOOL_DESCRIPTION,
        GEN_AI_TOOL_CALL_ARGUMENTS,
        GEN_AI_TOOL_CALL_RESULT,
        GEN_AI_TOOL_DEFINITIONS,
        GEN_AI_RETRIEVAL_QUERY_TEXT,
        GEN_AI_RETRIEVAL_DOCUMENTS,
        GEN_AI_MEMORY_QUERY_TEXT,
        GEN_AI_MEMORY_RECORDS,
        GEN_AI_SYSTEM_INSTRUCTIONS,
        GEN_AI_INPUT_MESSAGES,
        GEN_AI_OUTPUT_MESSAGES,
        GEN_AI_EVALUATION_EXPLANATION,
        GEN_AI_PROMPT_VARIABLE,
        GEN_AI_SKILL_DESCRIPTION,
        GEN_AI_SKILL_SOURCE_URI,
        MCP_RESOURCE_URI,
        SPANWISE_REQUEST_OUTPUT_SCHEMA,
        SPANWISE_OBSERVE_INPUT,
        SPANWISE_OBSERVE_OUTPUT,
    }
)
"""Attributes that may hold what a person or a model wrote."""

PERSONAL: Final[frozenset[str]] = frozenset(
    {
        USER_ID,
        ENDUSER_ID,
        SESSION_ID,
        CLIENT_ADDRESS,
        PROCESS_EXECUTABLE_PATH,
        GEN_AI_CONVERSATION_ID,
        MCP_SESSION_ID,
        SPANWISE_TENANT,
        SPANWISE_METADATA,
    }
)
"""Attributes that may identify a person."""

SAFE: Final[frozenset[str]] = frozenset(
    {
        DEPLOYMENT_ENVIRONMENT_NAME,
        JSONRPC_REQUEST_ID,
        AZURE_RESOURCE_PROVIDER_NAMESPACE,
        NETWORK_TRANSPORT,
        NETWORK_PROTOCOL_NAME,
        NETWORK_PROTOCOL_VERSION,
        JSONRPC_PROTOCOL_VERSION,
        RPC_RESPONSE_STATUS_CODE,
        PROCESS_EXIT_CODE,
        GEN_AI_OPERATION_NAME,
        GEN_AI_PROVIDER_NAME,
        GEN_AI_RESPONSE_STATUS,
        GEN_AI_TOKEN_MODALITY,
        GEN_AI_OUTPUT_TYPE,
        OPENAI_API_TYPE,
        MCP_METHOD_NAME,
        MCP_PROTOCOL_VERSION,
        GEN_AI_USAGE_COST_CURRENCY,
        GEN_AI_USAGE_COST_SOURCE,
        SPANWISE_COST_STATUS,
        SPANWISE_COST_REASON,
        SPANWISE_COST_BILLED_CURRENCY,
        SPANWISE_USAGE_ESTIMATED,
        SPANWISE_RESPONSE_REFUSED,
        SPANWISE_RESPONSE_GUARDED,
        SPANWISE_RESPONSE_TIME_PER_OUTPUT_CHUNK,
        SPANWISE_RESPONSE_LATENCY_S,
        SPANWISE_RESPONSE_QUEUE_S,
        SPANWISE_RESPONSE_LOAD_S,
        SPANWISE_MODERATION_FLAGGED,
        SPANWISE_STREAM_OUTCOME,
        SPANWISE_CONTENT_DROPPED,
        SPANWISE_CONTENT_TRUNCATED,
        SPANWISE_QUALITY_CHECKS,
        SPANWISE_QUALITY_METHOD,
        SPANWISE_EVALUATION_RUN,
        SPANWISE_BUDGET_NAME,
        SPANWISE_BUDGET_SHARE,
        SPANWISE_BUDGET_STATE,
        SPANWISE_BUDGET_ACTION,
        SPANWISE_BUDGET_FILE,
        SPANWISE_REDACTION_COUNT,
        SPANWISE_REDACTION_KINDS,
        SPANWISE_REDACTION_COUNTS,
        SPANWISE_REDACTION_KIND,
        SPANWISE_DIALECT,
        SPANWISE_DUPLICATE_OF,
        SPANWISE_DUPLICATE_REASON,
        SPANWISE_PROCESSED,
        SPANWISE_SAMPLE_REASON,
        SPANWISE_PROMPT_HASH,
        SPANWISE_PROMPT_FINGERPRINT,
        SPANWISE_PROMPT_FIRST_SEEN,
        SPANWISE_STEP,
        SPANWISE_FINISH_REASON,
        SPANWISE_OUTCOME,
        SPANWISE_REASON,
        SPANWISE_SCORE_SOURCE,
        SPANWISE_SCORE_TARGET,
        SPANWISE_FEATURE,
        SPANWISE_LABEL,
        SPANWISE_OBSERVE_KIND,
        SPANWISE_GUARDRAIL_TRIGGERED,
        SPANWISE_RETRIEVAL_DOCUMENT_COUNT,
    }
)
"""Attributes that hold no user text; the ones kept when redaction fails."""
