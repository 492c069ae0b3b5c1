"""The `google-genai` SDK against the emulator: one correct span per call, and nothing changed for the caller."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.genai import errors, types
from opentelemetry.trace import SpanKind, StatusCode
from pydantic import BaseModel

from tests.emulator import Emulator
from tests.instrument.google_genai.program import MODEL, PROMPT, RELEASE, client, generate, retries
from tests.instrument.telemetry import Telemetry


pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")
CAPTURE = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
WAYS = pytest.mark.parametrize(
    ("asynchronous", "streamed"),
    [(False, False), (False, True), (True, False), (True, True)],
    ids=["sync", "sync stream", "async", "async stream"],
)
RETRIES = RELEASE >= (1, 30)
"""Whether the SDK can be asked to try again."""


def assert_inference(telemetry: Telemetry, provider: str = "gcp.gemini") -> dict[str, Any]:
    """The attributes the convention asks of every finished inference."""
    span, found = telemetry.one(), dict(telemetry.attributes())
    assert span.name == f"generate_content {MODEL}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.operation.name"] == "generate_content"
    assert found["gen_ai.provider.name"] == provider
    assert found["gen_ai.request.model"] == found["gen_ai.response.model"] == MODEL
    assert str(found["gen_ai.response.id"])
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert found["server.address"] == "127.0.0.1"
    assert isinstance(found["server.port"], int)
    assert "spanwise.response.refused" not in found
    assert not any("messages" in name for name in found)
    return found


@WAYS
@pytest.mark.parametrize("vertex", [False, True], ids=["studio", "vertex"])
async def test_content(
    telemetry: Telemetry, emulator: Emulator, *, vertex: bool, asynchronous: bool, streamed: bool
) -> None:
    """A content is one span, whole or streamed, and the SDK's own types are returned."""
    sdk = client(emulator.url, "text;text=It%20is%20near;output_tokens=40;reasoning_tokens=30", vertex=vertex)
    result = await generate(
        sdk, asynchronous=asynchronous, streamed=streamed, temperature=0.5, seed=7, stop_sequences=["X"]
    )
    chunks = result if streamed else [result]
    assert "".join(chunk.text or "" for chunk in chunks) == "It is near"
    assert {type(chunk) for chunk in chunks} == {types.GenerateContentResponse}
    found = assert_inference(telemetry, "gcp.vertex_ai" if vertex else "gcp.gemini")
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["gen_ai.request.seed"] == 7
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["gen_ai.usage.output_tokens"] == 40
    assert found["gen_ai.usage.reasoning.output_tokens"] == 30
    assert found.get("spanwise.response.service_tier") == ("ON_DEMAND" if vertex else None)
    assert found.get("gen_ai.request.stream") is (True if streamed else None)
    assert found.get("spanwise.stream.outcome") == ("drained" if streamed else None)
    assert ("gen_ai.response.time_to_first_chunk" in found) is streamed


@WAYS
@pytest.mark.parametrize("scenario", ["gzip", "crlf", "default;fragment_bytes=7"])
async def test_encodings(
    telemetry: Telemetry, emulator: Emulator, scenario: str, *, asynchronous: bool, streamed: bool
) -> None:
    """Compressed bodies, CRLF streams and events cut anywhere are read alike."""
    await generate(client(emulator.url, scenario), asynchronous=asynchronous, streamed=streamed)
    assert_inference(telemetry)


@WAYS
async def test_tokens_are_inclusive(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """Input includes the cache and what tools put into the prompt, output the thoughts; modalities stand beside."""
    details = {
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 700}, {"modality": "AUDIO", "tokenCount": 300}]
    }
    usage = json.dumps({"toolUsePromptTokenCount": 50, **details}).replace(";", "")
    scenario = f"default;input_tokens=1000;cached_tokens=600;output_tokens=90;reasoning_tokens=70;usage={usage}"
    await generate(client(emulator.url, scenario), asynchronous=asynchronous, streamed=streamed)
    found = assert_inference(telemetry)
    assert found["gen_ai.usage.input_tokens"] == 1050
    assert found["gen_ai.usage.cache_read.input_tokens"] == 600
    assert found["spanwise.usage.tool.input_tokens"] == 50
    assert found["gen_ai.usage.text.input_tokens"] == 700
    assert found["gen_ai.usage.audio.input_tokens"] == 300
    assert found["gen_ai.usage.text.cache_read.input_tokens"] == 600
    assert found["gen_ai.usage.output_tokens"] == 90
    assert found["gen_ai.usage.reasoning.output_tokens"] == 70


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_chat(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool) -> None:
    """Each message of a chat is one span, streamed ones too."""
    sdk = client(emulator.url)
    if asynchronous:
        chat = sdk.aio.chats.create(model=MODEL)
        await chat.send_message(PROMPT)
        assert [chunk async for chunk in await chat.send_message_stream(PROMPT)]
    else:
        chat = sdk.chats.create(model=MODEL)
        chat.send_message(PROMPT)
        assert list(chat.send_message_stream(PROMPT))
    assert [span.name for span in telemetry.spans()] == [f"generate_content {MODEL}"] * 2


