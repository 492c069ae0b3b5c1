"""The wire of Amazon Bedrock, read by hand: framing, checksums, errors and paths."""

from __future__ import annotations

import base64
import json
import struct
import urllib.error
import urllib.request
from binascii import crc32
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator import Emulator


MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0"
ASK: Any = {"messages": [{"role": "user", "content": [{"text": "Where is my parcel?"}]}]}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


def post(emulator: Emulator, path: str, body: Any, scenario: str = "default") -> tuple[dict[str, str], bytes]:
    """Headers and body of an answer."""
    request = urllib.request.Request(emulator.url + path, json.dumps(body).encode(), {"x-emulator": scenario})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def messages(data: bytes) -> Iterator[tuple[dict[str, str], bytes]]:
    """Messages of an event stream, with both checksums verified."""
    while data:
        total, size, checksum = struct.unpack("!III", data[:12])
        assert crc32(data[:8]) == checksum
        assert crc32(data[: total - 4]) == struct.unpack("!I", data[total - 4 : total])[0]
        headers, rest = {}, data[12 : 12 + size]
        while rest:
            name = rest[1 : 1 + rest[0]]
            kind, length = struct.unpack("!BH", rest[1 + rest[0] : 4 + rest[0]])
            assert kind == 7
            value = rest[4 + rest[0] : 4 + rest[0] + length]
            headers[name.decode()] = value.decode()
            rest = rest[4 + len(name) + length :]
        yield headers, data[12 + size : total - 4]
        data = data[total:]


def test_converse(emulator: Emulator) -> None:
    """A whole answer has output, reason, usage and latency; totals are those of input and output."""
    _, body = post(emulator, f"/model/{MODEL}/converse", ASK, "text;text=Near")
    found = json.loads(body)
    assert found["output"]["message"] == {"role": "assistant", "content": [{"text": "Near"}]}
    assert found["stopReason"] == "end_turn"
    usage = found["usage"]
    assert usage["totalTokens"] == usage["inputTokens"] + usage["outputTokens"]


def test_converse_stream(emulator: Emulator) -> None:
    """A stream is framed as AWS frames it, and its events come in AWS's order."""
    headers, data = post(emulator, f"/model/{MODEL}/converse-stream", ASK, "text;text=It%20is%20near;chunks=3")
    assert headers["content-type"] == "application/vnd.amazon.eventstream"
    found = list(messages(data))
    assert all(about[":message-type"] == "event" for about, _ in found)
    names = [about[":event-type"] for about, _ in found]
    assert names == ["messageStart", *["contentBlockDelta"] * 3, "contentBlockStop", "messageStop", "metadata"]
    said = [json.loads(payload)["delta"]["text"] for about, payload in found if "Delta" in about[":event-type"]]
    assert "".join(said) == "It is near"


def test_error_inside_a_stream(emulator: Emulator) -> None:
    """A stream that breaks off ends with a message of the kind `exception`."""
    _, data = post(emulator, f"/model/{MODEL}/converse-stream", ASK, "stream_error")
    about, payload = list(messages(data))[-1]
    assert about[":message-type"] == "exception"
    assert about[":exception-type"] == "throttlingException"
    assert "message" in json.loads(payload)


def test_invoke_stream(emulator: Emulator) -> None:
    """Events of a model are base64 inside chunks, the last of them with what Bedrock counted."""
    _, data = post(emulator, "/model/meta.llama3/invoke-with-response-stream", {"prompt": "x"}, "text;output_tokens=7")
    chunks = [json.loads(base64.b64decode(json.loads(payload)["bytes"])) for _, payload in messages(data)]
    assert chunks[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == 7


def test_counts_in_headers(emulator: Emulator) -> None:
    """A whole answer of a model has its counts in headers as well."""
    headers, _ = post(emulator, "/model/mistral.m/invoke", {"prompt": "x"}, "text;input_tokens=4;output_tokens=7")
    assert headers["x-amzn-bedrock-input-token-count"] == "4"
    assert headers["x-amzn-bedrock-output-token-count"] == "7"


@pytest.mark.parametrize(
    ("scenario", "status", "code"),
    [("rate_limit;times=always", 429, "ThrottlingException"), ("error_403", 403, "AccessDeniedException")],
)
def test_errors(emulator: Emulator, scenario: str, status: int, code: str) -> None:
    """An error has its code in a header, followed by where it comes from, and a message in its body."""
    with pytest.raises(urllib.error.HTTPError) as caught:
        post(emulator, f"/model/{MODEL}/converse", ASK, scenario)
    with caught.value as answer:
        assert answer.code == status
        assert answer.headers["x-amzn-ErrorType"].partition(":")[0] == code
        assert json.loads(answer.read()).keys() == {"message"}


def test_a_stream_cut_within_a_message(emulator: Emulator) -> None:
    """A malformed stream stops in the middle of a message."""
    _, data = post(emulator, f"/model/{MODEL}/converse-stream", ASK, "malformed_stream")
    with pytest.raises((struct.error, AssertionError)):
        list(messages(data))
