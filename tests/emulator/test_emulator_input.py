"""Whatever a client sends, the emulator answers with a status and a JSON error, and goes on serving."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.emulator import Emulator
from tests.emulator.document import Json, JsonValue


PATHS = [
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/completions",
    "/v1/embeddings",
    "/openai/deployments/mine/chat/completions",
    "/v1/messages",
    "/v1/messages/count_tokens",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "role", "content"]), inner),
    max_leaves=6,
)
FIELDS = ["messages", "input", "prompt", "tools", "tool_choice", "n", "system", "dimensions", "thinking", "text"]
BODIES = st.dictionaries(st.sampled_from([*FIELDS, "response_format", "stream_options", "output_config"]), VALUES)


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for all examples: a request must not spoil the next."""
    with Emulator(keep_requests=10) as running:
        yield running


def post(port: int, path: str, body: Json) -> tuple[int, JsonValue]:
    """Status and parsed body, over a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", path, json.dumps(body))
        response = connection.getresponse()
        raw = response.read()
        streamed = response.getheader("content-type", "").startswith("text/event-stream")
        return response.status, None if streamed else json.loads(raw)
    finally:
        connection.close()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(path="/v1/chat/completions", fields={"stream_options": True}, stream=True)
@given(path=st.sampled_from(PATHS), fields=BODIES, stream=st.booleans())
def test_emulator_answers_any_json(emulator: Emulator, path: str, fields: Json, *, stream: bool) -> None:
    """Any JSON object gets an answer or a 400 in an error shape; the connection is never just dropped."""
    required = {"model": "gpt-4o", "max_tokens": 9, "messages": [], "input": "hi", "prompt": "hi", "stream": stream}
    status, answer = post(int(emulator.url.rpartition(":")[2]), path, required | fields)
    assert status in (200, 400)
    assert status == 200 or answer["error"]["message"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Content-Length: many", b"411"),
        (b"Content-Length: -1", b"411"),
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Content-Length: 999999999999", b"413"),
    ],
)
def test_emulator_refuses_bodies_it_cannot_measure(emulator: Emulator, head: bytes, status: bytes) -> None:
    """A body without a usable or with an excessive length is refused before it is read."""
    with socket.create_connection(("127.0.0.1", int(emulator.url.rpartition(":")[2])), timeout=5) as connection:
        connection.sendall(b"POST /v1/responses HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
        with connection.makefile("rb") as answer:
            assert answer.readline().split()[1] == status


def test_a_target_with_scheme_and_host(emulator: Emulator) -> None:
    """A target in absolute form is the one that its path names."""
    body = {"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": "hello"}]}
    status, _ = post(int(emulator.url.rpartition(":")[2]), f"{emulator.url}/v1/chat/completions", body)
    assert status == 200
    assert emulator.requests[-1].path == "/v1/chat/completions"
