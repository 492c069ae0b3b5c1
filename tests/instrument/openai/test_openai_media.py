"""Images, audio and moderations of the `openai` SDK: one span each, with what it is billed by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import openai
import pytest
from opentelemetry.trace import SpanKind, StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.record import SpanRecord
from tests.emulator import Emulator
from tests.instrument.openai.sdk import RELEASE, Sdk, aclient, client
from tests.instrument.telemetry import Telemetry


PNG = ("parcel.png", b"\x89PNG", "image/png")
SOUND = ("question.mp3", b"\xff\xfb\x90", "audio/mpeg")

OPERATIONS: list[Any] = [
    pytest.param(
        "images.generate",
        {"model": "gpt-image-1", "prompt": "A parcel", "n": 2, "size": "1024x1024", "quality": "low"},
        {
            "gen_ai.output.type": "image",
            "gen_ai.request.choice.count": 2,
            "gen_ai.usage.input_tokens": 2,
            "gen_ai.usage.text.input_tokens": 2,
            "gen_ai.usage.output_tokens": 544,
            "gen_ai.usage.image.output_tokens": 544,
            "spanwise.usage.output_images": 2,
            "spanwise.image.size": "1024x1024",
            "spanwise.image.quality": "low",
        },
        id="image",
    ),
    pytest.param(
        "images.edit",
        {"model": "gpt-image-1", "prompt": "Blue", "image": PNG, "extra_body": {"quality": "high"}},
        {
            "gen_ai.output.type": "image",
            "gen_ai.usage.input_tokens": 324,
            "gen_ai.usage.image.input_tokens": 323,
            "gen_ai.usage.image.output_tokens": 4160,
        },
        id="edit",
    ),
    pytest.param(
        "audio.transcriptions.create",
        {"model": "gpt-4o-transcribe", "file": SOUND, "temperature": 0.5},
        {
            "gen_ai.output.type": "text",
            "gen_ai.request.temperature": 0.5,
            "gen_ai.usage.input_tokens": 42,
            "gen_ai.usage.audio.input_tokens": 42,
            "gen_ai.usage.output_tokens": 13,
        },
        id="transcription",
    ),
    pytest.param(
        "audio.transcriptions.create",
        {"model": "whisper-1", "file": SOUND},
        {"gen_ai.output.type": "text", "spanwise.usage.input_audio_seconds": 4.2},
        id="seconds",
    ),
    pytest.param(
        "audio.translations.create",
        {"model": "whisper-1", "file": SOUND, "response_format": "text"},
        {"gen_ai.output.type": "text"},
        id="text",
    ),
    pytest.param(
        "audio.speech.create",
        {"model": "tts-1", "voice": "alloy", "input": "Hello there"},
        {"gen_ai.output.type": "speech", "spanwise.usage.input_characters": 11},
        id="speech",
    ),
]


def method(sdk: Sdk, name: str) -> Sdk:
    """The method of a client that `name` leads to."""
    for part in name.split("."):
        sdk = getattr(sdk, part)
    return sdk


def assert_span(telemetry: Telemetry, expected: Mapping[str, Any]) -> None:
    """One finished span of a call that succeeded, with at least these attributes and no content."""
    span = telemetry.one()
    found = telemetry.attributes()
    assert span.name == f"generate_content {found['gen_ai.request.model']}"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert found["gen_ai.provider.name"] == "openai"
    assert found["server.address"] == "127.0.0.1"
    assert {name: found.get(name) for name in expected} == expected
    assert "gen_ai.input.messages" not in found
    assert "gen_ai.output.messages" not in found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("name", "arguments", "expected"), OPERATIONS)
def test_media(
    telemetry: Telemetry, emulator: Emulator, name: str, arguments: dict[str, Any], expected: dict[str, Any]
) -> None:
    """A call about images or audio is one span with the counts it is billed by."""
    with client(emulator) as sdk:
        method(sdk, name)(**arguments)
    assert_span(telemetry, expected)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(("name", "arguments", "expected"), OPERATIONS)
async def test_media_async(
    telemetry: Telemetry, emulator: Emulator, name: str, arguments: dict[str, Any], expected: dict[str, Any]
) -> None:
    """The async client gives the same span."""
    async with aclient(emulator) as sdk:
        await method(sdk, name)(**arguments)
    assert_span(telemetry, expected)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_variation_is_counted_in_images(telemetry: Telemetry, emulator: Emulator) -> None:
    """A model without tokens is billed by images."""
    with client(emulator) as sdk:
        sdk.images.create_variation(model="dall-e-2", image=PNG, n=2, size="256x256")
    assert_span(telemetry, {"spanwise.usage.output_images": 2, "spanwise.image.size": "256x256"})
    assert "gen_ai.usage.output_tokens" not in telemetry.attributes()


def test_words_with_their_times_have_the_length_of_the_audio(telemetry: Telemetry, emulator: Emulator) -> None:
    """A transcript from before there was a usage object still says how long the audio was."""
    with client(emulator, "default;kind=no_usage") as sdk:
        sdk.audio.transcriptions.create(model="whisper-1", file=SOUND, response_format="verbose_json")
    assert telemetry.attributes()["spanwise.usage.input_audio_seconds"] == 4.2


@pytest.mark.skipif(RELEASE < (1, 98), reason="streams of images came with 1.98")
@pytest.mark.parametrize("name", ["images.generate", "images.edit"])
def test_streamed_images(telemetry: Telemetry, emulator: Emulator, name: str) -> None:
    """Partial images are passed over; the complete one is counted once, with its tokens."""
    given = {"image": PNG} if name == "images.edit" else {}
    with client(emulator) as sdk:
        stream = method(sdk, name)(model="gpt-image-1", prompt="A parcel", stream=True, partial_images=2, **given)
        kinds = [event.type.rpartition(".")[2] for event in stream]
    assert kinds == ["partial_image", "partial_image", "completed"]
    assert_span(
        telemetry,
        {
            "gen_ai.request.stream": True,
            "gen_ai.usage.image.output_tokens": 4160,
            "spanwise.usage.output_images": 1,
            "spanwise.image.quality": "high",
            "spanwise.stream.outcome": "drained",
        },
    )


@pytest.mark.skipif(RELEASE < (1, 98), reason="streams of images came with 1.98")
def test_a_stream_of_images_that_fails(telemetry: Telemetry, emulator: Emulator) -> None:
    """An error event inside a stream of images is the error of the span and of the caller."""
    with client(emulator, "stream_error;after=1") as sdk, pytest.raises(openai.APIError):
        list(sdk.images.generate(model="gpt-image-1", prompt="A parcel", stream=True, partial_images=2))
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["error.type"] == "server_error"


@pytest.mark.skipif(RELEASE < (1, 68), reason="streams of transcripts came with 1.68")
async def test_streamed_transcript(telemetry: Telemetry, emulator: Emulator) -> None:
    """A streamed transcript has the tokens of its last event."""
    async with aclient(emulator) as sdk:
        stream = await sdk.audio.transcriptions.create(model="gpt-4o-transcribe", file=SOUND, stream=True)
        events = [event async for event in stream]
    assert events[-1].type == "transcript.text.done"
    assert_span(
        telemetry,
        {"gen_ai.request.stream": True, "gen_ai.usage.audio.input_tokens": 42, "spanwise.stream.outcome": "drained"},
    )


def test_speech_is_read_untouched_and_not_held(telemetry: Telemetry, emulator: Emulator) -> None:
    """The sound comes to the caller as it was sent, in pieces, and the span ends when it has been read."""
    with client(emulator, "default;characters=300000") as sdk:
        whole = sdk.audio.speech.create(model="gpt-4o-mini-tts", voice="alloy", input="Hello").read()
        with sdk.audio.speech.with_streaming_response.create(
            model="gpt-4o-mini-tts", voice="alloy", input="Hello"
        ) as response:
            pieces = b"".join(response.iter_bytes(1000))
    assert len(whole) == 300_000
    assert pieces == whole
    first, second = telemetry.spans()
    assert first.status.status_code is second.status.status_code is StatusCode.UNSET
    assert first.attributes == second.attributes


def test_speech_in_events_has_its_tokens(telemetry: Telemetry, emulator: Emulator) -> None:
    """Speech that is asked for as events says what it took."""
    with client(emulator) as sdk:
        arguments: Any = {"extra_body": {"stream_format": "sse"}}
        with sdk.audio.speech.with_streaming_response.create(
            model="gpt-4o-mini-tts", voice="alloy", input="Hello", **arguments
        ) as response:
            list(response.iter_bytes())
    found = telemetry.attributes()
    assert found["gen_ai.usage.output_tokens"] == found["gen_ai.usage.audio.output_tokens"] == 5


@pytest.mark.parametrize("given", ["I will kill you", ["Hello", "I will kill you"], [{"type": "text", "text": "kill"}]])
def test_moderation(telemetry: Telemetry, emulator: Emulator, given: Sdk) -> None:
    """A moderation says whether and as what anything was flagged, and has neither tokens nor content."""
    with client(emulator) as sdk:
        sdk.moderations.create(input=given, model="omni-moderation-latest")
    span = telemetry.one()
    found = telemetry.attributes()
    assert span.name == "moderation omni-moderation-latest"
    assert found["spanwise.moderation.flagged"] is True
    assert found["spanwise.moderation.categories"] == ("violence",)
    assert str(found["gen_ai.response.id"])
    assert not [name for name in found if "usage" in name or "messages" in name]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_content_of_media(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the switch on, words are captured and images are references."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    with client(emulator) as sdk:
        sdk.images.generate(model="gpt-image-1", prompt="A parcel")
        sdk.images.create_variation(model="dall-e-2", image=PNG)
        sdk.audio.transcriptions.create(model="whisper-1", file=SOUND, prompt="Parcels")
        sdk.audio.speech.create(model="tts-1", voice="alloy", input="Hello", extra_body={"instructions": "Be kind"})
        sdk.moderations.create(input="Hello")
    image, variation, heard, said, judged = (dict(span.attributes or {}) for span in telemetry.spans())
    assert _parts(image, "input") == [{"type": "text", "content": "A parcel"}]
    assert _parts(image, "output")[0]["content"].startswith("[image/png, 1544 bytes, sha256 ")
    assert _parts(variation, "output")[0]["uri"] == "https://images.test/0.png"
    assert _parts(heard, "input") == [{"type": "text", "content": "Parcels"}]
    assert _parts(heard, "output")[0]["content"].startswith("Where is my parcel?")
    assert _parts(said, "input") == [{"type": "text", "content": "Hello"}]
    assert json.loads(str(said["gen_ai.system_instructions"])) == [{"type": "text", "content": "Be kind"}]
    assert "gen_ai.output.messages" not in said
    assert _parts(judged, "input") == [{"type": "text", "content": "Hello"}]


def _parts(found: Mapping[str, Any], way: str) -> list[dict[str, Any]]:
    (message,) = json.loads(found[f"gen_ai.{way}.messages"])
    parts: list[dict[str, Any]] = message["parts"]
    return parts


@pytest.mark.parametrize("status", [400, 503])
@pytest.mark.parametrize(("name", "arguments", "_expected"), OPERATIONS[:1] + OPERATIONS[2:3] + OPERATIONS[5:])
def test_errors_of_media(
    telemetry: Telemetry, emulator: Emulator, name: str, arguments: dict[str, Any], _expected: object, status: int
) -> None:
    """A refused call is one failed span with the SDK's own exception and no usage."""
    with client(emulator, f"error_{status}", max_retries=0) as sdk, pytest.raises(openai.APIStatusError) as raised:
        method(sdk, name)(**arguments)
    found = telemetry.attributes()
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert found["error.type"] == type(raised.value).__qualname__
    assert found["http.response.status_code"] == status
    assert not [key for key in found if key.startswith("gen_ai.usage")]


