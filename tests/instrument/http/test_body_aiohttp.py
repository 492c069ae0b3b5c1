"""Bodies of `aiohttp` responses: every way to read one, and every way not to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from opentelemetry.trace import StatusCode

from spanwise.instrument.body.aiohttp import observe
from tests.emulator import Emulator
from tests.instrument.http.bodies import body, started
from tests.instrument.telemetry import Telemetry


@asynccontextmanager
async def response(
    emulator: Emulator, scenario: str = "default", *, stream: bool = False, **options: Any
) -> AsyncIterator[aiohttp.ClientResponse]:
    """An unread response."""
    async with aiohttp.ClientSession(**options) as session:
        yield await session.post(
            f"{emulator.openai_url}/chat/completions", json=body(stream=stream), headers={"x-emulator": scenario}
        )


async def chunks(answer: aiohttp.ClientResponse) -> bytes:
    """Chunks with their ends."""
    return b"".join([data async for data, _ in answer.content.iter_chunks()])


async def lines(answer: aiohttp.ClientResponse) -> bytes:
    """All lines, as an application reads events."""
    return b"".join([line async for line in answer.content])


async def readlines(answer: aiohttp.ClientResponse) -> bytes:
    """Line after line, to the empty one that says the end."""
    found = [line := await answer.content.readline()]
    while line:
        found.append(line := await answer.content.readline())
    return b"".join(found)


async def read_any(answer: aiohttp.ClientResponse) -> bytes:
    """What is there."""
    return b"".join([data async for data in answer.content.iter_any()])


async def read_sized(answer: aiohttp.ClientResponse) -> bytes:
    """Pieces of a fixed size."""
    return b"".join([data async for data in answer.content.iter_chunked(64)])


async def as_text(answer: aiohttp.ClientResponse) -> bytes:
    """As text."""
    return (await answer.text()).encode()


READERS: list[Callable[[aiohttp.ClientResponse], Awaitable[bytes]]] = [
    aiohttp.ClientResponse.read,
    as_text,
    lambda answer: answer.content.read(),
    chunks,
    lines,
    readlines,
    read_any,
    read_sized,
]


@pytest.mark.parametrize("scenario", ["default", "gzip", "default;fragment_bytes=40"])
@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("stream", [False, True])
async def test_readers(
    bare: Telemetry,
    emulator: Emulator,
    scenario: str,
    read: Callable[[aiohttp.ClientResponse], Awaitable[bytes]],
    *,
    stream: bool,
) -> None:
    """However a body is read, plain, compressed or cut, the call ends once with its tokens and the reader sees all."""
    seed = f"{scenario};text=caf%C3%A9;output_tokens=17"
    async with response(emulator, seed, stream=stream) as answer:
        bare_data = await read(answer)
    async with response(emulator, seed, stream=stream) as answer:
        assert observe(answer, started(bare))
        data = await read(answer)
        assert type(answer.content) is aiohttp.StreamReader
    assert len(data) == len(bare_data)
    span = bare.one()
    found = dict(span.attributes or {})
    assert found["gen_ai.usage.output_tokens"] == 17
    assert found.get("spanwise.stream.outcome") == ("drained" if stream else None)
    assert span.status.status_code is StatusCode.UNSET


async def test_connection_is_reused(bare: Telemetry, emulator: Emulator) -> None:
    """A body read to its end gives the connection back, as without us."""
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.post(f"{emulator.openai_url}/chat/completions", json=body(stream=True)) as answer:
                assert observe(answer, started(bare))
                await answer.read()
            assert session.connector is not None
            assert sum(map(len, session.connector._conns.values())) == 1
    assert len(bare.spans()) == 3


async def read_a_part(bare: Telemetry, emulator: Emulator, leave: str) -> None:
    """Read less than the whole of a stream."""
    async with response(emulator, "slow_chunks;delay_s=0.01;chunks=50", stream=True) as answer:
        assert observe(answer, started(bare))
        if leave == "with":
            async with answer:
                await anext(aiter(answer.content))
        elif leave != "never":
            await answer.content.readany()
        if leave == "close":
            answer.close()
        elif leave == "release":
            answer.release()


@pytest.mark.filterwarnings("ignore:Unclosed connection:ResourceWarning")
@pytest.mark.parametrize("leave", ["close", "release", "with", "drop", "never"])
async def test_left_early(bare: Telemetry, emulator: Emulator, leave: str) -> None:
    """A stream closed early, dropped or never read is one span with what was known by then, and no error."""
    await read_a_part(bare, emulator, leave)
    span = bare.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("read", READERS[:1] + READERS[4:5])
async def test_cut(
    bare: Telemetry, emulator: Emulator, read: Callable[[aiohttp.ClientResponse], Awaitable[bytes]], *, stream: bool
) -> None:
    """A connection lost in the middle is a failed call; the caller gets the library's exception."""
    async with response(emulator, "disconnect", stream=stream) as answer:
        assert observe(answer, started(bare))
        with pytest.raises(aiohttp.ClientPayloadError):
            await read(answer)
        span = bare.one()
    assert span.status.status_code is StatusCode.ERROR
    assert dict(span.attributes or {})["error.type"] == "ClientPayloadError"


