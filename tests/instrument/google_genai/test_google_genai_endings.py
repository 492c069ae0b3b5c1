"""Calls of the `google-genai` SDK that end in every way but the intended one."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from contextlib import suppress
from typing import Any

import pytest
from google.genai import errors
from opentelemetry.instrumentation.utils import suppress_instrumentation
from opentelemetry.trace import StatusCode

from spanwise.instrument import GoogleGenAIInstrumentor
from tests.emulator import Emulator
from tests.instrument.google_genai.program import (
    LIBRARIES,
    MODEL,
    PROMPT,
    RELEASE,
    Sdk,
    client,
    generate,
    retries,
    sending_with,
)
from tests.instrument.telemetry import Telemetry


pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning"),
    # What the SDK leaves open where a stream fails: connections, sockets, transports.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
WAYS = pytest.mark.parametrize(
    ("asynchronous", "streamed"),
    [(False, False), (False, True), (True, False), (True, True)],
    ids=["sync", "sync stream", "async", "async stream"],
)
LIBRARY = pytest.mark.parametrize("library", LIBRARIES)
BOTH = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])


def error_of(telemetry: Telemetry) -> tuple[str, int | None]:
    """The error of the only span, whose status says it without a message."""
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description == found["error.type"]
    assert not span.events
    return found["error.type"], found.get("http.response.status_code")


async def settled(telemetry: Telemetry) -> None:
    """Wait for a span: generators inside a stream are closed by the event loop, one after the other."""
    for _ in range(1000):
        if telemetry.spans():
            break
        await asyncio.sleep(0)


@WAYS
@pytest.mark.parametrize(
    ("scenario", "error", "word", "status"),
    [
        ("error_400", errors.ClientError, "INVALID_ARGUMENT", 400),
        ("error_401", errors.ClientError, "UNAUTHENTICATED", 401),
        ("error_403", errors.ClientError, "PERMISSION_DENIED", 403),
        ("error_404", errors.ClientError, "NOT_FOUND", 404),
        ("rate_limit;times=always", errors.ClientError, "RESOURCE_EXHAUSTED", 429),
        ("error_500", errors.ServerError, "INTERNAL", 500),
        ("error_503", errors.ServerError, "UNAVAILABLE", 503),
    ],
)
async def test_errors(
    telemetry: Telemetry,
    emulator: Emulator,
    scenario: str,
    error: type[Exception],
    word: str,
    status: int,
    *,
    asynchronous: bool,
    streamed: bool,
) -> None:
    """The caller gets the SDK's exception; the span Google's word for it and the status."""
    sdk = client(emulator.url, scenario)
    with pytest.raises(error) as raised:
        await generate(sdk, asynchronous=asynchronous, streamed=streamed)
    assert type(raised.value) is error
    assert error_of(telemetry) == (word, status)


@pytest.mark.skipif(RELEASE < (1, 30), reason="the SDK learned to try again later")
@WAYS
async def test_retries_that_do_not_help(
    telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool
) -> None:
    """A call whose every attempt fails is one span that counts them."""
    sdk = client(emulator.url, "error_503", retry_options=retries(3))
    with pytest.raises(errors.ServerError):
        await generate(sdk, asynchronous=asynchronous, streamed=streamed)
    assert error_of(telemetry) == ("UNAVAILABLE", 503)
    assert telemetry.attributes()["http.request.resend_count"] == 2


@BOTH
@LIBRARY
@pytest.mark.parametrize("kind", ["default", "bare"])
async def test_error_inside_a_stream(
    telemetry: Telemetry, emulator: Emulator, library: str, kind: str, *, asynchronous: bool
) -> None:
    """An error in a 200 stream, as an event or as bare JSON, marks the span; the caller gets the SDK's exception."""
    sdk = client(emulator.url, f"stream_error;kind={kind}", **sending_with(library))
    if RELEASE >= (1, 40):
        with pytest.raises(errors.APIError):
            await generate(sdk, asynchronous=asynchronous, streamed=True)
    else:
        # Old releases take the event for a chunk, and cannot read bare JSON.
        with suppress(json.JSONDecodeError):
            await generate(sdk, asynchronous=asynchronous, streamed=True)
    await settled(telemetry)
    assert error_of(telemetry) == ("UNAVAILABLE", None)
    assert telemetry.attributes()["spanwise.stream.outcome"] == "failed"


