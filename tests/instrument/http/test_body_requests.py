"""Bodies of `requests` and `urllib3` responses: every way to read one, and every way not to."""

from __future__ import annotations

import gc
import io
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import urllib3
from opentelemetry.trace import StatusCode
from urllib3._version import __version__ as urllib3_version
from urllib3.response import HTTPResponse

from spanwise.instrument.body.requests import ObservedFile, observe
from tests.emulator import Emulator
from tests.instrument.http.bodies import body, started
from tests.instrument.telemetry import Telemetry


@contextmanager
def response(
    emulator: Emulator, scenario: str = "default", *, stream: bool = False, timeout_s: float = 5.0
) -> Iterator[requests.Response]:
    """An unread response of `requests`."""
    with requests.Session() as session:
        yield session.post(
            f"{emulator.openai_url}/chat/completions",
            json=body(stream=stream),
            headers={"x-emulator": scenario},
            stream=True,
            timeout=timeout_s,
        )


def lines(answer: requests.Response) -> bytes:
    """All lines, as an application reads events."""
    return b"\n".join(answer.iter_lines())


def pieces(answer: requests.Response) -> bytes:
    """Raw reads of a fixed size, to the empty one that says the end."""
    return b"".join(iter(lambda: answer.raw.read(100, decode_content=True), b""))


IS_2 = int(urllib3_version.partition(".")[0]) >= 2
"""`urllib3` 1 has no `read1`, and does not notice that a body of a known length was cut."""

READERS: list[Callable[[requests.Response], bytes]] = [
    lambda answer: answer.content,
    lambda answer: answer.text.encode(),
    lambda answer: b"".join(answer.iter_content(7)),
    lambda answer: b"".join(answer.iter_content(None)),
    lines,
    pieces,
    lambda answer: answer.raw.read(decode_content=True),
    lambda answer: b"".join(answer.raw.stream(50, decode_content=True)),
    lambda answer: io.BufferedReader(answer.raw).read(),
    *([lambda answer: b"".join(iter(lambda: answer.raw.read1(64, decode_content=True), b""))] if IS_2 else []),
]


@pytest.mark.parametrize("scenario", ["default", "gzip", "default;fragment_bytes=40"])
@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("stream", [False, True])
def test_readers(
    bare: Telemetry, emulator: Emulator, scenario: str, read: Callable[[requests.Response], bytes], *, stream: bool
) -> None:
    """However a body is read, plain, compressed or cut, the call ends once with its tokens and the reader sees all."""
    seed = f"{scenario};text=caf%C3%A9;output_tokens=17"
    with response(emulator, seed, stream=stream) as answer:
        bare_data = read(answer)
    with response(emulator, seed, stream=stream) as answer:
        assert observe(answer, started(bare))
        data = read(answer)
        assert type(answer.raw) is HTTPResponse
    # How well the request's own number compresses differs.
    assert len(data) == len(bare_data) or data.startswith(b"\x1f\x8b")
    span = bare.one()
    found = dict(span.attributes or {})
    assert found["gen_ai.usage.output_tokens"] == 17
    assert found.get("spanwise.stream.outcome") == ("drained" if stream else None)
    assert span.status.status_code is StatusCode.UNSET


def test_connection_is_reused(bare: Telemetry, emulator: Emulator) -> None:
    """A body read to its end gives the connection back, as without us."""
    with requests.Session() as session:
        for number in range(3):
            answer = session.post(f"{emulator.openai_url}/chat/completions", json=body(stream=True), stream=True)
            assert observe(answer, started(bare))
            list(answer.iter_lines())
            pools = vars(session.get_adapter(emulator.url))["poolmanager"].pools
            (pool,) = [pools[key] for key in pools.keys()]  # noqa: SIM118 - no mapping, though it has keys
            assert (pool.num_connections, pool.num_requests) == (1, number + 1)
    assert len(bare.spans()) == 3


@pytest.mark.parametrize("leave", ["close", "break", "with", "del", "never"])
def test_left_early(bare: Telemetry, emulator: Emulator, leave: str) -> None:
    """A stream closed early, left by `break` or never read is one span with what was known by then, and no error."""
    with response(emulator, "default;chunks=50", stream=True) as answer:
        assert observe(answer, started(bare))
        if leave == "with":
            with answer:
                next(answer.iter_lines())
        elif leave == "break":
            for _ in answer.iter_lines(chunk_size=64):
                break
        elif leave != "never":
            next(answer.iter_content(512))
        if leave == "close":
            answer.close()
        if leave in ("del", "never"):
            del answer
            gc.collect()
        span = bare.one()
    assert dict(span.attributes or {})["spanwise.stream.outcome"] in ("closed", "abandoned")
    assert span.status.status_code is StatusCode.UNSET


