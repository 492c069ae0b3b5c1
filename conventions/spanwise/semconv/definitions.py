"""What each attribute is.

Generated from registry/*.yaml by `make generate`; changes belong there.
"""

from __future__ import annotations

from spanwise.semconv.descriptor import Attribute


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

ATTRIBUTES: Final[dict[str, Attribute]] = {
    "error.type": Attribute(
        name="error.type", type="string", brief="Class of error, low in cardinality.", members=(), sensitivity="plain"
    ),
    "server.address": Attribute(
        name="server.address", type="string", brief="Host that was called.", members=(), sensitivity="plain"
    ),
    "server.port": Attribute(
        name="server.port", type="int", brief="Port that was called.", members=(), sensitivity="plain"
    ),
    "http.request.resend_count": Attribute(
        name="http.request.resend_count",
        type="int",
        brief="How often the request was sent again.",
        members=(),
        sensitivity="plain",
    ),
    "http.response.status_code": Attribute(
        name="http.response.status_code",
        type="int",
        brief="Status of the last response.",
        members=(),
        sensitivity="plain",
    ),
    "url.full": Attribute(
        name="url.full", type="string", brief="Absolute URL of the request.", members=(), sensitivity="content"
    ),
    "exception.type": Attribute(
        name="exception.type", type="string", brief="Class of the exception.", members=(), sensitivity="plain"
    ),
    "exception.message": Attribute(
        name="exception.message", type="string", brief="Message of the exception.", members=(), sensitivity="content"
    ),
    "exception.stacktrace": Attribute(
        name="exception.stacktrace",
        type="string",
        brief="Stack trace of the exception.",
        members=(),
        sensitivity="content",
    ),
    "service.name": Attribute(
        name="service.name", type="string", brief="Logical name of the service.", members=(), sensitivity="plain"
    ),
    "service.instance.id": Attribute(
        name="service.instance.id", type="string", brief="Id of the running instance.", members=(), sensitivity="plain"
    ),
    "user.id": Attribute(name="user.id", type="string", brief="Id of the user.", members=(), sensitivity="personal"),
    "enduser.id": Attribute(
        name="enduser.id", type="string", brief="Id of the end user of a service.", members=(), sensitivity="personal"
    ),
    "deployment.environment.name": Attribute(
        name="deployment.environment.name",
        type="string",
        brief="Environment that the service runs in.",
        members=(),
        sensitivity="safe",
    ),
    "jsonrpc.request.id": Attribute(
        name="jsonrpc.request.id", type="string", brief="Id of the JSON-RPC request.", members=(), sensitivity="safe"
    ),
    "azure.resource_provider.namespace": Attribute(
        name="azure.resource_provider.namespace",
        type="string",
        brief="Azure resource provider that was called.",
        members=(),
        sensitivity="safe",
    ),
    "session.id": Attribute(
        name="session.id", type="string", brief="Id of the session.", members=(), sensitivity="personal"
    ),
    "client.address": Attribute(
        name="client.address", type="string", brief="Host that called.", members=(), sensitivity="personal"
    ),
    "client.port": Attribute(
        name="client.port", type="int", brief="Port that was called from.", members=(), sensitivity="plain"
    ),
    "network.transport": Attribute(
        name="network.transport",
        type="enum",
        brief="Transport below the protocol.",
        members=("tcp", "udp", "pipe", "unix", "quic"),
        sensitivity="safe",
    ),
    "network.protocol.name": Attribute(
        name="network.protocol.name",
        type="string",
        brief="Application protocol in lower case.",
        members=(),
        sensitivity="safe",
    ),
    "network.protocol.version": Attribute(
        name="network.protocol.version",
        type="string",
        brief="Version of the application protocol.",
        members=(),
        sensitivity="safe",
    ),
    "jsonrpc.protocol.version": Attribute(
        name="jsonrpc.protocol.version",
        type="string",
        brief="JSON-RPC version, when it is not 2.0.",
        members=(),
        sensitivity="safe",
    ),
    "rpc.response.status_code": Attribute(
        name="rpc.response.status_code",
        type="string",
        brief="Error code of the RPC answer.",
        members=(),
        sensitivity="safe",
    ),
    "process.executable.name": Attribute(
        name="process.executable.name", type="string", brief="Name of the program.", members=(), sensitivity="plain"
    ),
    "process.executable.path": Attribute(
        name="process.executable.path",
        type="string",
        brief="Full path of the program.",
        members=(),
        sensitivity="personal",
    ),
    "process.exit.code": Attribute(
        name="process.exit.code", type="int", brief="Exit code of the program.", members=(), sensitivity="safe"
    ),
    "gen_ai.operation.name": Attribute(
        name="gen_ai.operation.name",
        type="enum",
        brief="Kind of GenAI step the signal describes.",
        members=(
            "chat",
            "generate_content",
            "text_completion",
            "embeddings",
            "retrieval",
            "fetch_response",
            "create_agent",
            "invoke_agent",
            "execute_tool",
            "invoke_workflow",
            "plan",
            "search_memory",
            "create_memory",
            "update_memory",
            "upsert_memory",
            "delete_memory",
            "create_memory_store",
            "delete_memory_store",
        ),
        sensitivity="safe",
    ),
    "gen_ai.provider.name": Attribute(
        name="gen_ai.provider.name",
        type="enum",
        brief="Provider flavour the telemetry follows.",
        members=(
            "openai",
            "gcp.gen_ai",
            "gcp.vertex_ai",
            "gcp.gemini",
            "anthropic",
            "cohere",
            "azure.ai.inference",
            "azure.ai.openai",
            "ibm.watsonx.ai",
            "aws.bedrock",
            "perplexity",
            "x_ai",
            "deepseek",
            "groq",
            "mistral_ai",
            "moonshot_ai",
        ),
        sensitivity="safe",
        note="As the instrumentation sees it. Behind a proxy or a gateway the model may be somebody else's.",
    ),
    "gen_ai.request.model": Attribute(
        name="gen_ai.request.model", type="string", brief="Model name asked for.", members=(), sensitivity="plain"
    ),
    "gen_ai.request.max_tokens": Attribute(
        name="gen_ai.request.max_tokens",
        type="int",
        brief="Ceiling on output tokens asked for.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.choice.count": Attribute(
        name="gen_ai.request.choice.count",
        type="int",
        brief="Alternatives asked for, when given and not 1.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.temperature": Attribute(
        name="gen_ai.request.temperature", type="double", brief="Sampling temperature.", members=(), sensitivity="plain"
    ),
    "gen_ai.request.top_p": Attribute(
        name="gen_ai.request.top_p", type="double", brief="Nucleus-sampling mass.", members=(), sensitivity="plain"
    ),
    "gen_ai.request.top_k": Attribute(
        name="gen_ai.request.top_k",
        type="int",
        brief="Top-k decoding cut-off.",
        members=(),
        sensitivity="plain",
        note="A double in earlier versions. OpenAI's top_logprobs is something else and does not belong here.",
    ),
    "gen_ai.request.stop_sequences": Attribute(
        name="gen_ai.request.stop_sequences",
        type="string[]",
        brief="Strings that end the generation.",
        members=(),
        sensitivity="content",
    ),
    "gen_ai.request.frequency_penalty": Attribute(
        name="gen_ai.request.frequency_penalty",
        type="double",
        brief="Frequency penalty.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.presence_penalty": Attribute(
        name="gen_ai.request.presence_penalty",
        type="double",
        brief="Presence penalty.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.encoding_formats": Attribute(
        name="gen_ai.request.encoding_formats",
        type="string[]",
        brief="Vector encodings asked for.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.seed": Attribute(
        name="gen_ai.request.seed", type="int", brief="Seed for repeatable sampling.", members=(), sensitivity="plain"
    ),
    "gen_ai.request.stream": Attribute(
        name="gen_ai.request.stream",
        type="boolean",
        brief="True when the call streams; absent otherwise.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.reasoning.level": Attribute(
        name="gen_ai.request.reasoning.level",
        type="string",
        brief="Reasoning effort exactly as sent.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.previous_response.id": Attribute(
        name="gen_ai.request.previous_response.id",
        type="string",
        brief="Earlier response the call continues.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.request.stream_cursor": Attribute(
        name="gen_ai.request.stream_cursor",
        type="string",
        brief="Position at which a stored stream is taken up again.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.response.id": Attribute(
        name="gen_ai.response.id",
        type="string",
        brief="The provider's id of the response.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.response.model": Attribute(
        name="gen_ai.response.model", type="string", brief="Model that answered.", members=(), sensitivity="plain"
    ),
    "gen_ai.response.finish_reasons": Attribute(
        name="gen_ai.response.finish_reasons",
        type="string[]",
        brief="One stop reason per choice, in choice order.",
        members=("stop", "length", "content_filter", "tool_call", "compaction", "error"),
        sensitivity="plain",
        note="A choice whose reason never arrived has `error` in its place.",
    ),
    "gen_ai.response.status": Attribute(
        name="gen_ai.response.status",
        type="enum",
        brief="Lifecycle state of a stored response.",
        members=("queued", "in_progress", "completed", "incomplete", "failed", "cancelled"),
        sensitivity="safe",
    ),
    "gen_ai.response.time_to_first_chunk": Attribute(
        name="gen_ai.response.time_to_first_chunk",
        type="double",
        brief="Seconds from issuing the request to the first streamed chunk.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.input_tokens": Attribute(
        name="gen_ai.usage.input_tokens",
        type="int",
        brief="All input tokens, cached ones included.",
        members=(),
        sensitivity="plain",
        note="The billed count, where a provider reports a billed and a consumed one.",
    ),
    "gen_ai.usage.output_tokens": Attribute(
        name="gen_ai.usage.output_tokens",
        type="int",
        brief="All output tokens, reasoning included.",
        members=(),
        sensitivity="plain",
        note="The billed count, where a provider reports a billed and a consumed one.",
    ),
    "gen_ai.usage.cache_read.input_tokens": Attribute(
        name="gen_ai.usage.cache_read.input_tokens",
        type="int",
        brief="Part of the input served from the provider's cache.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.cache_write.input_tokens": Attribute(
        name="gen_ai.usage.cache_write.input_tokens",
        type="int",
        brief="Part of the input written to the provider's cache.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.reasoning.output_tokens": Attribute(
        name="gen_ai.usage.reasoning.output_tokens",
        type="int",
        brief="Part of the output spent on reasoning.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.text.input_tokens": Attribute(
        name="gen_ai.usage.text.input_tokens",
        type="int",
        brief="Text part of the input.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.image.input_tokens": Attribute(
        name="gen_ai.usage.image.input_tokens",
        type="int",
        brief="Image part of the input.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.audio.input_tokens": Attribute(
        name="gen_ai.usage.audio.input_tokens",
        type="int",
        brief="Audio part of the input.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.text.output_tokens": Attribute(
        name="gen_ai.usage.text.output_tokens",
        type="int",
        brief="Text part of the output.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.image.output_tokens": Attribute(
        name="gen_ai.usage.image.output_tokens",
        type="int",
        brief="Image part of the output.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.audio.output_tokens": Attribute(
        name="gen_ai.usage.audio.output_tokens",
        type="int",
        brief="Audio part of the output.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.text.cache_read.input_tokens": Attribute(
        name="gen_ai.usage.text.cache_read.input_tokens",
        type="int",
        brief="Cached text input.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.image.cache_read.input_tokens": Attribute(
        name="gen_ai.usage.image.cache_read.input_tokens",
        type="int",
        brief="Cached image input.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.audio.cache_read.input_tokens": Attribute(
        name="gen_ai.usage.audio.cache_read.input_tokens",
        type="int",
        brief="Cached audio input.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.token.modality": Attribute(
        name="gen_ai.token.modality",
        type="enum",
        brief="Modality of counted tokens (metrics only).",
        members=("text", "image", "audio", "unknown"),
        sensitivity="safe",
    ),
    "gen_ai.conversation.id": Attribute(
        name="gen_ai.conversation.id",
        type="string",
        brief="Thread that ties messages together; never invented.",
        members=(),
        sensitivity="personal",
        note=(
            "Only an id that a library or the user supplies; no UUID, trace id or hash of one's own. It is not "
            "the session."
        ),
    ),
    "gen_ai.conversation.compacted": Attribute(
        name="gen_ai.conversation.compacted",
        type="boolean",
        brief="True when compacted context is known to be in use; never false.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.agent.id": Attribute(
        name="gen_ai.agent.id",
        type="string",
        brief="Stable id of a hosted agent.",
        members=(),
        sensitivity="plain",
        note="A resource name such as an ARN or a URN, never the id of an object in memory.",
    ),
    "gen_ai.agent.name": Attribute(
        name="gen_ai.agent.name", type="string", brief="Human name of the agent.", members=(), sensitivity="plain"
    ),
    "gen_ai.agent.description": Attribute(
        name="gen_ai.agent.description",
        type="string",
        brief="Free text about the agent.",
        members=(),
        sensitivity="content",
    ),
    "gen_ai.agent.version": Attribute(
        name="gen_ai.agent.version", type="string", brief="Version of the agent.", members=(), sensitivity="plain"
    ),
    "gen_ai.main_agent.id": Attribute(
        name="gen_ai.main_agent.id",
        type="string",
        brief="Stable id of the process's top agent (resource only).",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.main_agent.name": Attribute(
        name="gen_ai.main_agent.name",
        type="string",
        brief="Name of the process's top agent, as on its A2A card (resource only).",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.main_agent.description": Attribute(
        name="gen_ai.main_agent.description",
        type="string",
        brief="Description of the process's top agent, as on its A2A card (resource only).",
        members=(),
        sensitivity="content",
    ),
    "gen_ai.tool.name": Attribute(
        name="gen_ai.tool.name", type="string", brief="Tool name.", members=(), sensitivity="plain"
    ),
    "gen_ai.tool.type": Attribute(
        name="gen_ai.tool.type",
        type="string",
        brief="Usually function, extension or datastore.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.tool.call.id": Attribute(
        name="gen_ai.tool.call.id", type="string", brief="Tool-call id.", members=(), sensitivity="plain"
    ),
    "gen_ai.tool.description": Attribute(
        name="gen_ai.tool.description", type="string", brief="What the tool does.", members=(), sensitivity="content"
    ),
    "gen_ai.tool.call.arguments": Attribute(
        name="gen_ai.tool.call.arguments",
        type="any",
        brief="Arguments given to the tool.",
        members=(),
        sensitivity="content",
        note="A JSON object.",
    ),
    "gen_ai.tool.call.result": Attribute(
        name="gen_ai.tool.call.result",
        type="any",
        brief="What the tool returned.",
        members=(),
        sensitivity="content",
        note="A JSON object.",
    ),
    "gen_ai.tool.definitions": Attribute(
        name="gen_ai.tool.definitions",
        type="any",
        brief="Tools offered to the model.",
        members=(),
        sensitivity="content",
        note="A JSON array.",
    ),
    "gen_ai.data_source.id": Attribute(
        name="gen_ai.data_source.id",
        type="string",
        brief="Grounding data source as the GenAI system names it.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.output.type": Attribute(
        name="gen_ai.output.type",
        type="enum",
        brief="Output modality asked for.",
        members=("text", "json", "image", "speech"),
        sensitivity="safe",
    ),
    "gen_ai.embeddings.dimension.count": Attribute(
        name="gen_ai.embeddings.dimension.count",
        type="int",
        brief="Vector length asked for.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.retrieval.query.text": Attribute(
        name="gen_ai.retrieval.query.text",
        type="string",
        brief="Query used to retrieve.",
        members=(),
        sensitivity="content",
    ),
    "gen_ai.retrieval.documents": Attribute(
        name="gen_ai.retrieval.documents",
        type="any",
        brief="Documents retrieved.",
        members=(),
        sensitivity="content",
        note="A JSON array.",
    ),
    "gen_ai.retrieval.top_k": Attribute(
        name="gen_ai.retrieval.top_k", type="int", brief="Most documents asked for.", members=(), sensitivity="plain"
    ),
    "gen_ai.memory.store.id": Attribute(
        name="gen_ai.memory.store.id", type="string", brief="Id of the memory store.", members=(), sensitivity="plain"
    ),
    "gen_ai.memory.record.id": Attribute(
        name="gen_ai.memory.record.id", type="string", brief="Id of the memory record.", members=(), sensitivity="plain"
    ),
    "gen_ai.memory.record.count": Attribute(
        name="gen_ai.memory.record.count",
        type="int",
        brief="Records a search returned or a write was asked to handle.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.memory.query.text": Attribute(
        name="gen_ai.memory.query.text",
        type="string",
        brief="Text searched for in the memory.",
        members=(),
        sensitivity="content",
    ),
    "gen_ai.memory.records": Attribute(
        name="gen_ai.memory.records",
        type="any",
        brief="Memory records stored or returned.",
        members=(),
        sensitivity="content",
        note="A JSON array.",
    ),
    "gen_ai.system_instructions": Attribute(
        name="gen_ai.system_instructions",
        type="any",
        brief="Instructions passed apart from the chat history.",
        members=(),
        sensitivity="content",
        note="A JSON array.",
    ),
    "gen_ai.input.messages": Attribute(
        name="gen_ai.input.messages",
        type="any",
        brief="Chat history sent, in order.",
        members=(),
        sensitivity="content",
        note="A JSON array.",
    ),
    "gen_ai.output.messages": Attribute(
        name="gen_ai.output.messages",
        type="any",
        brief="One message per returned choice.",
        members=(),
        sensitivity="content",
        note="A JSON array.",
    ),
    "gen_ai.evaluation.name": Attribute(
        name="gen_ai.evaluation.name",
        type="string",
        brief="Criterion that was evaluated.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.evaluation.score.value": Attribute(
        name="gen_ai.evaluation.score.value", type="double", brief="Score as a number.", members=(), sensitivity="plain"
    ),
    "gen_ai.evaluation.score.label": Attribute(
        name="gen_ai.evaluation.score.label",
        type="string",
        brief="Verdict as a label, low in cardinality.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.evaluation.explanation": Attribute(
        name="gen_ai.evaluation.explanation",
        type="string",
        brief="Reason for the score.",
        members=(),
        sensitivity="content",
    ),
    "gen_ai.prompt.name": Attribute(
        name="gen_ai.prompt.name", type="string", brief="Name of the prompt template.", members=(), sensitivity="plain"
    ),
    "gen_ai.prompt.version": Attribute(
        name="gen_ai.prompt.version",
        type="string",
        brief="Version of the prompt template.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.prompt.variable": Attribute(
        name="gen_ai.prompt.variable",
        type="template",
        brief="Value of one variable of the prompt template.",
        members=(),
        sensitivity="content",
        note="A prefix: `gen_ai.prompt.variable.<key>` holds the value of the variable <key>, a string.",
    ),
    "gen_ai.workflow.name": Attribute(
        name="gen_ai.workflow.name",
        type="string",
        brief="Static name of the workflow.",
        members=(),
        sensitivity="plain",
        note="Low in cardinality. Left out when the name of a class is all there is.",
    ),
    "gen_ai.skill.name": Attribute(
        name="gen_ai.skill.name", type="string", brief="Name of the agent skill.", members=(), sensitivity="plain"
    ),
    "gen_ai.skill.description": Attribute(
        name="gen_ai.skill.description", type="string", brief="What the skill does.", members=(), sensitivity="content"
    ),
    "gen_ai.skill.source.uri": Attribute(
        name="gen_ai.skill.source.uri",
        type="string",
        brief="Where the skill was loaded from.",
        members=(),
        sensitivity="content",
    ),
    "gen_ai.skill.resource.name": Attribute(
        name="gen_ai.skill.resource.name",
        type="string",
        brief="File of the skill that was read or run, relative to it.",
        members=(),
        sensitivity="plain",
    ),
    "openai.request.service_tier": Attribute(
        name="openai.request.service_tier",
        type="enum",
        brief="Service tier asked for.",
        members=("auto", "default"),
        sensitivity="plain",
    ),
    "openai.response.service_tier": Attribute(
        name="openai.response.service_tier", type="string", brief="Service tier used.", members=(), sensitivity="plain"
    ),
    "openai.response.system_fingerprint": Attribute(
        name="openai.response.system_fingerprint",
        type="string",
        brief="Backend configuration fingerprint.",
        members=(),
        sensitivity="plain",
    ),
    "openai.api.type": Attribute(
        name="openai.api.type",
        type="enum",
        brief="API family called.",
        members=("chat_completions", "responses"),
        sensitivity="safe",
    ),
    "aws.bedrock.guardrail.id": Attribute(
        name="aws.bedrock.guardrail.id",
        type="string",
        brief="Id of the Bedrock guardrail.",
        members=(),
        sensitivity="plain",
    ),
    "aws.bedrock.knowledge_base.id": Attribute(
        name="aws.bedrock.knowledge_base.id",
        type="string",
        brief="Id of the Bedrock knowledge base.",
        members=(),
        sensitivity="plain",
    ),
    "mcp.method.name": Attribute(
        name="mcp.method.name",
        type="enum",
        brief="JSON-RPC method of the request or notification.",
        members=(
            "initialize",
            "notifications/initialized",
            "notifications/cancelled",
            "notifications/progress",
            "notifications/message",
            "notifications/resources/list_changed",
            "notifications/resources/updated",
            "notifications/prompts/list_changed",
            "notifications/tools/list_changed",
            "notifications/roots/list_changed",
            "ping",
            "resources/list",
            "resources/templates/list",
            "resources/read",
            "resources/subscribe",
            "resources/unsubscribe",
            "prompts/list",
            "prompts/get",
            "tools/list",
            "tools/call",
            "logging/setLevel",
            "sampling/createMessage",
            "completion/complete",
            "roots/list",
            "elicitation/create",
        ),
        sensitivity="safe",
    ),
    "mcp.session.id": Attribute(
        name="mcp.session.id",
        type="string",
        brief="Value of the Mcp-Session-Id header, if there is a session.",
        members=(),
        sensitivity="personal",
    ),
    "mcp.resource.uri": Attribute(
        name="mcp.resource.uri",
        type="string",
        brief="URI of the resource in the request or notification.",
        members=(),
        sensitivity="content",
        note="Not part of a span name unless the user asks for that.",
    ),
    "mcp.protocol.version": Attribute(
        name="mcp.protocol.version",
        type="string",
        brief="Protocol version agreed on, a date.",
        members=(),
        sensitivity="safe",
    ),
    "gen_ai.usage.cost.amount": Attribute(
        name="gen_ai.usage.cost.amount",
        type="double",
        brief="Cost of this one operation, nested ones excluded.",
        members=(),
        sensitivity="plain",
    ),
    "gen_ai.usage.cost.currency": Attribute(
        name="gen_ai.usage.cost.currency",
        type="string",
        brief="ISO 4217 code of the amount.",
        members=(),
        sensitivity="safe",
    ),
    "gen_ai.usage.cost.source": Attribute(
        name="gen_ai.usage.cost.source",
        type="enum",
        brief="Whether the amount was received or derived.",
        members=("provider", "local"),
        sensitivity="safe",
    ),
    "spanwise.cost.status": Attribute(
        name="spanwise.cost.status",
        type="enum",
        brief="How far the amount can be trusted.",
        members=("provider", "exact", "estimated", "unpriced"),
        sensitivity="safe",
    ),
    "spanwise.cost.reason": Attribute(
        name="spanwise.cost.reason",
        type="string",
        brief="Why a call is unpriced or its price an estimate.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.cost.micro_usd": Attribute(
        name="spanwise.cost.micro_usd",
        type="int",
        brief="Cost in millionths of a US dollar, rounded half up, for samplers that compare integers.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.amount_usd": Attribute(
        name="spanwise.cost.amount_usd",
        type="double",
        brief="Cost in US dollars as a Collector computed it; a process writes gen_ai.usage.cost.amount instead.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.book": Attribute(
        name="spanwise.cost.book",
        type="string",
        brief="Name and version of the price book.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.book_date": Attribute(
        name="spanwise.cost.book_date",
        type="string",
        brief="Day of the price book, as in 2026-01-31.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.billed.amount": Attribute(
        name="spanwise.cost.billed.amount",
        type="double",
        brief="The amount in the currency that the price was agreed in, where that is not US dollars.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.billed.currency": Attribute(
        name="spanwise.cost.billed.currency",
        type="string",
        brief="ISO 4217 code of the billed amount.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.cost.rule": Attribute(
        name="spanwise.cost.rule",
        type="string",
        brief="Rule of the price book that priced the call.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.input": Attribute(
        name="spanwise.cost.input",
        type="double",
        brief="USD for input tokens at full price.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.cache_read": Attribute(
        name="spanwise.cost.cache_read",
        type="double",
        brief="USD for input tokens read from the cache.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.cache_write": Attribute(
        name="spanwise.cost.cache_write",
        type="double",
        brief="USD for input tokens written to the cache.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.output": Attribute(
        name="spanwise.cost.output", type="double", brief="USD for output tokens.", members=(), sensitivity="plain"
    ),
    "spanwise.cost.other": Attribute(
        name="spanwise.cost.other",
        type="double",
        brief="USD for what is not counted in tokens: requests, searches, seconds.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.cost.cache_savings": Attribute(
        name="spanwise.cost.cache_savings",
        type="double",
        brief="USD that input tokens read from the cache would have cost more as plain input.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.cache_write.5m.input_tokens": Attribute(
        name="spanwise.usage.cache_write.5m.input_tokens",
        type="int",
        brief="Input tokens written to a cache that lives five minutes.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.cache_write.1h.input_tokens": Attribute(
        name="spanwise.usage.cache_write.1h.input_tokens",
        type="int",
        brief="Input tokens written to a cache that lives one hour.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.web_searches": Attribute(
        name="spanwise.usage.web_searches",
        type="int",
        brief="Web searches the provider ran and bills for.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.file_searches": Attribute(
        name="spanwise.usage.file_searches",
        type="int",
        brief="Searches in stored files that the provider ran and bills for.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.social_searches": Attribute(
        name="spanwise.usage.social_searches",
        type="int",
        brief="Searches in social networks that the provider ran and bills for.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.rerank_searches": Attribute(
        name="spanwise.usage.rerank_searches",
        type="int",
        brief="Rerankings that the provider bills for.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.code_executions": Attribute(
        name="spanwise.usage.code_executions",
        type="int",
        brief="Code executions that the provider bills for.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.tool.input_tokens": Attribute(
        name="spanwise.usage.tool.input_tokens",
        type="int",
        brief="Part of the input tokens that results of the provider's own tools took.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.citation.output_tokens": Attribute(
        name="spanwise.usage.citation.output_tokens",
        type="int",
        brief="Part of the output tokens that citations took.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.video.input_tokens": Attribute(
        name="spanwise.usage.video.input_tokens",
        type="int",
        brief="Video part of the input tokens.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.video.output_tokens": Attribute(
        name="spanwise.usage.video.output_tokens",
        type="int",
        brief="Video part of the output tokens.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.input_characters": Attribute(
        name="spanwise.usage.input_characters",
        type="int",
        brief="Characters given, where the provider bills by them.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.input_pages": Attribute(
        name="spanwise.usage.input_pages",
        type="int",
        brief="Document pages given, where the provider bills by them.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.input_annotated_pages": Attribute(
        name="spanwise.usage.input_annotated_pages",
        type="int",
        brief="Part of the document pages that was annotated.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.input_pixels": Attribute(
        name="spanwise.usage.input_pixels",
        type="int",
        brief="Pixels given, where the provider bills by them.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.input_audio_seconds": Attribute(
        name="spanwise.usage.input_audio_seconds",
        type="double",
        brief="Seconds of audio given.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.output_audio_seconds": Attribute(
        name="spanwise.usage.output_audio_seconds",
        type="double",
        brief="Seconds of audio returned.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.usage.output_images": Attribute(
        name="spanwise.usage.output_images", type="int", brief="Images returned.", members=(), sensitivity="plain"
    ),
    "spanwise.usage.sent_cost": Attribute(
        name="spanwise.usage.sent_cost",
        type="double",
        brief="Amount in US dollars that the provider sent, where an agreed discount was taken off it.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.response.region": Attribute(
        name="spanwise.response.region",
        type="string",
        brief="Region that the response says the call ran in, where the price depends on it.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.response.service_tier": Attribute(
        name="spanwise.response.service_tier",
        type="string",
        brief="Service tier used where the convention has no name for it.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.response.speed": Attribute(
        name="spanwise.response.speed",
        type="string",
        brief="Inference speed mode that was billed.",
        members=(),
        sensitivity="plain",
    ),
    "spanwise.response.refused": Attribute(
        name="spanwise.response.refused",
        type="boolean",
        brief="Set when the model declined to answer, which providers report as a success.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.response.guarded": Attribute(
        name="spanwise.response.guarded",
        type="boolean",
        brief="Set when a guardrail of the provider stepped in and changed or blocked what was asked or answered.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.response.latency_s": Attribute(
        name="spanwise.response.latency_s",
        type="double",
        brief="Seconds that the call took the provider, where the response says so.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.response.queue_s": Attribute(
        name="spanwise.response.queue_s",
        type="double",
        brief="Seconds of these that the call waited for its turn, where the response says so.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.response.load_s": Attribute(
        name="spanwise.response.load_s",
        type="double",
        brief="Seconds of these in which the model was loaded, where the response says so.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.stream.outcome": Attribute(
        name="spanwise.stream.outcome",
        type="enum",
        brief="How the reading of a stream ended.",
        members=("drained", "closed", "abandoned", "cancelled", "failed"),
        sensitivity="safe",
    ),
    "spanwise.content.dropped": Attribute(
        name="spanwise.content.dropped",
        type="string",
        brief="Why content is missing from this span.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.content.truncated": Attribute(
        name="spanwise.content.truncated",
        type="int",
        brief="Bytes of content cut from this span.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.redaction.count": Attribute(
        name="spanwise.redaction.count",
        type="int",
        brief="Values taken out of this span.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.redaction.kinds": Attribute(
        name="spanwise.redaction.kinds",
        type="string[]",
        brief="Kinds of the values taken out.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.redaction.counts": Attribute(
        name="spanwise.redaction.counts",
        type="int[]",
        brief="Values taken out of each kind, in the order of spanwise.redaction.kinds.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.redaction.kind": Attribute(
        name="spanwise.redaction.kind",
        type="string",
        brief="Kind of a value taken out (metrics only).",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.dialect": Attribute(
        name="spanwise.dialect",
        type="string",
        brief="Dialect that this span was written in before it was translated.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.duplicate_of": Attribute(
        name="spanwise.duplicate_of",
        type="string",
        brief="Span id of the call this one repeats.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.duplicate.reason": Attribute(
        name="spanwise.duplicate.reason",
        type="enum",
        brief="What shows that a span repeats another.",
        members=("response_id", "nested", "overlap"),
        sensitivity="safe",
    ),
    "spanwise.processed": Attribute(
        name="spanwise.processed",
        type="string",
        brief="Version of the pipeline that processed this span.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.sample.reason": Attribute(
        name="spanwise.sample.reason",
        type="string",
        brief="What about this span, or about its trace, makes tail sampling keep it: the name of the policy.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.prompt.first_seen": Attribute(
        name="spanwise.prompt.first_seen",
        type="boolean",
        brief=(
            "Set on the first span that a process ends of a prompt's name and version, so that tail sampling keeps one."
        ),
        members=(),
        sensitivity="safe",
    ),
    "spanwise.step": Attribute(
        name="spanwise.step",
        type="string",
        brief="Step of the pipeline (metrics only).",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.finish_reason": Attribute(
        name="spanwise.finish_reason",
        type="enum",
        brief="How a response ended (metrics only).",
        members=("stop", "length", "content_filter", "refusal", "tool_call", "error", "other"),
        sensitivity="safe",
    ),
    "spanwise.outcome": Attribute(
        name="spanwise.outcome",
        type="enum",
        brief="What became of spans that were to be exported (metrics only).",
        members=("success", "failure", "dropped"),
        sensitivity="safe",
    ),
    "spanwise.reason": Attribute(
        name="spanwise.reason",
        type="enum",
        brief="Why content was dropped (metrics only).",
        members=("redaction_failed", "cap_failed", "withheld", "over_bound", "stream_too_large"),
        sensitivity="safe",
    ),
    "spanwise.feature": Attribute(
        name="spanwise.feature",
        type="string",
        brief="Feature of the application that the call serves, by a short name.",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.label": Attribute(
        name="spanwise.label",
        type="string",
        brief="Name of a label of metrics that the policy adds (metrics only).",
        members=(),
        sensitivity="safe",
    ),
    "spanwise.tenant": Attribute(
        name="spanwise.tenant", type="string", brief="Tenant the call belongs to.", members=(), sensitivity="personal"
    ),
}
"""Attributes by name, templates among them."""

TEMPLATES: Final[tuple[str, ...]] = ("gen_ai.prompt.variable",)
"""Prefixes: every name below one, after a dot, is that attribute for one key."""
