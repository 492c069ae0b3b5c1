"""A call whose messages come from a prompt says which one, by name, version and hash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest

from spanwise import context
from spanwise.application import Stamp
from spanwise.instrument import AnthropicInstrumentor, OpenAIInstrumentor
from spanwise.instrument.core import prompted
from spanwise.instrument.core.prompted import Made, made_in, remember
from spanwise.prompts import Message, Prompt
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry, instrumented


TEXT = Prompt("triage", (Message("", "Sort: {{mail}}"),), "3")
CHAT = Prompt("desk", (Message("system", "Be {{tone}}."), Message("user", "{{question}}")))


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """Both SDKs instrumented, and no text remembered from other tests."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    prompted._RECENT.clear()
    with instrumented(OpenAIInstrumentor(), AnthropicInstrumentor()) as running:
        yield running


def said(telemetry: Telemetry) -> dict[str, Any]:
    """What the only span says of prompts."""
    return {name: value for name, value in telemetry.attributes().items() if "prompt" in name}


@pytest.mark.parametrize("stream", [False, True])
def test_a_text_in_a_message(telemetry: Telemetry, emulator: Emulator, *, stream: bool) -> None:
    """Name, version and hash; no variables where content is off."""
    with openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk:
        asked: Any = [{"role": "user", "content": TEXT.compile(mail="a")}]
        answer: Any = sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked, stream=stream)
        assert not stream or list(answer)
    assert said(telemetry) == {
        "gen_ai.prompt.name": "triage",
        "gen_ai.prompt.version": "3",
        "spanwise.prompt.hash": TEXT.hash,
    }


def test_messages_of_a_chat(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a version the hash tells one template from another; variables are content."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "SPAN_ONLY")
    with openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk:
        asked: Any = CHAT.compile_chat(tone="kind", question="Where?")
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked)
    assert said(telemetry) == {
        "gen_ai.prompt.name": "desk",
        "spanwise.prompt.hash": CHAT.hash,
        "gen_ai.prompt.variable.tone": "kind",
        "gen_ai.prompt.variable.question": "Where?",
    }


async def test_an_equal_text_elsewhere_in_a_request(telemetry: Telemetry, emulator: Emulator) -> None:
    """As a system prompt, and as a plain copy: frameworks copy texts."""
    async with anthropic.AsyncAnthropic(base_url=emulator.anthropic_url, api_key="k") as sdk:
        text = "".join(list(TEXT.compile(mail="a")))
        assert type(text) is str
        asked: Any = [{"role": "user", "content": "b"}]
        await sdk.messages.create(model="claude-haiku-4-5", max_tokens=9, system=text, messages=asked)
    assert said(telemetry)["gen_ai.prompt.name"] == "triage"


def test_other_texts_say_nothing(telemetry: Telemetry, emulator: Emulator) -> None:
    """A text that is made of it is another."""
    with openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk:
        asked: Any = [{"role": "user", "content": TEXT.compile(mail="a") + "!"}]
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked)
    assert said(telemetry) == {}


def test_the_call_knows_better_than_its_context(telemetry: Telemetry, emulator: Emulator) -> None:
    """The context says it for calls that do not."""
    telemetry.provider.add_span_processor(Stamp())
    with openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk, context(prompt="other@1"):
        asked: Any = CHAT.compile_chat(tone="kind", question="Where?")
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked)
    assert said(telemetry) == {"gen_ai.prompt.name": "desk", "spanwise.prompt.hash": CHAT.hash}


def test_what_is_remembered_is_bounded() -> None:
    """The oldest is forgotten; a request of any size and depth is looked at in part."""
    prompted._RECENT.clear()
    made = Made("a", None, "h", {})
    for number in range(2000):
        remember(str(number), made)
    assert len(prompted._RECENT) == 1024
    remember("", made)
    assert made_in({"a": ""}) is None
    assert made_in({"a": "1999"}) is made
    assert made_in({"a": "1"}) is None
    deep: Any = "1999"
    for _ in range(2000):
        deep = [deep]
    assert made_in({"a": deep}) is None
    assert made_in({"a": ["x"] * 100_000, "b": "1999"}) is None
    prompted._RECENT.clear()