@pytest.mark.filterwarnings("ignore::UserWarning")
@WAYS
async def test_automatic_function_calling(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """Each model call that the SDK makes around a function of the application is one span."""
    called: list[str] = []

    def find_parcel(number: str) -> str:
        """Where a parcel is."""
        called.append(number)
        return "Ghent"

    # Old releases take no annotations that are text.
    find_parcel.__annotations__ = {"number": str, "return": str}
    await generate(client(emulator.url), asynchronous=asynchronous, streamed=streamed, tools=[find_parcel])
    assert len(called) == 1
    reasons = [dict(span.attributes or {})["gen_ai.response.finish_reasons"] for span in telemetry.spans()]
    assert len(reasons) == len(emulator.requests)
    # Old releases give up a stream after the function.
    assert reasons == [("tool_call",), ("stop",)][: len(reasons)]
    assert len(reasons) == 2 or RELEASE < (1, 40)


@pytest.mark.parametrize("asynchronous", [False, True])
async def test_candidates(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool) -> None:
    """Several candidates are several finish reasons, and their number is on the span."""
    await generate(client(emulator.url), asynchronous=asynchronous, streamed=False, candidate_count=3)
    found = telemetry.attributes()
    assert found["gen_ai.request.choice.count"] == 3
    assert found["gen_ai.response.finish_reasons"] == ("stop", "stop", "stop")


class Place(BaseModel):
    """Where a parcel is."""

    city: str


async def test_response_schema(telemetry: Telemetry, emulator: Emulator) -> None:
    """A schema asks for JSON, and the SDK still parses it."""
    sdk = client(emulator.url)
    result = await generate(
        sdk, asynchronous=False, streamed=False, response_schema=Place, response_mime_type="application/json"
    )
    assert isinstance(result.parsed, Place)
    assert telemetry.attributes()["gen_ai.output.type"] == "json"


@WAYS
@pytest.mark.parametrize(
    ("scenario", "reason", "refused"),
    [("content_filter", "content_filter", True), ("refusal", "content_filter", True), ("length", "length", None)],
)
async def test_how_it_ended(
    telemetry: Telemetry,
    emulator: Emulator,
    scenario: str,
    reason: str,
    *,
    refused: bool | None,
    asynchronous: bool,
    streamed: bool,
) -> None:
    """An answer or a prompt that a filter took is a success that says so."""
    await generate(client(emulator.url, scenario), asynchronous=asynchronous, streamed=streamed)
    found = telemetry.attributes()
    assert found["gen_ai.response.finish_reasons"] == (reason,)
    assert found.get("spanwise.response.refused") is refused
    assert telemetry.one().status.status_code is StatusCode.UNSET


@WAYS
async def test_searches_are_counted(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """Queries of a grounded answer are counted, because they are billed apart."""
    search = types.Tool(google_search=types.GoogleSearch())
    await generate(client(emulator.url, "text"), asynchronous=asynchronous, streamed=streamed, tools=[search])
    assert telemetry.attributes()["spanwise.usage.web_searches"] == 2


async def test_service_tier(telemetry: Telemetry, emulator: Emulator) -> None:
    """The tier that AI Studio names in a header is on the span."""
    await generate(client(emulator.url, "default;service_tier=flex"), asynchronous=False, streamed=False)
    assert telemetry.attributes()["spanwise.response.service_tier"] == "flex"


@pytest.mark.parametrize(
    ("vertex", "model"),
    [(False, "gemini-embedding-001"), (True, "gemini-embedding-001"), (True, "text-embedding-005")],
)
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_embeddings(
    telemetry: Telemetry, emulator: Emulator, model: str, *, vertex: bool, asynchronous: bool
) -> None:
    """Embeddings are a span with tokens and dimensions and without texts or vectors."""
    sdk = client(emulator.url, vertex=vertex)
    arguments: dict[str, Any] = {
        "model": model,
        "contents": ["a parcel", "an invoice"],
        "config": {"output_dimensionality": 8},
    }
    found_by = (
        await sdk.aio.models.embed_content(**arguments) if asynchronous else sdk.models.embed_content(**arguments)
    )
    assert [len(each.values) for each in found_by.embeddings] == [8, 8]
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"embeddings {model}"
    assert found["gen_ai.provider.name"] == ("gcp.vertex_ai" if vertex else "gcp.gemini")
    assert found["gen_ai.embeddings.dimension.count"] == 8
    assert found["gen_ai.usage.input_tokens"] == 5
    predicted = emulator.requests[-1].path.endswith(":predict")
    assert found.get("spanwise.usage.input_characters") == (18 if predicted else None)
    assert "gen_ai.usage.output_tokens" not in found


@pytest.mark.filterwarnings("ignore:The generate_images method")
@pytest.mark.parametrize("asynchronous", [False, True])
async def test_images(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool) -> None:
    """Images are a span that counts them."""
    sdk = client(emulator.url, vertex=True)
    arguments: dict[str, Any] = {
        "model": "imagen-4.0-generate-001",
        "prompt": PROMPT,
        "config": {"number_of_images": 2},
    }
    if asynchronous:
        made = await sdk.aio.models.generate_images(**arguments)
    else:
        made = sdk.models.generate_images(**arguments)
    assert len(made.generated_images) == 2
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == "generate_content imagen-4.0-generate-001"
    assert found["gen_ai.output.type"] == "image"
    assert found["gen_ai.request.choice.count"] == 2
    assert found["spanwise.usage.output_images"] == 2
    assert found["gen_ai.response.finish_reasons"] == ("stop", "stop")


async def test_counting_tokens_is_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """Counting tokens spends none and gets no span."""
    sdk = client(emulator.url)
    assert sdk.models.count_tokens(model=MODEL, contents=PROMPT).total_tokens > 0
    assert (await sdk.aio.models.count_tokens(model=MODEL, contents=PROMPT)).total_tokens > 0
    assert telemetry.spans() == []


@WAYS
async def test_content_on_the_span(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, asynchronous: bool, streamed: bool
) -> None:
    """With SPAN_ONLY the span has both sides of the conversation in the convention's form."""
    monkeypatch.setenv(CAPTURE, "SPAN_ONLY")
    image = types.Part.from_bytes(data=b"\x89PNG", mime_type="image/png")
    tool = types.Tool(function_declarations=[types.FunctionDeclaration(name="find", description="Finds.")])
    await generate(
        client(emulator.url, "text;text=It%20is%20near;chunks=3"),
        asynchronous=asynchronous,
        streamed=streamed,
        contents=[types.Content(role="user", parts=[types.Part(text=PROMPT), image])],
        system_instruction="Be kind.",
        tools=[tool],
        thinking_config={"include_thoughts": True},
    )
    found = telemetry.attributes()
    (asked,) = json.loads(found["gen_ai.input.messages"])
    assert asked["role"] == "user"
    assert asked["parts"][0] == {"type": "text", "content": PROMPT}
    assert asked["parts"][1] == {
        "type": "blob", "modality": "image", "mime_type": "image/png", "content": "iVBORw==",
    }  # fmt: skip
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be kind."}]
    assert json.loads(found["gen_ai.tool.definitions"])[0]["name"] == "find"
    (answer,) = json.loads(found["gen_ai.output.messages"])
    assert [part["type"] for part in answer["parts"]] == ["reasoning", "text"]
    assert answer["parts"][1]["content"] == "It is near"


async def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    for scenario in ("echo", "error_400", "stream_error", "refusal"):
        for streamed in (False, True):
            try:
                await generate(client(emulator.url, scenario), asynchronous=False, streamed=streamed, contents=canary)
            except errors.APIError:
                continue
    spans = telemetry.spans()
    assert len(spans) == 8
    assert not any(canary in span.to_json() for span in spans)


@pytest.mark.skipif(not RETRIES, reason="the SDK learned to try again later")
@WAYS
async def test_retries_are_inside_the_span(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """A 429 that the SDK retries is one span that counts it."""
    sdk = client(emulator.url, "rate_limit;times=2", retry_options=retries(4))
    await generate(sdk, asynchronous=asynchronous, streamed=streamed)
    assert assert_inference(telemetry)["http.request.resend_count"] == 2