@pytest.mark.parametrize("stream", [False, True] if IS_2 else [True])
def test_cut(bare: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """A connection lost in the middle is a failed call; the caller gets the library's exception."""
    with (
        response(emulator, "disconnect", stream=stream) as answer,
        pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)),
    ):
        assert observe(answer, started(bare))
        list(answer.iter_content(64))
    span = bare.one()
    assert span.status.status_code is StatusCode.ERROR
    assert dict(span.attributes or {})["error.type"] == "IncompleteRead"


def test_time_out(bare: Telemetry, emulator: Emulator) -> None:
    """A stream whose next event does not come in time is a failed call; the caller gets the library's exception."""
    with (
        response(emulator, "slow_chunks;delay_s=1", stream=True, timeout_s=0.05) as answer,
        pytest.raises(requests.exceptions.ConnectionError),
    ):
        assert observe(answer, started(bare))
        list(answer.iter_lines())
    assert bare.attributes()["error.type"] == "TimeoutError"
    assert bare.attributes()["spanwise.stream.outcome"] == "failed"


def test_error_event(bare: Telemetry, emulator: Emulator) -> None:
    """An error event in the stream is a failed call that the reader sees as it is."""
    with response(emulator, "stream_error", stream=True) as answer:
        assert observe(answer, started(bare))
        assert b'"error"' in lines(answer)
    assert bare.one().status.status_code is StatusCode.ERROR


def test_urllib3(bare: Telemetry, emulator: Emulator) -> None:
    """A response of `urllib3` itself is followed as well, its `data` and `json` included."""
    with urllib3.PoolManager() as pool:
        asked = json.dumps(body()).encode()
        answer = pool.request("POST", f"{emulator.openai_url}/chat/completions", body=asked, preload_content=False)
        assert observe(answer, started(bare))
        assert json.loads(answer.data)["choices"]
    assert bare.attributes()["gen_ai.usage.input_tokens"] > 0


def test_raw_bytes_of_a_compressed_body(bare: Telemetry, emulator: Emulator) -> None:
    """A caller who reads compressed bytes gets them, and the call its tokens."""
    with response(emulator, "gzip") as answer:
        assert observe(answer, started(bare))
        assert zlib.decompress(answer.raw.read(), 31).startswith(b"{")
    assert bare.attributes()["gen_ai.usage.input_tokens"] > 0


def made(content: bytes, coding: str = "") -> HTTPResponse:
    """A response made by hand, as `responses` and `requests-mock` do."""
    headers = {"content-type": "application/json", "content-encoding": coding}
    return HTTPResponse(body=io.BytesIO(content), headers=headers, status=200, preload_content=False)


@pytest.mark.parametrize("read", [lambda raw: raw.read(), lambda raw: b"".join(raw.stream(3)), lambda raw: raw.data])
def test_made_by_hand(bare: Telemetry, read: Callable[[Any], bytes]) -> None:
    """A response over any file, as mocking libraries make, is followed."""
    raw = made(b'{"id":"x","choices":[]}')
    assert observe(raw, started(bare))
    assert read(raw) == b'{"id":"x","choices":[]}'
    assert bare.attributes()["gen_ai.response.id"] == "x"


@pytest.mark.parametrize(("coding", "error"), [("gzip", urllib3.exceptions.DecodeError), ("snappy", None)])
def test_what_cannot_be_decompressed(bare: Telemetry, coding: str, error: type[Exception] | None) -> None:
    """A broken or unknown coding is the reader's affair; the call ends without tokens."""
    raw = made(b"not compressed", coding)
    assert observe(raw, started(bare))
    if error is None:
        assert raw.read() == b"not compressed"
    else:
        with pytest.raises(error):
            raw.read()
    assert "gen_ai.usage.input_tokens" not in bare.attributes()


def test_what_is_read_already(bare: Telemetry, emulator: Emulator) -> None:
    """A body that was read, and what is no response, is not followed."""
    with response(emulator) as answer:
        assert answer.content
        call = started(bare)
        assert not observe(answer, call)
    assert not observe(object(), call)
    assert not call.observed
    assert not isinstance(answer.raw._fp, ObservedFile)
    call.end()