@pytest.mark.skipif(RELEASE < (1, 50), reason="the first releases do not number attempts, and no form is like another")
def test_retries_of_an_upload_are_one_span(telemetry: Telemetry, emulator: Emulator) -> None:
    """A form is sent again within one span."""
    with client(emulator, "rate_limit;times=2") as sdk:
        sdk.audio.transcriptions.create(model="whisper-1", file=SOUND)
    assert telemetry.attributes()["http.request.resend_count"] == 2


@pytest.mark.parametrize("scenario", ["disconnect", "malformed_body"])
def test_broken_bodies_of_media(telemetry: Telemetry, emulator: Emulator, scenario: str) -> None:
    """A body that ends half-way is one failed span where the SDK raises, and the caller's own exception."""
    with client(emulator, scenario, max_retries=0) as sdk, pytest.raises((openai.APIError, ValueError)):
        sdk.images.generate(model="gpt-image-1", prompt="A parcel")
    assert telemetry.one().status.status_code is StatusCode.ERROR


PRICES = [
    ("images.generate", {"model": "gpt-image-1", "prompt": "A parcel", "quality": "low"}, 2 * 5 + 272 * 40),
    ("audio.transcriptions.create", {"model": "gpt-4o-transcribe", "file": SOUND}, 42 * 6 + 13 * 10),
    ("audio.transcriptions.create", {"model": "whisper-1", "file": SOUND}, 4 / 3600 * 0.36e6),
    ("audio.speech.create", {"model": "tts-1", "voice": "alloy", "input": "Hello there"}, 11 * 15),
]


@pytest.mark.parametrize(("name", "arguments", "micro_usd"), PRICES)
def test_media_are_priced(
    telemetry: Telemetry, emulator: Emulator, name: str, arguments: dict[str, Any], micro_usd: float
) -> None:
    """What stands on the span is enough for the price book: per token of each modality, whole second, or character."""
    with client(emulator) as sdk:
        method(sdk, name)(**arguments)
    start = telemetry.one().start_time or 0
    record = SpanRecord("call", 1, 1, start_unix_nano=start, attributes=dict(telemetry.attributes()))
    priced = Cost(CostConfig())(record)
    assert priced.attributes["spanwise.cost.micro_usd"] == pytest.approx(micro_usd, abs=1)
    # Seconds are billed as whole ones.
    expected = "estimated" if "seconds" in str(priced.attributes.get("spanwise.cost.reason")) else "exact"
    assert priced.attributes["spanwise.cost.status"] == expected
