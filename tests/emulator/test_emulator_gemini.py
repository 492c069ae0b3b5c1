"""Gemini's wire as the emulator serves it: paths of both APIs, streams, errors in Google's shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, ClassVar

import httpx
import pytest

from tests.emulator import Emulator


STUDIO = "/v1beta/models/gemini-3.5-flash"
VERTEX = "/v1beta1/projects/p/locations/europe-west4/publishers/google/models/gemini-3.5-flash"
ASKED = {"contents": [{"role": "user", "parts": [{"text": "Where is my parcel?"}]}]}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


def post(emulator: Emulator, path: str, body: dict[str, Any], scenario: str = "default") -> httpx.Response:
    """One request without an SDK."""
    return httpx.post(emulator.url + path, json=body, headers={"x-emulator": scenario})


def events(response: httpx.Response) -> list[dict[str, Any]]:
    """The data of every event."""
    assert response.headers["content-type"] == "text/event-stream"
    return [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: ")]


@pytest.mark.parametrize("root", [STUDIO, VERTEX], ids=["studio", "vertex"])
def test_generate(emulator: Emulator, root: str) -> None:
    """An answer has a candidate, its counts, and on Vertex AI the kind of traffic."""
    said = post(emulator, f"{root}:generateContent", ASKED, "text;text=near;output_tokens=9;reasoning_tokens=4").json()
    assert said["candidates"][0]["content"] == {"parts": [{"text": "near"}], "role": "model"}
    assert said["candidates"][0]["finishReason"] == "STOP"
    assert said["usageMetadata"]["candidatesTokenCount"] == 5
    assert said["usageMetadata"]["thoughtsTokenCount"] == 4
    assert said["modelVersion"] == "gemini-3.5-flash"
    assert ("trafficType" in said["usageMetadata"]) is (root is VERTEX)
    assert "cachedContentTokenCount" not in said["usageMetadata"]


@pytest.mark.parametrize("root", [STUDIO, VERTEX], ids=["studio", "vertex"])
@pytest.mark.parametrize("line_end", ["default", "crlf"])
def test_stream(emulator: Emulator, root: str, line_end: str) -> None:
    """Each event of a stream is a response of its own; the last has the reason and all counts."""
    path = f"{root}:streamGenerateContent?alt=sse"
    chunks = events(post(emulator, path, ASKED, f"{line_end};text=one%20two%20three;chunks=3"))
    assert "".join(chunk["candidates"][0]["content"]["parts"][0]["text"] for chunk in chunks) == "one two three"
    assert [chunk["candidates"][0].get("finishReason") for chunk in chunks] == [None, None, None, "STOP"]
    assert "candidatesTokenCount" not in chunks[0]["usageMetadata"]
    assert chunks[-1]["usageMetadata"]["candidatesTokenCount"] > 0


@pytest.mark.parametrize(
    ("scenario", "status", "word"),
    [
        ("error_400", 400, "INVALID_ARGUMENT"),
        ("error_401", 401, "UNAUTHENTICATED"),
        ("quota", 429, "RESOURCE_EXHAUSTED"),
        ("error_500", 500, "INTERNAL"),
        ("error_503", 503, "UNAVAILABLE"),
        ("error_504", 504, "DEADLINE_EXCEEDED"),
        ("error_409", 409, "ABORTED"),
    ],
)
def test_errors(emulator: Emulator, scenario: str, status: int, word: str) -> None:
    """Errors have Google's code, status and message."""
    answered = post(emulator, f"{STUDIO}:generateContent", ASKED, scenario)
    assert answered.status_code == status
    error = answered.json()["error"]
    assert (error["code"], error["status"]) == (status, word)
    assert error["message"]


def test_error_inside_a_stream(emulator: Emulator) -> None:
    """An error breaks a stream off, as an event or as bare JSON."""
    path = f"{STUDIO}:streamGenerateContent?alt=sse"
    assert events(post(emulator, path, ASKED, "stream_error"))[-1]["error"]["status"] == "UNAVAILABLE"
    bare = post(emulator, path, ASKED, "stream_error;kind=bare").text
    assert json.loads(bare[bare.rindex("\n\n{") :])["error"]["code"] == 503


def test_functions(emulator: Emulator) -> None:
    """A function that is offered is called, and its result is taken up."""
    tools = [{"functionDeclarations": [{"name": "find", "parameters": {"type": "OBJECT", "properties": {}}}]}]
    said = post(emulator, f"{STUDIO}:generateContent", {**ASKED, "tools": tools}).json()
    (part,) = said["candidates"][0]["content"]["parts"]
    assert part["functionCall"]["name"] == "find"
    result = {"role": "user", "parts": [{"functionResponse": {"name": "find", "response": {"at": "Ghent"}}}]}
    again = {"contents": [*ASKED["contents"], {"role": "model", "parts": [part]}, result], "tools": tools}
    answer = post(emulator, f"{STUDIO}:generateContent", again).json()["candidates"][0]["content"]["parts"][0]["text"]
    assert "Ghent" in answer


def test_a_filter_takes_the_prompt(emulator: Emulator) -> None:
    """A prompt that is refused has no candidate."""
    said = post(emulator, f"{STUDIO}:generateContent", ASKED, "refusal").json()
    assert "candidates" not in said
    assert said["promptFeedback"]["blockReason"] == "PROHIBITED_CONTENT"