@WAYS
@LIBRARY
async def test_disconnect(
    telemetry: Telemetry, emulator: Emulator, library: str, *, asynchronous: bool, streamed: bool
) -> None:
    """A connection that is cut in the body is one error span, and the library's exception is the caller's."""
    sdk = client(emulator.url, "disconnect", **sending_with(library))
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each library has its own
        await generate(sdk, asynchronous=asynchronous, streamed=streamed)
    assert not type(raised.value).__module__.startswith("spanwise")
    word, status = error_of(telemetry)
    assert word == type(raised.value).__name__ or streamed
    assert status is None
    assert telemetry.attributes().get("spanwise.stream.outcome") == ("failed" if streamed else None)


@BOTH
@LIBRARY
async def test_malformed_body(telemetry: Telemetry, emulator: Emulator, library: str, *, asynchronous: bool) -> None:
    """A 200 with broken JSON is an error span: the SDK finds out after its request is done."""
    sdk = client(emulator.url, "malformed_body", **sending_with(library))
    with pytest.raises(json.JSONDecodeError):
        await generate(sdk, asynchronous=asynchronous, streamed=False)
    assert error_of(telemetry) == ("malformed_response", None)


@BOTH
async def test_connection_refused(telemetry: Telemetry, *, asynchronous: bool) -> None:
    """A provider that is not there is an error span."""
    options = sending_with(LIBRARIES[-1])
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each library has its own
        await generate(client("http://127.0.0.1:9", **options), asynchronous=asynchronous, streamed=False)
    assert error_of(telemetry) == (type(raised.value).__name__, None)


@WAYS
@LIBRARY
async def test_timeout(
    telemetry: Telemetry, emulator: Emulator, library: str, *, asynchronous: bool, streamed: bool
) -> None:
    """A call that times out is an error span."""
    sdk = client(emulator.url, "slow_first_byte;delay_s=2", timeout=50, **sending_with(library))
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each library has its own
        await generate(sdk, asynchronous=asynchronous, streamed=streamed)
    assert error_of(telemetry) == (type(raised.value).__name__, None)


async def started(sdk: Sdk, *, asynchronous: bool) -> Sdk:
    """A stream of which one chunk was read."""
    if not asynchronous:
        chunks = sdk.models.generate_content_stream(model=MODEL, contents=PROMPT)
        assert next(chunks).text
        return chunks
    chunks = await sdk.aio.models.generate_content_stream(model=MODEL, contents=PROMPT)
    assert (await anext(chunks)).text
    return chunks


def assert_partial(telemetry: Telemetry, *outcomes: str) -> None:
    """One span without an error, with the counts that arrived before the end."""
    span, found = telemetry.one(), telemetry.attributes()
    assert span.status.status_code is StatusCode.UNSET
    assert found["spanwise.stream.outcome"] in outcomes
    assert found["gen_ai.usage.input_tokens"] > 0
    assert found["gen_ai.response.id"]
    assert "error.type" not in found


@BOTH
@LIBRARY
async def test_closed_early(telemetry: Telemetry, emulator: Emulator, library: str, *, asynchronous: bool) -> None:
    """A stream closed early is one span, without an error."""
    sdk = client(emulator.url, "slow_chunks;delay_s=0.01;chunks=50", **sending_with(library))
    chunks = await started(sdk, asynchronous=asynchronous)
    if asynchronous:
        await chunks.aclose()
    else:
        chunks.close()
    del chunks
    await settled(telemetry)
    assert_partial(telemetry, "closed", "abandoned")


@LIBRARY
async def test_abandoned(telemetry: Telemetry, emulator: Emulator, library: str) -> None:
    """A stream read in part and dropped is one span with what was known by then."""
    sdk = client(emulator.url, "slow_chunks;delay_s=0.01;chunks=50", **sending_with(library))
    chunks = await started(sdk, asynchronous=False)
    del chunks
    assert_partial(telemetry, "closed", "abandoned")


