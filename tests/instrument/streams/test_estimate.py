"""Token counts that nobody sent: absent, or on request an estimate that says so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.cost import Cost
from spanwise.cost.config import CostConfig
from spanwise.instrument import AnthropicInstrumentor, OpenAIInstrumentor
from spanwise.instrument.core.estimate import INPUT, OUTPUT, estimated_tokens, tokens_of
from spanwise.pipeline.config import PipelineConfig
from spanwise.record.sdk import from_readable
from tests.instrument.streams.wire import ANTHROPIC, OPENAI, WORDS
from tests.instrument.telemetry import Telemetry, instrumented


GERMAN = (
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt und "
    "sollen einander im Geist der Brüderlichkeit begegnen."
)
CHINESE = "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相对待。"  # noqa: RUF001 - as it is written


@pytest.fixture
def estimating(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """An application that asked for estimates."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    monkeypatch.setenv("SPANWISE_ESTIMATE_TOKENS", "true")
    with instrumented(OpenAIInstrumentor(), AnthropicInstrumentor()) as running:
        yield running


def test_off_by_default(telemetry: Telemetry) -> None:
    """Without the switch a stream that was closed has no counts at all."""
    stream = OPENAI.ask(OPENAI.client())
    next(iter(stream))
    stream.close()
    found = telemetry.attributes()
    assert not [name for name in found if name.startswith(("gen_ai.usage", "spanwise.usage"))]


def test_a_closed_stream_has_an_estimate(estimating: Telemetry) -> None:
    """What was read counts, marked; the price of it is an estimate, and no content is on the span."""
    stream = OPENAI.ask(OPENAI.client())
    events = iter(stream)
    for _ in range(WORDS):
        next(events)
    stream.close()
    span = from_readable(estimating.one())
    assert span.attributes["spanwise.usage.estimated"] is True
    assert span.count("gen_ai.usage.output_tokens") in range(WORDS - 2, WORDS + 3)
    assert span.count("gen_ai.usage.input_tokens") in range(1, 20)
    assert "word" not in repr(span.attributes)
    priced = Cost(CostConfig())(span).attributes
    assert (priced["spanwise.cost.status"], priced["spanwise.cost.reason"]) == ("estimated", "tokens estimated")


def test_counts_that_came_are_kept(estimating: Telemetry) -> None:
    """A stream that was read to its end has what the provider counted, without a mark."""
    list(OPENAI.ask(OPENAI.client()))
    found = estimating.attributes()
    assert found["gen_ai.usage.output_tokens"] == WORDS
    assert "spanwise.usage.estimated" not in found


def test_what_anthropic_begins_with_is_no_count(estimating: Telemetry) -> None:
    """The first event says one token of output; a stream that was closed later has what was read."""
    stream = ANTHROPIC.ask(ANTHROPIC.client())
    events = iter(stream)
    for _ in range(WORDS):
        next(events)
    stream.close()
    found = estimating.attributes()
    assert found["gen_ai.usage.output_tokens"] > 5
    assert found["gen_ai.usage.input_tokens"] == 11
    assert found["spanwise.usage.estimated"] is True


def test_a_policy_asks_for_it() -> None:
    """`cost.estimate_tokens` is a setting; where it is not set, the environment decides."""
    assert CostConfig().estimate_tokens is None
    config = PipelineConfig.from_options({"cost": {"estimate_tokens": True}})
    assert config.cost.estimate_tokens is True


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        # Counts of o200k_base and cl100k_base, the lower and the higher.
        (GERMAN, (38, 44)),
        (CHINESE, (35, 50)),
        ("The quick brown fox jumps over the lazy dog. " * 20, (201, 201)),
    ],
)
def test_known_texts(text: str, tokens: tuple[int, int]) -> None:
    """The estimate of a text is within a third of what tokenizers make of it."""
    lower, higher = tokens
    assert lower * 2 / 3 <= estimated_tokens(text) <= higher * 4 / 3


def test_code_is_within_the_bound() -> None:
    """This file has about 240 tokens for 1000 characters, as code has."""
    text = Path(__file__).read_text("utf-8")
    assert 170 <= estimated_tokens(text) / len(text) * 1000 <= 340


def test_media_are_not_estimated() -> None:
    """What an image takes nobody can tell; nothing said is no estimate."""
    image = '[{"role":"user","parts":[{"type":"text","content":"a"},{"type":"blob","content":"abcd"}]}]'
    assert tokens_of({"gen_ai.input.messages": image}, INPUT) is None
    assert tokens_of({}, OUTPUT) is None


@given(st.text())
def test_any_text_has_an_estimate(text: str) -> None:
    """Every text but the empty one has at least one token, and more text never fewer."""
    tokens = estimated_tokens(text)
    assert tokens >= (1 if text else 0)
    assert estimated_tokens(text + text) >= tokens
