"""Responses in the background, responses that are read again, and batches: their usage is counted once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import openai
import pytest
from opentelemetry.trace import StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.instrument import OpenAIInstrumentor
from spanwise.record import SpanRecord
from spanwise.record.sdk import from_readable
from spanwise.store import cost_amount, is_model_call
from tests.emulator import Emulator
from tests.instrument.openai.sdk import RELEASE, aclient, client
from tests.instrument.telemetry import Telemetry, instrumented


MODEL = "gpt-4.1-mini"
TOKENS = ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")

with_responses = pytest.mark.skipif(RELEASE < (1, 66), reason="the responses API came with 1.66")
with_background = pytest.mark.skipif(RELEASE < (1, 80), reason="background mode came with 1.80")


def all_attributes(telemetry: Telemetry) -> Sequence[Mapping[str, Any]]:
    """The attributes of every finished span, in the order they ended."""
    return [dict(span.attributes or {}) for span in telemetry.spans()]


def counted(found: Mapping[str, Any]) -> bool:
    """Whether a span has usage."""
    return any(name in found for name in TOKENS)


@with_background
def test_a_background_response_is_counted_by_the_first_fetch_that_finds_it_finished(
    telemetry: Telemetry, emulator: Emulator
) -> None:
    """Its making has no usage, nor has a fetch while it works; the first fetch after that has it, the next has none."""
    with client(emulator) as sdk:
        made = sdk.responses.create(model=MODEL, input="Where is my parcel?", background=True)
        sdk.responses.retrieve(made.id, extra_headers={"x-emulator": "default;kind=in_progress"})
        sdk.responses.retrieve(made.id)
        sdk.responses.retrieve(made.id)
    spans = telemetry.spans()
    assert [span.name for span in spans] == [f"chat {MODEL}", *["fetch_response"] * 3]
    found = all_attributes(telemetry)
    assert [counted(each) for each in found] == [False, False, True, False]
    assert [each["gen_ai.response.status"] for each in found] == ["queued", "in_progress", "completed", "completed"]
    assert {each["gen_ai.response.id"] for each in found} == {made.id}
    assert found[2]["gen_ai.response.finish_reasons"] == ("stop",)
    assert found[2]["openai.api.type"] == "responses"
    assert found[2]["server.address"] == "127.0.0.1"
    assert "gen_ai.request.model" not in found[2]


@with_background
def test_a_background_response_is_no_estimate(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tokens are estimated, those of a response that works on are not: the fetch has the counts."""
    monkeypatch.setenv("SPANWISE_ESTIMATE_TOKENS", "true")
    with instrumented(OpenAIInstrumentor()) as telemetry, client(emulator) as sdk:
        made = sdk.responses.create(model=MODEL, input="Where is my parcel?", background=True)
        sdk.responses.retrieve(made.id)
    found = all_attributes(telemetry)
    assert [counted(each) for each in found] == [False, True]
    assert not any("spanwise.usage.estimated" in each for each in found)


@with_background
def test_a_background_response_has_its_cost_in_the_store(telemetry: Telemetry, emulator: Emulator) -> None:
    """The fetch that knows the usage is a call with a cost; those that know nothing are none."""
    with client(emulator) as sdk:
        made = sdk.responses.create(model=MODEL, input="Where is my parcel?", background=True)
        sdk.responses.retrieve(made.id, extra_headers={"x-emulator": "default;kind=in_progress"})
        sdk.responses.retrieve(made.id)
        sdk.responses.retrieve(made.id)
    spans = [Cost(CostConfig())(from_readable(span)) for span in telemetry.spans()]
    assert [is_model_call(span) for span in spans] == [True, False, True, False]
    assert [cost_amount(span) is not None for span in spans] == [False, False, True, False]


@with_background
async def test_a_background_stream_counts_and_its_fetch_does_not(telemetry: Telemetry, emulator: Emulator) -> None:
    """Who streams a background response to its end has its usage; taking the stream up again adds nothing."""
    async with aclient(emulator) as sdk:
        stream = await sdk.responses.create(model=MODEL, input="Hello", background=True, stream=True)
        events = [event async for event in stream]
        await sdk.responses.retrieve(events[0].response.id)
    made, fetched = all_attributes(telemetry)
    assert counted(made)
    assert not counted(fetched)


@with_responses
@pytest.mark.parametrize("arguments", [{}, {"include": ["message.input_image.image_url"]}])
def test_a_stored_response_has_no_usage_when_it_is_read_again(
    telemetry: Telemetry, emulator: Emulator, arguments: dict[str, Any]
) -> None:
    """The convention: whoever made the response had the usage."""
    with client(emulator, "default;kind=stored") as sdk:
        sdk.responses.retrieve("resp_1", **arguments)
    (found,) = all_attributes(telemetry)
    assert not counted(found)
    assert found["gen_ai.response.status"] == "completed"


