"""Agents and knowledge bases of Bedrock through `boto3`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from tests.emulator import Emulator
from tests.instrument.bedrock.client import Sdk, client
from tests.instrument.telemetry import Telemetry


AGENT: Any = {"agentId": "AGENT12345", "agentAliasId": "ALIAS12345", "sessionId": "session-1", "inputText": "Where?"}
MODEL_ARN = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-5-sonnet-20241022-v2:0"
QUESTION: Any = {
    "input": {"text": "Where is my parcel?"},
    "retrieveAndGenerateConfiguration": {
        "type": "KNOWLEDGE_BASE",
        "knowledgeBaseConfiguration": {
            "knowledgeBaseId": "KB12345678",
            "modelArn": MODEL_ARN,
            "generationConfiguration": {"inferenceConfig": {"textInferenceConfig": {"maxTokens": 99}}},
        },
    },
}


@contextmanager
def agents(emulator: Emulator, scenario: str = "default") -> Iterator[Sdk]:
    """A client of the runtime of agents."""
    with client(emulator, scenario, service="bedrock-agent-runtime") as sdk:
        yield sdk


@pytest.fixture
def _content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")


@pytest.mark.usefixtures("_content")
def test_agent(telemetry: Telemetry, emulator: Emulator) -> None:
    """A run of an agent is one client span with agent, version and conversation; without traces nothing is counted."""
    with agents(emulator, "text;text=It%20is%20near") as sdk:
        said = b"".join(event["chunk"]["bytes"] for event in sdk.invoke_agent(**AGENT)["completion"])
    assert said == b"It is near"
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == "invoke_agent"
    assert span.kind is SpanKind.CLIENT
    assert found["gen_ai.operation.name"] == "invoke_agent"
    assert found["gen_ai.provider.name"] == "aws.bedrock"
    assert found["gen_ai.agent.id"] == "AGENT12345"
    assert found["gen_ai.agent.version"] == "ALIAS12345"
    assert found["gen_ai.conversation.id"] == "session-1"
    assert found["spanwise.stream.outcome"] == "drained"
    assert "gen_ai.usage.input_tokens" not in found
    assert json.loads(found["gen_ai.input.messages"])[0]["parts"] == [{"type": "text", "content": "Where?"}]
    assert json.loads(found["gen_ai.output.messages"])[0]["parts"] == [{"type": "text", "content": "It is near"}]


def test_agent_with_traces(telemetry: Telemetry, emulator: Emulator) -> None:
    """Traces tell what the models behind the agent used: the span has the sum, and the model if there was one."""
    with agents(emulator, "text;input_tokens=40;output_tokens=7;cached_tokens=0") as sdk:
        list(sdk.invoke_agent(**AGENT, enableTrace=True)["completion"])
    found = telemetry.attributes()
    assert found["gen_ai.usage.input_tokens"] == 80
    assert found["gen_ai.usage.output_tokens"] == 14
    assert "gen_ai.output.messages" not in found


def test_agent_fails_inside_its_stream(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error event in a run is known by its code."""
    with agents(emulator, "stream_error") as sdk:
        stream = sdk.invoke_agent(**AGENT)["completion"]
        with pytest.raises(sdk.exceptions.ClientError):
            list(stream)
        stream.close()
    assert telemetry.attributes()["error.type"] == "ThrottlingException"
    assert telemetry.one().status.status_code is StatusCode.ERROR


def test_inline_agent(telemetry: Telemetry, emulator: Emulator) -> None:
    """An inline agent has a model, and where the release knows it a name."""
    with agents(emulator) as sdk:
        if not hasattr(sdk, "invoke_inline_agent"):
            return
        model = sdk.meta.service_model.operation_model("InvokeInlineAgent")
        named = {"agentName": "parcels"} if "agentName" in model.input_shape.members else {}
        instruction = "You help customers of a shop to find their parcels."
        answer = sdk.invoke_inline_agent(
            sessionId="session-1", inputText="Where?", instruction=instruction, foundationModel="m", **named
        )
        list(answer["completion"])
    found = telemetry.attributes()
    assert telemetry.one().name == ("invoke_agent parcels" if named else "invoke_agent")
    assert found["gen_ai.request.model"] == "m"
    assert found["gen_ai.conversation.id"] == "session-1"


