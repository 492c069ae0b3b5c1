"""Gemini's wire as the emulator serves it: paths of both APIs, streams, errors in Google's shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

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