@pytest.mark.parametrize(
    ("limit", "error"),
    [
        ({"total": 0.1}, ("TimeoutError",)),
        ({"total": None, "sock_read": 0.05}, ("SocketTimeoutError", "ServerTimeoutError")),
    ],
)
async def test_time_out(bare: Telemetry, emulator: Emulator, limit: dict[str, float], error: tuple[str, ...]) -> None:
    """A stream that takes too long is a failed call; the caller gets the library's exception."""
    scenario = "slow_chunks;delay_s=0.5"
    async with response(emulator, scenario, stream=True, timeout=aiohttp.ClientTimeout(**limit)) as answer:
        assert observe(answer, started(bare))
        async with answer:
            with pytest.raises(asyncio.TimeoutError):
                async for _ in answer.content:
                    pass
    found = bare.attributes()
    assert found["error.type"] in error
    assert found["spanwise.stream.outcome"] == "failed"


@pytest.mark.parametrize("read", READERS[:1] + READERS[4:5])
async def test_cancelled(
    bare: Telemetry, emulator: Emulator, read: Callable[[aiohttp.ClientResponse], Awaitable[bytes]]
) -> None:
    """A task cancelled in mid-stream is a call that says so, and the cancellation reaches the task."""
    async with response(emulator, "slow_chunks;delay_s=0.5", stream=True) as answer:
        assert observe(answer, started(bare))

        async def work() -> None:
            async with answer:
                await read(answer)

        task = asyncio.create_task(work())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    span = bare.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] == "cancelled"
    assert span.status.status_code is StatusCode.ERROR


async def test_a_read_given_up_is_not_the_end(bare: Telemetry, emulator: Emulator) -> None:
    """A reader that gives up one wait and comes back is followed to the end."""
    async with response(emulator, "slow_chunks;delay_s=0.05;chunks=3", stream=True) as answer:
        assert observe(answer, started(bare))
        await answer.content.readany()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(answer.content.readany(), 0.001)
        assert b"[DONE]" in await answer.content.read()
    assert bare.attributes()["spanwise.stream.outcome"] == "drained"


async def test_data_given_back_counts_once(bare: Telemetry, emulator: Emulator) -> None:
    """What a reader puts back and reads again is one body."""
    async with response(emulator) as answer:
        assert observe(answer, started(bare))
        data = await answer.content.readany()
        with pytest.warns(DeprecationWarning, match="unread_data"):
            answer.content.unread_data(data)
        assert (await answer.read())[: len(data)] == data
    assert bare.attributes()["gen_ai.usage.input_tokens"] > 0


async def test_error_event(bare: Telemetry, emulator: Emulator) -> None:
    """An error event in the stream is a failed call that the reader sees as it is."""
    async with response(emulator, "stream_error", stream=True) as answer:
        assert observe(answer, started(bare))
        assert b'"error"' in await lines(answer)
    assert bare.one().status.status_code is StatusCode.ERROR


async def test_what_is_read_already(bare: Telemetry, emulator: Emulator) -> None:
    """A body that was read, and what is no response, is not followed."""
    async with response(emulator) as answer:
        assert await answer.json()
        call = started(bare)
        assert not observe(answer, call)
    assert not observe(object(), call)
    assert not call.observed
    call.end()
