"""Websockets of the `openai` SDK: a span for each response, and nothing changed for the caller."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import openai
import pytest
from opentelemetry.trace import StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.record import SpanRecord
from tests.instrument.openai.sdk import RELEASE
from tests.instrument.telemetry import Telemetry


if TYPE_CHECKING:
    from tests.emulator.openai_websocket import WebsocketEmulator


Sdk: TypeAlias = Any
"""Clients and connections of an SDK: its overloads want literal arguments, tests have parameters."""

MODEL = "gpt-realtime"

# What the SDK does with the newest `websockets` is deprecated there.
pytestmark = pytest.mark.filterwarnings("ignore:connect\\(\\) must be used as a context manager:DeprecationWarning")

with_realtime = pytest.mark.skipif(RELEASE < (1, 105), reason="realtime left beta in 1.105")
with_responses = pytest.mark.skipif(
    not hasattr(getattr(openai.OpenAI(api_key="k"), "responses", None), "connect"),
    reason="responses over a websocket came in the course of 2",
)


@pytest.fixture(scope="session")
def websockets() -> Iterator[WebsocketEmulator]:
    """One server for the session."""
    from tests.emulator.openai_websocket import WebsocketEmulator

    with WebsocketEmulator() as emulator:
        yield emulator


def _options(emulator: WebsocketEmulator, scenario: str) -> dict[str, Any]:
    """Older releases speak TLS to whatever the URL for websockets does not say."""
    url = emulator.openai_url
    socket = url.replace("http:", "ws:")
    headers = {"x-emulator": scenario}
    return {"base_url": url, "websocket_base_url": socket, "api_key": "k", "default_headers": headers}


def client(emulator: WebsocketEmulator, scenario: str = "default") -> Sdk:
    """A sync client whose every connection meets `scenario`."""
    return openai.OpenAI(**_options(emulator, scenario))


def aclient(emulator: WebsocketEmulator, scenario: str = "default") -> Sdk:
    """An async client whose every connection meets `scenario`."""
    return openai.AsyncOpenAI(**_options(emulator, scenario))


def all_attributes(telemetry: Telemetry) -> Sequence[Mapping[str, Any]]:
    """The attributes of every finished span, in the order they ended."""
    return [dict(span.attributes or {}) for span in telemetry.spans()]


def until(connection: Sdk, *kinds: str) -> list[Sdk]:
    """Events up to the first of one of `kinds`."""
    events = []
    for event in connection:
        events.append(event)
        if event.type in kinds:
            break
    return events


async def until_async(connection: Sdk, *kinds: str) -> list[Sdk]:
    """As `until`, of an async connection."""
    events = []
    async for event in connection:
        events.append(event)
        if event.type in kinds:
            break
    return events


def assert_response(found: Mapping[str, Any]) -> None:
    """The attributes of a response that was spoken."""
    assert found["gen_ai.operation.name"] == "chat"
    assert found["gen_ai.provider.name"] == "openai"
    assert found["gen_ai.request.model"] == MODEL
    assert found["gen_ai.output.type"] == "speech"
    assert found["gen_ai.conversation.id"] == "conv_1"
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] == 200
    assert found["gen_ai.usage.text.input_tokens"] == 120
    assert found["gen_ai.usage.audio.input_tokens"] == 80
    assert found["gen_ai.usage.cache_read.input_tokens"] == 104
    assert found["gen_ai.usage.text.cache_read.input_tokens"] == 64
    assert found["gen_ai.usage.audio.cache_read.input_tokens"] == 40
    assert found["gen_ai.usage.output_tokens"] == 80
    assert found["gen_ai.usage.text.output_tokens"] == 20
    assert found["gen_ai.usage.audio.output_tokens"] == 60
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["spanwise.stream.outcome"] == "drained"
    assert found["server.address"] == "127.0.0.1"
    assert isinstance(found["server.port"], int)
    assert not [name for name in found if "messages" in name or "instructions" in name]


@with_realtime
def test_each_response_is_a_span(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """Two responses on one connection are two spans, with their tokens by modality."""
    with client(websockets).realtime.connect(model=MODEL) as connection:
        kind = type(connection).__name__
        for _ in range(2):
            connection.response.create()
            events = until(connection, "response.done")
    assert kind == "RealtimeConnection"
    assert type(events[-1]).__name__ == "ResponseDoneEvent"
    first, second = all_attributes(telemetry)
    assert_response(first)
    assert_response(second)
    assert first["gen_ai.response.id"] != second["gen_ai.response.id"]
    assert [span.name for span in telemetry.spans()] == [f"chat {MODEL}"] * 2


@with_realtime
async def test_each_response_is_a_span_async(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """The async connection gives the same span."""
    async with aclient(websockets).realtime.connect(model=MODEL) as connection:
        await connection.response.create()
        await until_async(connection, "response.done")
    (found,) = all_attributes(telemetry)
    assert_response(found)


@pytest.mark.skipif(RELEASE < (1, 55), reason="the beta of realtime came with 1.55")
async def test_the_beta_of_realtime(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """Connections of the beta give the same span, from settings that the application sends as they are."""
    async with aclient(websockets, "default;kind=text").beta.realtime.connect(model=MODEL) as connection:
        await connection.send({"type": "response.create", "response": {"temperature": 0.8}})
        await until_async(connection, "response.done")
    (found,) = all_attributes(telemetry)
    assert found["gen_ai.request.model"] == MODEL
    assert found["gen_ai.request.temperature"] == 0.8
    assert found["gen_ai.usage.input_tokens"] == 120


@with_realtime
@pytest.mark.parametrize(
    ("scenario", "reason", "error"),
    [
        ("default;kind=text", "stop", None),
        ("tool_calls", "tool_call", None),
        ("length", "length", None),
        ("default;kind=cancelled", "cancelled", None),
        ("stream_error", "error", "server_error"),
    ],
)
def test_how_a_response_ends(
    telemetry: Telemetry, websockets: WebsocketEmulator, scenario: str, reason: str, error: str | None
) -> None:
    """Each end has its reason; only one that failed is an error."""
    with client(websockets, scenario).realtime.connect(model=MODEL) as connection:
        connection.response.create(response={"max_output_tokens": 200})
        until(connection, "response.done")
    (found,) = all_attributes(telemetry)
    assert found["gen_ai.response.finish_reasons"] == (reason,)
    assert found.get("error.type") == error
    assert found["gen_ai.request.max_tokens"] == 200
    assert telemetry.one().status.status_code is (StatusCode.ERROR if error else StatusCode.UNSET)


@with_realtime
def test_words_are_captured_and_audio_is_not(
    telemetry: Telemetry, websockets: WebsocketEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the switch on, instructions and what was said are there, as text."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    with client(websockets).realtime.connect(model=MODEL) as connection:
        connection.session.update(session={"type": "realtime", "instructions": "Be kind."})
        until(connection, "session.updated")
        connection.response.create()
        until(connection, "response.done")
    (found,) = all_attributes(telemetry)
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be kind."}]
    (message,) = json.loads(found["gen_ai.output.messages"])
    assert message["parts"] == [{"type": "text", "content": "Standard delivery takes 3 to 5 working days."}]


@with_realtime
def test_a_request_that_is_refused_is_a_failed_span(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """An error that names the request is that of its span; one that names none is of no response."""
    with client(websockets, "error_400").realtime.connect(model=MODEL) as connection:
        connection.response.create(event_id="event_mine")
        until(connection, "error")
        connection.response.create()
        until(connection, "error")
    (found,) = all_attributes(telemetry)
    assert found["error.type"] == "invalid_value"


@with_realtime
def test_a_connection_that_breaks_ends_its_response(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """The caller gets the exception of the library, the span its name."""
    from websockets.exceptions import ConnectionClosedError

    with client(websockets, "disconnect").realtime.connect(model=MODEL) as connection:
        connection.response.create()
        with pytest.raises(ConnectionClosedError):
            list(connection)
    (found,) = all_attributes(telemetry)
    assert found["error.type"] == "ConnectionClosedError"
    assert found["spanwise.stream.outcome"] == "failed"


@with_realtime
async def test_a_connection_that_is_closed_ends_its_response(
    telemetry: Telemetry, websockets: WebsocketEmulator
) -> None:
    """Leaving before the end is no error."""
    async with aclient(websockets, "default;kind=silent").realtime.connect(model=MODEL) as connection:
        await connection.response.create()
        await until_async(connection, "response.created")
    (found,) = all_attributes(telemetry)
    assert found["spanwise.stream.outcome"] == "closed"
    assert "error.type" not in found
    assert "gen_ai.usage.output_tokens" not in found


@with_realtime
def test_a_connection_that_is_dropped_ends_its_response(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """A response whose connection the garbage collector takes has ended as well."""
    connection = client(websockets, "default;kind=silent").realtime.connect(model=MODEL).enter()
    inner = connection._connection
    connection.response.create()
    until(connection, "response.created")
    del connection
    gc.collect()
    (found,) = all_attributes(telemetry)
    assert found["spanwise.stream.outcome"] == "abandoned"
    inner.close()


@with_realtime
def test_realtime_is_priced(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """Text, audio and what of both came from the cache have their own prices."""
    with client(websockets).realtime.connect(model=MODEL) as connection:
        connection.response.create()
        until(connection, "response.done")
    start = telemetry.one().start_time or 0
    record = SpanRecord("chat", 1, 1, start_unix_nano=start, attributes=dict(telemetry.attributes()))
    # Dollars a million: text 4 and 16, audio 32 and 64, from the cache 0.4.
    expected = (120 - 64) * 4 + (80 - 40) * 32 + 104 * 0.4 + 20 * 16 + 60 * 64
    assert Cost(CostConfig())(record).attributes["spanwise.cost.micro_usd"] == round(expected)


@with_responses
@pytest.mark.parametrize(
    ("scenario", "error"), [("default", None), ("stream_error", "server_error"), ("error_400", "invalid_value")]
)
def test_responses_over_a_websocket(
    telemetry: Telemetry, websockets: WebsocketEmulator, scenario: str, error: str | None
) -> None:
    """A response asked for on a connection is the span it would be without one, its request's settings included."""
    with client(websockets, scenario).responses.connect() as connection:
        connection.response.create(model="gpt-4.1-mini", input="Where is my parcel?", temperature=0.5)
        until(connection, "response.completed", "response.failed", "error")
    (found,) = all_attributes(telemetry)
    assert found["gen_ai.request.model"] == "gpt-4.1-mini"
    assert found["gen_ai.request.temperature"] == 0.5
    assert found["openai.api.type"] == "responses"
    assert found.get("error.type") == error
    if error is None:
        assert found["gen_ai.usage.output_tokens"] > 0
        assert found["gen_ai.response.finish_reasons"] == ("stop",)


@with_responses
async def test_a_responses_connection_that_breaks(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """The async connection ends its response as the sync one does."""
    async with aclient(websockets, "disconnect").responses.connect() as connection:
        await connection.response.create(model="gpt-4.1-mini", input="Hello")
        with pytest.raises(Exception, match="1011"):
            await until_async(connection, "response.completed")
    (found,) = all_attributes(telemetry)
    assert found["error.type"] == "ConnectionClosedError"


@with_realtime
def test_nothing_is_left_behind(telemetry: Telemetry, websockets: WebsocketEmulator) -> None:
    """After uninstrumenting, connections are the SDK's own, those that are open included."""
    from spanwise.instrument import OpenAIInstrumentor

    with client(websockets).realtime.connect(model=MODEL) as connection:
        OpenAIInstrumentor().uninstrument()
        kind: Any = type(connection)
        assert not hasattr(kind.recv_bytes, "_spanwise_tap")
        assert not hasattr(kind.close, "_spanwise_tap")
        connection.response.create()
        until(connection, "response.done")
        OpenAIInstrumentor().instrument(tracer_provider=telemetry.provider)
    assert telemetry.spans() == []
