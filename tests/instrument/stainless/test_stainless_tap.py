"""groq, cerebras-cloud-sdk, together and writer-sdk against the emulator: one span per call, nothing changed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
from importlib.metadata import version
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.record import SpanRecord
from tests.emulator import Emulator
from tests.instrument.stainless.sdk import PROVIDERS, Provider, Sdk
from tests.instrument.telemetry import Telemetry


CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
MESSAGES: Any = [{"role": "user", "content": "Where is my parcel?"}]
TOOL: Any = {
    "type": "function",
    "function": {"name": "f", "parameters": {"type": "object", "properties": {"id": {"type": "string"}}}},
}
PRICED = {"groq", "cerebras", "together_ai"}
CEREBRAS = tuple(int(part) for part in version("cerebras-cloud-sdk").split(".")[:2])


def chat(provider: Provider, sdk: Sdk, **asked: Any) -> Sdk:
    """A chat completion of a sync client, or the coroutine of an async one."""
    return provider.chat(sdk)(**{"model": provider.model, "messages": MESSAGES, **asked})


def assert_inference(telemetry: Telemetry, provider: Provider) -> None:
    """The attributes the convention asks of every finished inference."""
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"chat {provider.model}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.operation.name"] == "chat"
    assert found["gen_ai.provider.name"] == provider.name
    assert found["gen_ai.request.model"] == found["gen_ai.response.model"] == provider.model
    assert found["gen_ai.response.id"]
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] == 13
    assert found["gen_ai.usage.output_tokens"] == 18
    assert found["server.address"] == "127.0.0.1"
    assert isinstance(found["server.port"], int)
    assert not any(name in found for name in ("gen_ai.input.messages", "error.type", "http.request.resend_count"))


def test_plain_call(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A chat completion is one inference span, and the SDK's own type is returned."""
    with provider.client(emulator) as sdk:
        completion = chat(provider, sdk, temperature=0.5, stop=["X"], max_tokens=99)
    assert type(completion).__module__.startswith(provider.module)
    assert_inference(telemetry, provider)
    found = telemetry.attributes()
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["gen_ai.request.stop_sequences"] == ("X",)
    assert found["gen_ai.request.max_tokens"] == 99