@pytest.mark.skipif(RELEASE < (1, 80), reason="streams of stored responses came with 1.80")
def test_a_stream_that_is_taken_up_again_has_its_cursor(telemetry: Telemetry, emulator: Emulator) -> None:
    """The span says where the stream began, and how it ended."""
    with client(emulator) as sdk:
        events = list(sdk.responses.retrieve("resp_1", stream=True, starting_after=4))
    (found,) = all_attributes(telemetry)
    assert events[0].sequence_number == 5
    assert found["gen_ai.request.stream_cursor"] == "4"
    assert found["gen_ai.request.stream"] is True
    assert found["gen_ai.response.status"] == "completed"
    assert found["spanwise.stream.outcome"] == "drained"
    assert found["gen_ai.response.time_to_first_chunk"] > 0


@with_responses
def test_content_of_a_fetch_is_what_was_answered(
    telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The convention wants output on a fetch, and never input."""
    with client(emulator) as sdk:
        sdk.responses.retrieve("resp_1")
        assert "gen_ai.output.messages" not in telemetry.attributes()
        monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
        sdk.responses.retrieve("resp_1")
    found = all_attributes(telemetry)[1]
    assert json.loads(found["gen_ai.output.messages"])[0]["role"] == "assistant"
    assert "gen_ai.input.messages" not in found


@with_responses
def test_a_fetch_that_fails(telemetry: Telemetry, emulator: Emulator) -> None:
    """A response that is not there is a failed span that names it."""
    with client(emulator, "error_404") as sdk, pytest.raises(openai.NotFoundError):
        sdk.responses.retrieve("resp_gone")
    span = telemetry.one()
    assert span.status.status_code is StatusCode.ERROR
    found = telemetry.attributes()
    assert found["error.type"] == "NotFoundError"
    assert found["gen_ai.response.id"] == "resp_gone"


@with_responses
def test_a_conversation_is_named(telemetry: Telemetry, emulator: Emulator) -> None:
    """The response before, and the conversation, stand on the span."""
    with client(emulator) as sdk:
        sdk.responses.create(
            model=MODEL, input="And now?", previous_response_id="resp_1", extra_body={"conversation": {"id": "conv_1"}}
        )
    (found,) = all_attributes(telemetry)
    assert found["gen_ai.request.previous_response.id"] == "resp_1"
    assert found["gen_ai.conversation.id"] == "conv_1"


def test_what_neither_asks_nor_answers_is_left_alone(telemetry: Telemetry, emulator: Emulator) -> None:
    """Cancelling spends nothing and fetches nothing."""
    with client(emulator) as sdk:
        sdk.batches.cancel("batch_1")
        if RELEASE >= (1, 80):
            sdk.responses.cancel("resp_1")
    assert telemetry.spans() == []


def test_a_batch_is_counted_by_the_first_fetch_that_finds_it_finished(telemetry: Telemetry, emulator: Emulator) -> None:
    """Its making and its polling cost nothing; its tokens stand once, at the price of a batch."""
    with client(emulator) as sdk:
        made = sdk.batches.create(input_file_id="file-1", endpoint="/v1/chat/completions", completion_window="24h")
        sdk.batches.retrieve(made.id, extra_headers={"x-emulator": "default;kind=in_progress"})
        sdk.batches.retrieve(made.id)
        sdk.batches.retrieve(made.id)
    names = [span.name for span in telemetry.spans()]
    found = all_attributes(telemetry)
    assert names == ["create_batch", *["fetch_response"] * 3]
    assert [counted(each) for each in found] == [False, False, True, False]
    assert [each["gen_ai.response.status"] for each in found] == ["queued", "in_progress", "completed", "completed"]
    assert {each["gen_ai.response.id"] for each in found} == {made.id}
    assert {each["spanwise.batch.endpoint"] for each in found} == {"/v1/chat/completions"}
    assert found[2]["spanwise.batch.requests"] == 20
    assert found[2]["spanwise.batch.succeeded"] == 19
    assert found[2]["spanwise.batch.failed"] == 1


async def test_a_batch_has_half_the_price(telemetry: Telemetry, emulator: Emulator) -> None:
    """The cost of a batch stands on the fetch that counts it, and on no other span."""
    async with aclient(emulator) as sdk:
        await sdk.batches.retrieve("batch_1")
        await sdk.batches.retrieve("batch_1")
    start = telemetry.spans()[0].start_time or 0
    first, second = (
        Cost(CostConfig())(SpanRecord("fetch", 1, 1, start_unix_nano=start, attributes=dict(found)))
        for found in all_attributes(telemetry)
    )
    # gpt-4.1-mini: 0.4 and 1.6 dollars a million.
    assert first.attributes["spanwise.cost.micro_usd"] == (2000 * 0.4 + 500 * 1.6) / 2
    assert "spanwise.cost.status" not in second.attributes
