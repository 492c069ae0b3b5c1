"""Live sessions of the `google-genai` SDK: a span for each response, however the session goes."""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from google.genai import types
from opentelemetry.trace import StatusCode

from spanwise.instrument import GoogleGenAIInstrumentor
from tests.emulator.gemini_live import LiveEmulator
from tests.instrument.google_genai.program import RELEASE, Sdk, client
from tests.instrument.telemetry import Telemetry


pytestmark = pytest.mark.filterwarnings("ignore:The `session.send` method:DeprecationWarning")
MODEL = "gemini-3.1-flash-live-preview"
ASKED = "Where is my parcel?"


@pytest.fixture(scope="module")
def live() -> Iterator[LiveEmulator]:
    """One server of live sessions."""
    with LiveEmulator() as emulator:
        yield emulator


@asynccontextmanager
async def session(live: LiveEmulator, scenario: str = "default", **config: Any) -> AsyncIterator[Sdk]:
    """A session whose every response meets `scenario`. The SDK knows encrypted connections only, so it is told."""
    sdk = client(live.url, scenario)
    api_client = sdk._api_client
    api_client._websocket_base_url = lambda *_: live.url
    if hasattr(api_client, "_websocket_ssl_ctx"):
        api_client._websocket_ssl_ctx = {}
    config.setdefault("response_modalities", ["TEXT"])
    async with sdk.aio.live.connect(model=MODEL, config=config) as connected:
        yield connected


async def ask(connected: Sdk, said: str = ASKED) -> None:
    """Send one turn, in the way of this release."""
    if hasattr(connected, "send_client_content"):
        await connected.send_client_content(turns=types.Content(role="user", parts=[types.Part(text=said)]))
    else:
        await connected.send(input=said, end_of_turn=True)


async def answer_of(connected: Sdk) -> str:
    """The text of one turn."""
    return "".join([message.text or "" async for message in connected.receive()])


async def test_each_turn_is_a_span(telemetry: Telemetry, live: LiveEmulator) -> None:
    """Two turns of one session are two spans with their tokens, and the SDK's types are its own."""
    async with session(live, "text;text=It%20is%20near", temperature=0.5) as connected:
        assert type(connected).__module__ == "google.genai.live"
        for _ in range(2):
            await ask(connected)
            assert await answer_of(connected) == "It is near"
        assert len(telemetry.spans()) == 2
    for span in telemetry.spans():
        found: dict[str, Any] = dict(span.attributes or {})
        assert span.name == f"generate_content {MODEL}"
        assert span.status.status_code is StatusCode.UNSET
        assert found["gen_ai.provider.name"] == "gcp.gemini"
        assert found["server.address"] == "127.0.0.1"
        assert isinstance(found["server.port"], int)
        assert found["gen_ai.request.stream"] is True
        assert found["gen_ai.response.finish_reasons"] == ("stop",)
        assert found["gen_ai.usage.input_tokens"] > 0
        assert found["gen_ai.usage.output_tokens"] > 0
        assert found["gen_ai.usage.audio.output_tokens"] == found["gen_ai.usage.output_tokens"]
        assert found["gen_ai.response.time_to_first_chunk"] > 0
        assert found["spanwise.stream.outcome"] == "drained"
        assert not any("messages" in name for name in found)
        if RELEASE >= (1, 40):
            assert found["gen_ai.conversation.id"] == "session-emu"