async def test_plain_call_async(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """The async client gives the same span."""
    async with provider.client(emulator, is_async=True) as sdk:
        await chat(provider, sdk)
    assert_inference(telemetry, provider)


def test_stream(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A stream has its tokens on the span, and is asked for them only where it would not say them by itself."""
    with provider.client(emulator) as sdk:
        chunks = list(chat(provider, sdk, stream=True))
    assert all(chunk.choices for chunk in chunks)
    assert ("stream_options" in emulator.requests[-1].body) is (provider.name == "writer")
    assert_inference(telemetry, provider)
    found = telemetry.attributes()
    assert found["gen_ai.request.stream"] is True
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["spanwise.stream.outcome"] == "drained"


async def test_stream_async(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """The async stream gives the same span."""
    async with provider.client(emulator, is_async=True) as sdk:
        assert [chunk async for chunk in await chat(provider, sdk, stream=True)]
    assert_inference(telemetry, provider)
    assert telemetry.attributes()["spanwise.stream.outcome"] == "drained"


def test_usage_is_not_asked_for_where_it_is_switched_off(
    telemetry: Telemetry, emulator: Emulator, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the switch off no request is changed; what is not said is absent, not zero."""
    monkeypatch.setenv("SPANWISE_INCLUDE_USAGE", "never")
    with provider.client(emulator) as sdk:
        list(chat(provider, sdk, stream=True))
    assert "stream_options" not in emulator.requests[-1].body
    assert telemetry.attributes().get("gen_ai.usage.input_tokens") == (None if provider.name == "writer" else 13)


@pytest.mark.parametrize("is_stream", [False, True])
def test_times_of_the_provider(
    telemetry: Telemetry, emulator: Emulator, provider: Provider, *, is_stream: bool
) -> None:
    """The time that the provider took, and of it the time in its queue, are attributes where it tells them."""
    with provider.client(emulator) as sdk:
        answer = chat(provider, sdk, stream=is_stream)
        if is_stream:
            list(answer)
    told = provider.name in ("groq", "cerebras")
    assert telemetry.attributes().get("spanwise.response.latency_s") == (0.06 if told else None)
    assert telemetry.attributes().get("spanwise.response.queue_s") == (0.018 if told else None)


def test_price(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A call is priced from the attributes that it has; Writer's own API is in no price book."""
    with provider.client(emulator, "default;input_tokens=1000000;output_tokens=1000000") as sdk:
        chat(provider, sdk)
    span = telemetry.one()
    record = SpanRecord("chat", 1, 2, start_unix_nano=span.start_time or 0, attributes=dict(telemetry.attributes()))
    found = Cost(CostConfig())(record)
    assert found is not None
    if provider.name in PRICED:
        assert float(found.attributes["gen_ai.usage.cost.amount"]) > 0.01  # type: ignore[arg-type]
        assert found.attributes["spanwise.cost.status"] == "exact"
    else:
        assert "gen_ai.usage.cost.amount" not in found.attributes


@pytest.mark.parametrize("is_stream", [False, True])
def test_completions(telemetry: Telemetry, emulator: Emulator, provider: Provider, *, is_stream: bool) -> None:
    """A text completion is a `text_completion` span, where the SDK has them."""
    with provider.client(emulator) as sdk:
        if not hasattr(sdk, "completions"):
            assert provider.name == "groq" or (provider.name == "cerebras" and CEREBRAS < (1, 13))
            return
        answer = sdk.completions.create(model=provider.model, prompt="Once", stream=is_stream)
        if is_stream:
            assert list(answer)
    span, found = telemetry.one(), telemetry.attributes()
    assert span.name == f"text_completion {provider.model}"
    assert span.status.status_code is StatusCode.UNSET
    # Writer tells neither what a completion took nor why it ended.
    assert found.get("gen_ai.usage.output_tokens", 0) > 0 or provider.name == "writer"
    assert ("gen_ai.response.finish_reasons" in found) is (provider.name != "writer")


def test_embeddings(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """Embeddings are a span with tokens, and without texts or vectors."""
    with provider.client(emulator) as sdk:
        if not hasattr(sdk, "embeddings"):
            assert provider.name in ("cerebras", "writer")
            return
        sdk.embeddings.create(model="nomic-embed-text-v1_5", input=["a", "b"])
    assert telemetry.one().name == "embeddings nomic-embed-text-v1_5"
    assert telemetry.attributes()["gen_ai.usage.input_tokens"] == 2


@pytest.mark.parametrize("name", ["transcriptions", "translations", "speech"])
def test_audio(telemetry: Telemetry, emulator: Emulator, provider: Provider, name: str) -> None:
    """Speech in and out is a span without audio, where the SDK has it."""
    with provider.client(emulator) as sdk:
        resource = getattr(getattr(sdk, "audio", None), name, None)
        if resource is None:
            assert provider.name in ("cerebras", "writer") or name == "speech"
            return
        model = "whisper-large-v3"
        asked = {"input": "Hello", "voice": "v"} if name == "speech" else {"file": ("a.wav", b"RIFF")}
        resource.create(model=model, **asked)
    span = telemetry.one()
    assert span.name == f"generate_content {model}"
    assert span.status.status_code is StatusCode.UNSET
    assert telemetry.attributes()["gen_ai.output.type"] == ("speech" if name == "speech" else "text")


def test_images(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """Images made are counted, where the SDK makes any."""
    with provider.client(emulator) as sdk:
        if not hasattr(sdk, "images"):
            assert provider.name != "together_ai"
            return
        sdk.images.generate(model="black-forest-labs/FLUX.1-schnell", prompt="A parcel", n=2)
    assert telemetry.one().name == "generate_content black-forest-labs/FLUX.1-schnell"
    assert telemetry.attributes()["spanwise.usage.output_images"] == 2


def test_rerank(telemetry: Telemetry, emulator: Emulator, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reranking is a retrieval with its tokens, where the SDK has it."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with provider.client(emulator) as sdk:
        if not hasattr(sdk, "rerank"):
            assert provider.name != "together_ai"
            return
        sdk.rerank.create(model="Salesforce/Llama-Rank-v1", query="parcel", documents=["a parcel", "a b"], top_n=1)
    found = telemetry.attributes()
    assert found["gen_ai.operation.name"] == "retrieval"
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.retrieval.top_k"] == 1
    (best,) = json.loads(found["gen_ai.retrieval.documents"])
    assert best["content"] == "a parcel"


def test_raw_response(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """`with_raw_response`, whole and streamed, is the same span and gives the caller the raw response."""
    with provider.client(emulator) as sdk:
        create = (
            sdk.chat.with_raw_response.chat
            if provider.name == "writer"
            else (sdk.chat.completions.with_raw_response.create)
        )
        raw = create(model=provider.model, messages=MESSAGES)
        assert raw.headers["content-type"] == "application/json"
        assert raw.parse().choices
        assert list(create(model=provider.model, messages=MESSAGES, stream=True).parse())
    assert [span.name for span in telemetry.spans()] == [f"chat {provider.model}"] * 2


@pytest.mark.parametrize("is_stream", [False, True])
def test_content(
    telemetry: Telemetry, emulator: Emulator, provider: Provider, monkeypatch: pytest.MonkeyPatch, *, is_stream: bool
) -> None:
    """With SPAN_ONLY the span carries both sides, tools and calls included."""
    monkeypatch.setenv(CONTENT, "SPAN_ONLY")
    with provider.client(emulator) as sdk:
        answer = chat(provider, sdk, tools=[TOOL], stream=is_stream)
        if is_stream:
            list(answer)
    found = telemetry.attributes()
    (message,) = json.loads(found["gen_ai.input.messages"])
    assert message["parts"] == [{"type": "text", "content": "Where is my parcel?"}]
    (said,) = json.loads(found["gen_ai.output.messages"])
    assert isinstance(said["parts"][-1]["arguments"], dict)
    assert said["parts"][-1]["name"] == "f"
    assert json.loads(found["gen_ai.tool.definitions"])[0]["name"] == "f"
    assert found["gen_ai.response.finish_reasons"] == ("tool_call",)


def test_no_content_by_default(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """Without the switch no byte of prompt or answer is anywhere on the span, failures included."""
    canary = "canary-5113"
    for scenario in ("echo", "error_400", "stream_error"):
        with provider.client(emulator, scenario, max_retries=0) as sdk:
            try:
                list(chat(provider, sdk, messages=[{"role": "user", "content": canary}], stream=True))
            except provider.sdk.APIError:
                continue
    spans = telemetry.spans()
    assert len(spans) == 3
    assert not any(canary in span.to_json() for span in spans)


def test_retry_is_inside_the_span(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A 429 that the SDK retries is one span that counts it."""
    with provider.client(emulator, "rate_limit;retry_after_ms=1") as sdk:
        chat(provider, sdk)
    assert telemetry.one().status.status_code is StatusCode.UNSET
    assert telemetry.attributes()["http.request.resend_count"] == 1


@pytest.mark.parametrize(
    ("scenario", "error", "status"),
    [
        ("error_400", "BadRequestError", 400),
        ("error_401", "AuthenticationError", 401),
        ("error_403", "PermissionDeniedError", 403),
        ("error_404", "NotFoundError", 404),
        ("quota", "RateLimitError", 429),
        ("error_503", "InternalServerError", 503),
    ],
)
def test_errors(
    telemetry: Telemetry, emulator: Emulator, provider: Provider, scenario: str, error: str, status: int
) -> None:
    """The caller gets the SDK's exception; the span its class and status."""
    with (
        provider.client(emulator, scenario, max_retries=0) as sdk,
        pytest.raises(getattr(provider.sdk, error)),
    ):
        chat(provider, sdk)
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert found["error.type"] == error
    assert found["http.response.status_code"] == status
    assert not span.events


async def test_error_async(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """The async client's exception passes untouched as well."""
    async with provider.client(emulator, "error_400", is_async=True) as sdk:
        with pytest.raises(provider.sdk.BadRequestError):
            await chat(provider, sdk, stream=True)
    assert telemetry.attributes()["error.type"] == "BadRequestError"


@pytest.mark.parametrize(
    ("scenario", "error"),
    [("drop", "APIConnectionError"), ("slow_first_byte;delay_s=0.3", "APITimeoutError")],
)
def test_no_response(telemetry: Telemetry, emulator: Emulator, provider: Provider, scenario: str, error: str) -> None:
    """A connection reset and a call that times out are error spans."""
    with (
        provider.client(emulator, scenario, max_retries=0, timeout=0.1) as sdk,
        pytest.raises(getattr(provider.sdk, error)),
    ):
        chat(provider, sdk)
    assert telemetry.attributes()["error.type"] == error


def test_connection_refused(telemetry: Telemetry, provider: Provider) -> None:
    """A provider that is not there is an error span."""
    with provider.at("http://127.0.0.1:9", max_retries=0) as sdk, pytest.raises(provider.sdk.APIConnectionError):
        chat(provider, sdk)
    assert telemetry.attributes()["error.type"] == "APIConnectionError"


def test_malformed_body(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A 200 with broken JSON ends the span, without numbers that nobody said."""
    with provider.client(emulator, "malformed_body", max_retries=0) as sdk, pytest.raises(ValueError):  # noqa: PT011
        chat(provider, sdk)
    assert telemetry.attributes()["error.type"] == "JSONDecodeError"
    assert "gen_ai.usage.input_tokens" not in telemetry.attributes()


def test_error_inside_a_stream(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """An error event in a 200 stream marks the span as failed, whatever the SDK makes of it."""
    with provider.client(emulator, "stream_error") as sdk, contextlib.suppress(provider.sdk.APIError):
        list(chat(provider, sdk, stream=True))
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["spanwise.stream.outcome"] == "failed"
    assert telemetry.attributes()["error.type"] == "server_error"


def test_disconnect(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A connection lost in mid-stream is a failed span; the caller gets what it would have got."""
    with provider.client(emulator, "disconnect") as sdk:
        with pytest.raises(Exception) as failure:  # noqa: PT011 - the class is the HTTP library's
            list(chat(provider, sdk, stream=True))
        del failure
    assert telemetry.attributes()["spanwise.stream.outcome"] == "failed"
    assert telemetry.attributes()["error.type"]


@pytest.mark.parametrize("scenario", ["gzip", "crlf", "default;fragment_bytes=7"])
def test_stream_encodings(telemetry: Telemetry, emulator: Emulator, provider: Provider, scenario: str) -> None:
    """Compressed streams, CRLF streams and events cut anywhere give the same span."""
    with provider.client(emulator, scenario) as sdk:
        assert all(chunk.choices for chunk in chat(provider, sdk, stream=True))
    assert_inference(telemetry, provider)


@pytest.mark.parametrize("ending", ["close", "drop"])
def test_left_early(telemetry: Telemetry, emulator: Emulator, provider: Provider, ending: str) -> None:
    """A stream closed early, or left to the garbage collector, is one span without an error."""
    with provider.client(emulator, "default;chunks=50") as sdk:
        chunks = chat(provider, sdk, stream=True)
        next(iter(chunks))
        if ending == "close":
            chunks.response.close()
        del chunks
        gc.collect()
        span = telemetry.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert span.status.status_code is StatusCode.UNSET


async def test_cancelled(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    async with provider.client(emulator, "slow_chunks;delay_s=0.05;chunks=100", is_async=True) as sdk:
        started = asyncio.Event()

        async def read() -> None:
            async for _ in await chat(provider, sdk, stream=True):
                started.set()

        task = asyncio.create_task(read())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert telemetry.attributes()["spanwise.stream.outcome"] == "cancelled"


def test_context_is_not_left_behind(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """Between the chunks of a stream no span of ours is current."""
    with provider.client(emulator) as sdk:
        for _ in chat(provider, sdk, stream=True):
            assert not trace.get_current_span().get_span_context().is_valid
    assert len(telemetry.spans()) == 1


def test_other_calls_are_left_alone(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """A request that spends no tokens makes no span."""
    with provider.client(emulator, max_retries=0) as sdk:
        with pytest.raises(provider.sdk.APIError):
            sdk.get("/v1/models", cast_to=object)
        with pytest.raises(provider.sdk.APIError):
            sdk.post("/v1/files", body={"model": provider.model}, cast_to=object)
    assert telemetry.spans() == []


def test_chunks_are_the_same_without_us(telemetry: Telemetry, emulator: Emulator, provider: Provider) -> None:
    """What a caller receives does not depend on us, and uninstrument puts the SDK's methods back."""

    def said(sdk: Sdk) -> str:
        return "".join(chunk.choices[0].delta.content or "" for chunk in chat(provider, sdk, stream=True))

    with provider.client(emulator, "text;text=caf%C3%A9%20%F0%9F%9A%9A%20ok;chunks=7") as sdk:
        watched = said(sdk)
        provider.instrumentor().uninstrument()
        assert said(sdk) == watched == "café 🚚 ok"
    for owner in (provider.base.SyncAPIClient, provider.base.AsyncAPIClient, provider.base.BaseClient):
        assert not any(hasattr(method, "_spanwise_tap") for method in vars(owner).values())
    assert len(telemetry.spans()) == 1


def test_the_family_is_there() -> None:
    """At least one SDK of the family is installed: without any, nothing above would have run."""
    assert PROVIDERS
