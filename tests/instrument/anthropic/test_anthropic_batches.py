"""Message batches of the `anthropic` SDK: their tokens are counted once, where the results are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import anthropic
import pytest
from opentelemetry.trace import StatusCode

from spanwise.cost import Cost, CostConfig
from spanwise.record import SpanRecord
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry


Sdk: TypeAlias = Any
"""Clients and streams of an SDK: its overloads want literal arguments, tests have parameters."""

MODEL = "claude-sonnet-4-5"
REQUEST: Any = {
    "custom_id": "question-0",
    "params": {"model": MODEL, "max_tokens": 64, "messages": [{"role": "user", "content": "Where is my parcel?"}]},
}


def client(emulator: Emulator, scenario: str = "default") -> Sdk:
    """A sync client whose every call meets `scenario`."""
    return anthropic.Anthropic(
        base_url=emulator.anthropic_url, api_key="k", default_headers={"x-emulator": scenario}, max_retries=0
    )


def batches(sdk: Sdk) -> Sdk:
    """The resource of batches, which left beta in 0.42."""
    return getattr(sdk.messages, "batches", None) or sdk.beta.messages.batches


def all_attributes(telemetry: Telemetry) -> Sequence[Mapping[str, Any]]:
    """The attributes of every finished span, in the order they ended."""
    return [dict(span.attributes or {}) for span in telemetry.spans()]


def test_a_batch_from_making_to_results(telemetry: Telemetry, emulator: Emulator) -> None:
    """Making and first reading are spans; polling is none, and a second reading has no usage."""
    with client(emulator) as sdk:
        made = batches(sdk).create(requests=[REQUEST, {**REQUEST, "custom_id": "question-1"}])
        batches(sdk).retrieve(made.id)
        first = list(batches(sdk).results(made.id))
        assert len(list(batches(sdk).results(made.id))) == len(first) == 4
        batches(sdk).cancel(made.id)
    assert [span.name for span in telemetry.spans()] == [f"create_batch {MODEL}", "fetch_response", "fetch_response"]
    created, read, again = all_attributes(telemetry)
    assert created["spanwise.batch.requests"] == 2
    assert created["gen_ai.response.status"] == "in_progress"
    assert created["gen_ai.response.id"] == read["gen_ai.response.id"] == made.id
    assert read["gen_ai.usage.input_tokens"] == 300
    assert read["gen_ai.usage.output_tokens"] == 60
    assert read["gen_ai.response.model"] == "claude-sonnet-4-5-20250929"
    assert read["spanwise.batch.succeeded"] == again["spanwise.batch.succeeded"] == 3
    assert read["spanwise.batch.failed"] == 1
    assert read["spanwise.stream.outcome"] == "drained"
    assert "gen_ai.usage.input_tokens" not in again
    assert not [name for found in (created, read) for name in found if "messages" in name]


async def test_a_beta_batch_async(telemetry: Telemetry, emulator: Emulator) -> None:
    """Beta and async are the same calls."""
    async with anthropic.AsyncAnthropic(base_url=emulator.anthropic_url, api_key="k") as sdk:
        made = await sdk.beta.messages.batches.create(requests=[REQUEST])
        lines = [line async for line in await sdk.beta.messages.batches.results(made.id)]
    assert len(lines) == 4
    created, read = all_attributes(telemetry)
    assert created["gen_ai.request.model"] == MODEL
    assert read["gen_ai.usage.input_tokens"] == 300


def test_results_have_the_price_of_a_batch(telemetry: Telemetry, emulator: Emulator) -> None:
    """Tokens of every kind of the whole batch are priced, at half the price."""
    with client(emulator, "default;input_tokens=1000;cached_tokens=400;cache_write_5m_tokens=200") as sdk:
        list(batches(sdk).results("msgbatch_1"))
    found = telemetry.attributes()
    assert found["gen_ai.usage.input_tokens"] == 3 * 1600
    assert found["gen_ai.usage.cache_read.input_tokens"] == 1200
    assert found["spanwise.usage.cache_write.5m.input_tokens"] == 600
    record = SpanRecord("fetch", 1, 1, start_unix_nano=telemetry.one().start_time or 0, attributes=dict(found))
    # claude-sonnet-4-5: 3, 0.3, 3.75 and 15 dollars a million.
    whole = 3 * (1000 * 3 + 400 * 0.3 + 200 * 3.75 + 20 * 15)
    assert Cost(CostConfig())(record).attributes["spanwise.cost.micro_usd"] == whole / 2


def test_results_that_are_left_half_way_are_counted_as_far_as_they_were_read(
    telemetry: Telemetry, emulator: Emulator
) -> None:
    """What a reader left unread is counted by the next, and nothing is counted twice."""
    with client(emulator, "default;chunks=400") as sdk:
        for _ in batches(sdk).results("msgbatch_2"):
            break
        list(batches(sdk).results("msgbatch_2"))
    tokens = [found.get("gen_ai.usage.input_tokens", 0) for found in all_attributes(telemetry)]
    assert len(tokens) == 2
    assert sum(tokens) == 400 * 100


def test_results_of_several_models_have_a_sum_and_no_model(telemetry: Telemetry, emulator: Emulator) -> None:
    """A sum over models cannot be priced, and does not pretend to be of one."""
    with client(emulator, "default;kind=mixed") as sdk:
        list(batches(sdk).results("msgbatch_3"))
    found = telemetry.attributes()
    assert found["gen_ai.usage.input_tokens"] == 300
    assert "gen_ai.response.model" not in found


def test_a_batch_that_is_refused(telemetry: Telemetry, emulator: Emulator) -> None:
    """A batch that cannot be made is one failed span."""
    with client(emulator, "error_400") as sdk, pytest.raises(anthropic.BadRequestError):
        batches(sdk).create(requests=[REQUEST])
    assert telemetry.one().status.status_code is StatusCode.ERROR
    assert telemetry.attributes()["error.type"] == "BadRequestError"
