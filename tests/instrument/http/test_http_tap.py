"""Plain requests to model APIs, by every HTTP library: one correct span, and nothing changed for the caller."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from urllib3._version import __version__ as urllib3_version

from tests.emulator import Emulator
from tests.instrument.http.bodies import MESSAGES, MODEL, body
from tests.instrument.http.drivers import DRIVERS, opened
from tests.instrument.telemetry import Telemetry


LIBRARIES = pytest.mark.parametrize("library", DRIVERS)
TAPS = pytest.mark.parametrize("library", ["requests", "httpx2", "httpx-async", "aiohttp"])
"""`httpx` and `httpx2` share their tap."""


def chat_url(emulator: Emulator) -> str:
    """Where a chat completion is asked for."""
    return f"{emulator.openai_url}/chat/completions"


def assert_chat(telemetry: Telemetry) -> dict[str, Any]:
    """The attributes of the only span, which is a chat completion that succeeded."""
    span = telemetry.one()
    found: dict[str, Any] = dict(span.attributes or {})
    assert span.name == f"chat {MODEL}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.provider.name"] == "openai"
    assert found["gen_ai.request.model"] == MODEL
    assert found["gen_ai.response.model"] == "gpt-4.1-mini-2025-04-14"
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.usage.output_tokens"] > 0
    assert found["server.address"] == "127.0.0.1"
    assert isinstance(found["server.port"], int)
    assert "gen_ai.input.messages" not in found
    return found


@LIBRARIES
@pytest.mark.parametrize("as_bytes", [False, True])
async def test_plain_call(plain: Telemetry, emulator: Emulator, library: str, *, as_bytes: bool) -> None:
    """A chat completion is one span, whether the body is given as an object or as bytes."""
    given: dict[str, Any] = {"data": json.dumps(body()).encode()} if as_bytes else {"json": body()}
    answer = await DRIVERS[library](chat_url(emulator), headers={"content-type": "application/json"}, **given)
    assert json.loads(answer.text)["choices"]
    assert answer.kind in ("Response", "ClientResponse")
    found = assert_chat(plain)
    assert "gen_ai.response.time_to_first_chunk" not in found
    assert "http.request.resend_count" not in found


@LIBRARIES
@pytest.mark.parametrize("scenario", ["default", "gzip"])
async def test_stream(plain: Telemetry, emulator: Emulator, library: str, scenario: str) -> None:
    """A stream read line by line is one span with its usage, where the application asked for that."""
    answer = await DRIVERS[library](
        chat_url(emulator), headers={"x-emulator": scenario}, stream=True, json=body(stream=True)
    )
    assert "[DONE]" in answer.text
    assert '"usage": {' in answer.text or '"usage":{' in answer.text
    found = assert_chat(plain)
    assert found["gen_ai.request.stream"] is True
    assert found["gen_ai.response.time_to_first_chunk"] > 0
    assert found["spanwise.stream.outcome"] == "drained"


@TAPS
async def test_stream_read_as_a_whole(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """Events that an application reads as one text are a span all the same."""
    answer = await DRIVERS[library](chat_url(emulator), headers={}, json=body(stream=True))
    assert "[DONE]" in answer.text
    assert assert_chat(plain)["spanwise.stream.outcome"] == "drained"


@TAPS
async def test_the_request_is_never_changed(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """A stream whose usage nobody asked for has no tokens: absent, not zero."""
    asked = {"model": MODEL, "messages": MESSAGES, "stream": True}
    await DRIVERS[library](chat_url(emulator), headers={}, stream=True, json=asked)
    assert emulator.requests[-1].body == asked
    found = plain.attributes()
    assert found["gen_ai.response.finish_reasons"] == ("stop",)
    assert "gen_ai.usage.output_tokens" not in found


@TAPS
@pytest.mark.parametrize(
    ("status", "scenario"), [(400, "error_400"), (401, "error_401"), (429, "quota"), (503, "error_503")]
)
async def test_refused(plain: Telemetry, emulator: Emulator, library: str, status: int, scenario: str) -> None:
    """A status from 400 is an error though the library raises nothing; the caller reads the body as it is."""
    answer = await DRIVERS[library](chat_url(emulator), headers={"x-emulator": scenario}, json=body())
    assert answer.status == status
    assert json.loads(answer.text)["error"]
    span = plain.one()
    found = dict(span.attributes or {})
    assert span.status.status_code is StatusCode.ERROR
    assert found["error.type"] == str(status)
    assert found["http.response.status_code"] == status
    assert not span.events


@TAPS
async def test_a_loop_of_the_applications_own(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """Each attempt of a loop outside the library is a call of its own."""
    emulator.enqueue("rate_limit")
    statuses: list[int] = []
    while statuses[-1:] != [200]:
        statuses.append((await DRIVERS[library](chat_url(emulator), headers={}, json=body())).status)
    assert statuses == [429, 200]
    assert [dict(span.attributes or {}).get("error.type") for span in plain.spans()] == ["429", None]


@TAPS
async def test_connection_refused(plain: Telemetry, library: str) -> None:
    """A server that is not there is an error with the library's exception."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each library has its own
        await DRIVERS[library]("http://127.0.0.1:9/v1/chat/completions", headers={}, json=body())
    assert plain.attributes()["error.type"] == type(caught.value).__qualname__