async def test_parent(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A response is a child of the span that was current where it was asked for."""
    tracer = telemetry.provider.get_tracer("application")
    async with session(live) as connected:
        with tracer.start_as_current_span("work"):
            await ask(connected)
        await answer_of(connected)
    response, work = sorted(telemetry.spans(), key=lambda span: span.name)
    assert response.parent is not None
    assert work.context is not None
    assert response.parent.span_id == work.context.span_id


@pytest.mark.skipif(RELEASE < (1, 20), reason="audio went another way in older releases")
async def test_audio(telemetry: Telemetry, live: LiveEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound is a response that begins with the end of the user's; none of it is on the span, what it says is."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    async with session(live, "text;text=It%20is%20near", response_modalities=["AUDIO"]) as connected:
        await connected.send_realtime_input(audio=types.Blob(data=b"sound", mime_type="audio/pcm;rate=16000"))
        await connected.send_realtime_input(activity_end=types.ActivityEnd())
        heard = [message async for message in connected.receive()]
    assert any(message.data for message in heard)
    found = telemetry.attributes()
    assert found["gen_ai.output.type"] == "speech"
    (message,) = json.loads(found["gen_ai.output.messages"])
    assert message["parts"] == [{"type": "text", "content": "It is near"}]
    assert "inline" not in str(found)
    assert "audio/pcm" not in str(found)


async def test_content(telemetry: Telemetry, live: LiveEmulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SPAN_ONLY the span has what was asked, the instruction, and what was answered."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    instruction = types.Content(parts=[types.Part(text="Be kind.")])
    async with session(live, "text;text=It%20is%20near", system_instruction=instruction) as connected:
        await ask(connected)
        await answer_of(connected)
    found = telemetry.attributes()
    assert json.loads(found["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": ASKED}]}
    ]
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be kind."}]
    (message,) = json.loads(found["gen_ai.output.messages"])
    assert message["parts"] == [{"type": "text", "content": "It is near"}]


@pytest.mark.skipif(RELEASE < (1, 20), reason="tool responses went another way in older releases")
async def test_function_call(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A call of a function ends a response; what the model says to its result is the next."""
    tool = {"function_declarations": [{"name": "find"}]}
    async with session(live, tools=[tool]) as connected:
        await ask(connected)
        async for message in connected.receive():
            if message.tool_call:
                (call,) = message.tool_call.function_calls
                result = types.FunctionResponse(id=call.id, name=call.name, response={"result": "Ghent"})
                await connected.send_tool_response(function_responses=result)
    reasons = [dict(span.attributes or {})["gen_ai.response.finish_reasons"] for span in telemetry.spans()]
    assert reasons == [("tool_call",), ("stop",)]


async def test_counts_after_the_end(telemetry: Telemetry, live: LiveEmulator) -> None:
    """Counts that follow the end of a turn are its own."""
    async with session(live, "default;kind=late") as connected:
        await ask(connected)
        await answer_of(connected)
        assert telemetry.spans() == []
        await connected._receive()
        assert len(telemetry.spans()) == 1
    assert telemetry.attributes()["gen_ai.usage.output_tokens"] > 0


async def test_interrupted(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A turn that the user breaks in on is one span that says so."""
    async with session(live, "default;kind=interrupted") as connected:
        await ask(connected)
        await answer_of(connected)
    assert telemetry.attributes()["gen_ai.response.finish_reasons"] == ("interrupted",)
    assert telemetry.attributes()["gen_ai.usage.output_tokens"] > 0


@pytest.mark.parametrize(("scenario", "code"), [("stream_error", "1011"), ("disconnect", "1006")])
async def test_failed(telemetry: Telemetry, live: LiveEmulator, scenario: str, code: str) -> None:
    """A session that breaks off ends its response with the code of the websocket; the exception is the SDK's."""
    with pytest.raises(Exception) as raised:  # noqa: PT011 - releases have different ones
        async with session(live, scenario) as connected:
            await ask(connected)
            await answer_of(connected)
    assert not type(raised.value).__module__.startswith("spanwise")
    span, found = telemetry.one(), telemetry.attributes()
    assert found["error.type"] == code
    assert found["spanwise.stream.outcome"] == "failed"
    assert span.status.status_code is StatusCode.ERROR
    assert "gen_ai.usage.output_tokens" not in found


async def test_broken_off_unnoticed(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A session that breaks off while nobody receives ends its response too."""
    async with session(live, "stream_error") as connected:
        await ask(connected)
        await connected._ws.wait_closed()
    assert telemetry.attributes()["error.type"] == "1011"


async def test_closed_early(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A session that is left in the middle of a response ends it, without an error."""
    async with session(live, "slow_chunks;delay_s=0.01;chunks=50") as connected:
        await ask(connected)
        async for _ in connected.receive():
            break
    span, found = telemetry.one(), telemetry.attributes()
    assert found["spanwise.stream.outcome"] == "closed"
    assert span.status.status_code is StatusCode.UNSET


async def test_cancelled(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A task cancelled in the middle of a response ends it, and the cancellation reaches the task."""
    started = asyncio.Event()

    async def work() -> None:
        async with session(live, "slow_chunks;delay_s=0.05;chunks=100") as connected:
            await ask(connected)
            async for _ in connected.receive():
                started.set()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert telemetry.attributes()["spanwise.stream.outcome"] == "cancelled"


async def test_who_waits_no_longer_may_come_back(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A receive that is given up is no end of the response."""
    async with session(live, "slow_chunks;delay_s=0.05;chunks=4") as connected:
        await ask(connected)
        await connected._receive()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(connected._receive(), 0.001)
        await answer_of(connected)
    assert telemetry.attributes()["spanwise.stream.outcome"] == "drained"


async def test_nothing_asked(telemetry: Telemetry, live: LiveEmulator) -> None:
    """A session in which nothing was asked is no span, nor is a turn that goes on."""
    async with session(live) as connected:
        if hasattr(connected, "send_client_content"):
            part = types.Content(role="user", parts=[types.Part(text="Wait")])
            await connected.send_client_content(turns=part, turn_complete=False)
    assert telemetry.spans() == []


async def test_uninstrument(telemetry: Telemetry, live: LiveEmulator) -> None:
    """After uninstrument the session's methods are the SDK's, and one that is open goes on without us."""
    async with session(live) as connected:
        GoogleGenAIInstrumentor().uninstrument()
        assert not [name for name, value in vars(type(connected)).items() if hasattr(value, "_spanwise_tap")]
        await ask(connected)
        assert await answer_of(connected)
    assert telemetry.spans() == []


async def test_our_failures_do_not_reach_the_caller(
    telemetry: Telemetry, live: LiveEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every hook of ours broken a session is the same."""
    from spanwise.instrument.core.tap import Tap
    from spanwise.instrument.tap.google_live import LiveHold, Responses

    monkeypatch.delenv("SPANWISE_RAISE")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ValueError("broken")

    for owner, name in (
        (LiveHold, "_opened"), (Responses, "sends"), (Responses, "received"), (Responses, "lost"), (Tap, "begin"),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, broken)
            async with session(live, "text;text=all%20good") as connected:
                await ask(connected)
                assert await answer_of(connected) == "all good", name
    gc.collect()