def test_embeddings_and_images(emulator: Emulator) -> None:
    """Embeddings have vectors and counts in each of the three forms; a prompt makes images."""
    content = {"parts": [{"text": "a parcel"}]}
    one = post(emulator, f"{STUDIO}:embedContent", {"content": content, "outputDimensionality": 8}).json()
    assert len(one["embedding"]["values"]) == 8
    assert one["usageMetadata"]["promptTokenCount"] == 2
    many = post(emulator, f"{STUDIO}:batchEmbedContents", {"requests": [{"content": content}] * 2}).json()
    assert len(many["embeddings"]) == 2
    predicted = post(emulator, f"{VERTEX}:predict", {"instances": [{"content": "a parcel"}]}).json()
    assert predicted["predictions"][0]["embeddings"]["statistics"]["token_count"] == 2
    asked = {"instances": [{"prompt": "a parcel"}], "parameters": {"sampleCount": 2}}
    assert len(post(emulator, f"{VERTEX}:predict", asked).json()["predictions"]) == 2
    assert post(emulator, f"{VERTEX}:predict", asked, "content_filter").json() == {}


def test_count(emulator: Emulator) -> None:
    """Tokens are counted without an answer."""
    assert post(emulator, f"{STUDIO}:countTokens", ASKED).json()["totalTokens"] > 0


class TestInteractions:
    """The interactions API: one object whole, and its events."""

    ASKED: ClassVar[dict[str, Any]] = {"model": "gemini-3.5-flash", "input": "Where is my parcel?"}

    @pytest.mark.parametrize("root", ["/v1beta", "/v1beta1/projects/p/locations/l"], ids=["studio", "vertex"])
    def test_whole(self, emulator: Emulator, root: str) -> None:
        """An interaction has its steps and counts, thoughts beside the answer."""
        said = post(emulator, f"{root}/interactions", self.ASKED, "text;text=near;output_tokens=9;reasoning_tokens=4")
        body = said.json()
        assert body["status"] == "completed"
        assert body["steps"] == [{"type": "model_output", "content": [{"type": "text", "text": "near"}]}]
        usage = body["usage"]
        assert (usage["total_output_tokens"], usage["total_thought_tokens"]) == (5, 4)
        assert usage["total_tokens"] == usage["total_input_tokens"] + 9

    def test_streamed(self, emulator: Emulator) -> None:
        """Steps begin, grow and stop; the last event has the counts and no steps; a word ends the stream."""
        response = post(emulator, "/v1beta/interactions", self.ASKED | {"stream": True}, "text;text=a%20b;chunks=2")
        lines = response.text.splitlines()
        assert [line[7:] for line in lines if line.startswith("event: ")] == [
            *("interaction.created", "interaction.status_update", "step.start", "step.delta", "step.delta"),
            *("step.stop", "interaction.completed", "done"),
        ]
        data = [line[6:] for line in lines if line.startswith("data: ")]
        assert data[-1] == "[DONE]"
        told = [json.loads(line) for line in data[:-1]]
        assert "".join(event["delta"]["text"] for event in told if "delta" in event) == "a b"
        last = told[-1]["interaction"]
        assert last["status"] == "completed"
        assert last["usage"]["total_output_tokens"] > 0
        assert "steps" not in last

    def test_functions_are_asked_for(self, emulator: Emulator) -> None:
        """A function that is offered is called in a step, and its result is taken up."""
        tools = [{"type": "function", "name": "find", "parameters": {"type": "object"}}]
        said = post(emulator, "/v1beta/interactions", self.ASKED | {"tools": tools}).json()
        assert said["status"] == "requires_action"
        assert (said["steps"][0]["type"], said["steps"][0]["name"]) == ("function_call", "find")
        result = {"type": "function_result", "call_id": said["steps"][0]["id"], "result": {"at": "Ghent"}}
        again = post(emulator, "/v1beta/interactions", {"model": "m", "input": [result], "tools": tools}).json()
        assert "Ghent" in again["steps"][0]["content"][0]["text"]

    def test_background(self, emulator: Emulator) -> None:
        """What is made in the background has an id to be fetched by; `kind` says how far it is."""
        made = post(emulator, "/v1beta/interactions", {"agent": "a", "input": "x", "background": True}).json()
        assert made["status"] == "in_progress"
        url = f"{emulator.url}/v1beta/interactions/{made['id']}"
        assert httpx.get(url, headers={"x-emulator": "default;kind=queued"}).json()["status"] == "queued"
        assert httpx.get(url).json()["status"] == "completed"
        assert "step.delta" not in httpx.get(f"{url}?stream=true&last_event_id=90").text
        assert httpx.post(f"{url}/cancel", json={}).json()["status"] == "cancelled"
        assert httpx.delete(url).json() == {}

    @pytest.mark.parametrize(
        ("scenario", "status", "code"),
        [
            ("error_400", 400, "invalid_request"),
            ("rate_limit", 429, "rate_limit_exceeded"),
            ("quota", 429, "quota_exceeded"),
        ],
    )
    def test_errors(self, emulator: Emulator, scenario: str, status: int, code: str) -> None:
        """An error has a word for its code, and no status beside it."""
        answered = post(emulator, "/v1beta/interactions", self.ASKED, scenario)
        assert answered.status_code == status
        assert answered.json()["error"]["code"] == code
        assert set(answered.json()["error"]) == {"code", "message"}

    def test_an_error_breaks_a_stream_off(self, emulator: Emulator) -> None:
        """It is an event of its own kind, and the last."""
        response = post(emulator, "/v1beta/interactions", self.ASKED | {"stream": True}, "stream_error")
        last = json.loads(response.text.splitlines()[-2][6:])
        assert last["event_type"] == "error"
        assert last["error"]["code"] == "gateway_timeout"