@TAPS
@pytest.mark.parametrize("scenario", ["slow_first_byte;delay_s=0.6", "drop", "disconnect"])
async def test_broken_off(plain: Telemetry, emulator: Emulator, library: str, scenario: str) -> None:
    """A time-out, a reset before the first byte and a cut body are errors; the caller gets the library's exception."""
    if library == "requests" and urllib3_version < "2":
        # It does not notice that a body of a known length was cut.
        scenario = scenario.replace("disconnect", "drop")
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each library has its own
        await DRIVERS[library](chat_url(emulator), headers={"x-emulator": scenario}, timeout_s=0.2, json=body())
    span = plain.one()
    assert span.status.status_code is StatusCode.ERROR
    assert dict(span.attributes or {})["error.type"] == type(caught.value).__qualname__


@TAPS
async def test_cut_stream(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """A connection lost in mid-stream is a failed span with what was known by then."""
    with pytest.raises(Exception):  # noqa: B017, PT011 - each library has its own
        await DRIVERS[library](
            chat_url(emulator), headers={"x-emulator": "disconnect"}, stream=True, json=body(stream=True)
        )
    found = plain.attributes()
    assert found["spanwise.stream.outcome"] == "failed"
    assert found["error.type"]


@TAPS
async def test_malformed_body(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """A 200 whose body is no JSON reaches the caller as it is, and has no tokens."""
    answer = await DRIVERS[library](chat_url(emulator), headers={"x-emulator": "malformed_body"}, json=body())
    with pytest.raises(json.JSONDecodeError):
        json.loads(answer.text)
    assert "gen_ai.usage.input_tokens" not in plain.attributes()


@TAPS
async def test_error_event(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """An error event in a 200 stream marks the span as failed; the caller sees the event."""
    answer = await DRIVERS[library](
        chat_url(emulator), headers={"x-emulator": "stream_error"}, stream=True, json=body(stream=True)
    )
    assert '"error"' in answer.text
    span = plain.one()
    assert span.status.status_code is StatusCode.ERROR
    assert dict(span.attributes or {})["spanwise.stream.outcome"] == "failed"


@TAPS
async def test_closed_early(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """A stream closed early is one span, without an error."""
    scenario = {"x-emulator": "slow_chunks;delay_s=0.01;chunks=50"}
    async with opened(library, chat_url(emulator), scenario, body(stream=True)) as read:
        found = read()
        if inspect.isawaitable(found):
            await found
    span = plain.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize("library", [name for name in DRIVERS if name.endswith("-async") or name == "aiohttp"])
@pytest.mark.parametrize("scenario", ["slow_first_byte;delay_s=1", "slow_chunks;delay_s=0.5"])
async def test_cancelled(plain: Telemetry, emulator: Emulator, library: str, scenario: str) -> None:
    """A task cancelled before or in mid-stream is one span that says so, and the cancellation reaches the task."""
    task = asyncio.ensure_future(
        DRIVERS[library](chat_url(emulator), headers={"x-emulator": scenario}, stream=True, json=body(stream=True))
    )
    while not emulator.requests or (emulator.requests[-1].status is None and "chunks" in scenario):
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.03)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    span = plain.one()
    found = dict(span.attributes or {})
    assert "Cancelled" in str(found["error.type"])
    assert found.get("spanwise.stream.outcome") == ("cancelled" if "chunks" in scenario else None)


@TAPS
async def test_messages(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """Anthropic's API, called without its SDK, is Anthropic's."""
    asked = {"model": "claude-haiku-4-5", "max_tokens": 64, "messages": MESSAGES, "stream": True}
    await DRIVERS[library](
        f"{emulator.anthropic_url}/v1/messages", headers={"anthropic-version": "2023-06-01"}, stream=True, json=asked
    )
    found = plain.attributes()
    assert found["gen_ai.provider.name"] == "anthropic"
    assert found["gen_ai.usage.output_tokens"] > 0


@TAPS
async def test_embeddings_and_responses(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """The other operations of the table have their own names."""
    for path, model in (("embeddings", "text-embedding-3-small"), ("responses", MODEL)):
        await DRIVERS[library](f"{emulator.openai_url}/{path}", headers={}, json={"model": model, "input": "Where?"})
    asked = {"model": "gpt-3.5-turbo-instruct", "prompt": "Once"}
    await DRIVERS[library](f"{emulator.openai_url}/completions", headers={}, json=asked)
    assert [span.name for span in plain.spans()] == [
        "embeddings text-embedding-3-small",
        f"chat {MODEL}",
        "text_completion gpt-3.5-turbo-instruct",
    ]


@TAPS
async def test_content(plain: Telemetry, emulator: Emulator, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With SPAN_ONLY both sides of the conversation are on the span; without, no byte of them."""
    scenario = {"x-emulator": "text;text=near"}
    await DRIVERS[library](chat_url(emulator), headers=scenario, json=body())
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    await DRIVERS[library](chat_url(emulator), headers=scenario, stream=True, json=body(stream=True))
    without, with_content = plain.spans()
    assert "parcel" not in without.to_json()
    assert "near" not in without.to_json()
    found = dict(with_content.attributes or {})
    assert json.loads(str(found["gen_ai.input.messages"]))[0]["parts"] == [
        {"type": "text", "content": "Where is my parcel?"}
    ]
    assert "near" in str(found["gen_ai.output.messages"])


def pieces() -> Iterator[bytes]:
    """A body that can be read only once."""
    data = json.dumps(body()).encode()
    yield data[:20]
    yield data[20:]


async def test_what_is_no_model_call(plain: Telemetry, emulator: Emulator) -> None:
    """Other paths, other bodies and bodies that can be read only once make no span, and are sent as they are."""
    import httpx

    for url, sent in (
        (f"{emulator.openai_url}/files", {"json": body()}),
        (chat_url(emulator), {"json": {"text": "hello"}}),
        (chat_url(emulator), {"content": b"[]"}),
        (chat_url(emulator), {"content": pieces(), "headers": {"content-length": str(len(json.dumps(body())))}}),
        (f"{emulator.url}/chat/completions", {"json": body()}),
    ):
        await asyncio.to_thread(httpx.post, url, **sent)
    assert httpx.get(chat_url(emulator)).status_code == 404
    assert plain.spans() == []
    assert emulator.requests[3].body == body()


@TAPS
async def test_the_span_is_current_while_the_request_is_made(
    plain: Telemetry, emulator: Emulator, library: str
) -> None:
    """Our span is a child of the application's and leaves nothing attached."""
    with plain.provider.get_tracer("application").start_as_current_span("work") as work:
        await DRIVERS[library](chat_url(emulator), headers={}, json=body())
        assert trace.get_current_span() is work
    call, outer = plain.spans()
    assert call.parent is not None
    assert outer.context is not None
    assert call.parent.span_id == outer.context.span_id


@TAPS
async def test_suppressed(plain: Telemetry, emulator: Emulator, library: str) -> None:
    """Suppressed instrumentation makes no span."""
    from opentelemetry.instrumentation.utils import suppress_instrumentation

    with suppress_instrumentation():
        await DRIVERS[library](chat_url(emulator), headers={}, json=body())
    assert plain.spans() == []