@LIBRARY
async def test_cancelled(telemetry: Telemetry, emulator: Emulator, library: str) -> None:
    """A task cancelled in mid-stream is one span that says so, and the cancellation reaches the task."""
    sdk = client(emulator.url, "slow_chunks;delay_s=0.05;chunks=100", **sending_with(library))
    reading = asyncio.Event()

    async def read() -> None:
        async for _ in await sdk.aio.models.generate_content_stream(model=MODEL, contents=PROMPT):
            reading.set()

    task = asyncio.create_task(read())
    await reading.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["spanwise.stream.outcome"] == "cancelled"


@LIBRARY
async def test_cancelled_before_the_first_byte(telemetry: Telemetry, emulator: Emulator, library: str) -> None:
    """A call cancelled while it waits is one error span."""
    sdk = client(emulator.url, "slow_first_byte;delay_s=1", **sending_with(library))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(sdk.aio.models.generate_content(model=MODEL, contents=PROMPT), 0.1)
    assert error_of(telemetry) == ("CancelledError", None)


def test_read_in_another_thread(telemetry: Telemetry, emulator: Emulator) -> None:
    """A stream that another thread reads ends its span there."""
    sdk = client(emulator.url)
    chunks = sdk.models.generate_content_stream(model=MODEL, contents=PROMPT)
    reader = threading.Thread(target=list, args=(chunks,))
    reader.start()
    reader.join()
    assert telemetry.attributes()["spanwise.stream.outcome"] == "drained"


def test_failure_of_the_caller(telemetry: Telemetry, emulator: Emulator) -> None:
    """The caller's own exception passes through and is not blamed on the call."""
    failure = RuntimeError("the caller's")
    sdk = client(emulator.url, "default;chunks=50")
    with pytest.raises(RuntimeError) as caught:
        for _ in sdk.models.generate_content_stream(model=MODEL, contents=PROMPT):
            raise failure
    assert caught.value is failure
    caught = None  # type: ignore[assignment] # its traceback holds the stream
    failure.__traceback__ = None
    assert_partial(telemetry, "closed", "abandoned")


@WAYS
async def test_suppressed(telemetry: Telemetry, emulator: Emulator, *, asynchronous: bool, streamed: bool) -> None:
    """Suppressed instrumentation makes no span."""
    with suppress_instrumentation():
        await generate(client(emulator.url), asynchronous=asynchronous, streamed=streamed)
    assert telemetry.spans() == []


def test_uninstrument(telemetry: Telemetry, emulator: Emulator) -> None:
    """After uninstrument the SDK's methods are its own, and a client that holds one of ours falls through it."""
    sdk = client(emulator.url)
    api_client = sdk._api_client
    held = api_client._request
    GoogleGenAIInstrumentor().uninstrument()
    for kind in type(api_client).__mro__:
        assert not [name for name, value in vars(kind).items() if hasattr(value, "_spanwise_tap")]
    api_client._request = held
    assert sdk.models.generate_content(model=MODEL, contents=PROMPT).text
    assert telemetry.spans() == []


def test_our_failures_do_not_reach_the_caller(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every hook of ours broken the caller's results are the same."""
    from spanwise.instrument.body import feed
    from spanwise.instrument.codec.gemini_path import GeminiPath
    from spanwise.instrument.core import call
    from spanwise.instrument.core.tap import Tap
    from spanwise.instrument.tap import google_genai

    monkeypatch.delenv("SPANWISE_RAISE")

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ValueError("broken")

    sdk = client(emulator.url, "text;text=all%20good;chunks=4")
    failing = client(emulator.url, "error_400")
    for owner, name in (
        (google_genai, "_follow"), (google_genai, "provider_for"), (google_genai.GoogleGenAITap, "_start"),
        (call.Call, "refuse"), (GeminiPath, "codec"), (Tap, "begin"), (call.Call, "say"),
        (call.Call, "respond"), (call.Call, "end"), (feed.EventFeed, "feed"), (feed.EventFeed, "settle"),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, broken)
            chunks = sdk.models.generate_content_stream(model=MODEL, contents=PROMPT)
            assert "".join(chunk.text for chunk in chunks) == "all good", name
            assert sdk.models.generate_content(model=MODEL, contents=PROMPT).text == "all good", name
            with pytest.raises(errors.ClientError):
                failing.models.generate_content(model=MODEL, contents=PROMPT)
    gc.collect()