@pytest.mark.usefixtures("_content")
def test_retrieve(telemetry: Telemetry, emulator: Emulator) -> None:
    """A search is a retrieval named by its knowledge base, with query and scored documents under content capture."""
    with agents(emulator) as sdk:
        sdk.retrieve(
            knowledgeBaseId="KB12345678",
            retrievalQuery={"text": "Where?"},
            retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": 3}},
        )
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == "retrieval KB12345678"
    assert found["gen_ai.data_source.id"] == "KB12345678"
    assert found["gen_ai.retrieval.top_k"] == 3
    assert found["gen_ai.retrieval.query.text"] == "Where?"
    documents = json.loads(found["gen_ai.retrieval.documents"])
    assert documents[0] == {"id": "s3://shop/faq-1.md", "score": 0.75, "content": "Passage 1."}
    assert len(documents) == 3


def test_retrieve_without_content(telemetry: Telemetry, emulator: Emulator) -> None:
    """Query and documents are content: without the switch neither is on the span."""
    with agents(emulator) as sdk:
        sdk.retrieve(knowledgeBaseId="KB12345678", retrievalQuery={"text": "canary-1"})
    assert "canary-1" not in telemetry.one().to_json()
    assert "gen_ai.retrieval.documents" not in telemetry.attributes()


@pytest.mark.usefixtures("_content")
@pytest.mark.parametrize("streamed", [False, True])
def test_retrieve_and_generate(telemetry: Telemetry, emulator: Emulator, *, streamed: bool) -> None:
    """An answer from a knowledge base is an inference of the model that wrote it, whose tokens nobody tells."""
    with agents(emulator, "text;text=It%20is%20near") as sdk:
        if streamed and not hasattr(sdk, "retrieve_and_generate_stream"):
            return
        if streamed:
            list(sdk.retrieve_and_generate_stream(**QUESTION)["stream"])
        else:
            sdk.retrieve_and_generate(**QUESTION)
    found = telemetry.attributes()
    assert telemetry.one().name == f"chat {MODEL_ARN}"
    assert found["aws.bedrock.knowledge_base.id"] == "KB12345678"
    assert str(found["gen_ai.conversation.id"]).startswith("session-")
    assert found["gen_ai.request.max_tokens"] == 99
    assert "gen_ai.usage.input_tokens" not in found
    assert json.loads(found["gen_ai.output.messages"])[0]["parts"][0]["content"] == "It is near"


@pytest.mark.usefixtures("_content")
def test_rerank(telemetry: Telemetry, emulator: Emulator) -> None:
    """Ranking is a retrieval of a model, with scores under content capture."""
    with agents(emulator) as sdk:
        if not hasattr(sdk, "rerank"):
            return
        source = {"type": "INLINE", "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": "a"}}}
        ranking = {"modelConfiguration": {"modelArn": MODEL_ARN}, "numberOfResults": 1}
        sdk.rerank(
            queries=[{"type": "TEXT", "textQuery": {"text": "Where?"}}],
            sources=[source, source],
            rerankingConfiguration={"type": "BEDROCK_RERANKING_MODEL", "bedrockRerankingConfiguration": ranking},
        )
    found = telemetry.attributes()
    assert found["gen_ai.operation.name"] == "retrieval"
    assert found["gen_ai.request.model"] == MODEL_ARN
    assert found["gen_ai.retrieval.top_k"] == 1
    assert json.loads(found["gen_ai.retrieval.documents"]) == [{"id": "1", "score": 0.5}]


def test_error(telemetry: Telemetry, emulator: Emulator) -> None:
    """A search that is refused is known by its code."""
    with agents(emulator, "error_404") as sdk, pytest.raises(sdk.exceptions.ResourceNotFoundException):
        sdk.retrieve(knowledgeBaseId="KB12345678", retrievalQuery={"text": "Where?"})
    assert telemetry.attributes()["error.type"] == "ResourceNotFoundException"
    assert telemetry.attributes()["http.response.status_code"] == 404
