"""Prompts without a version: one template has one fingerprint, and a changed word another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise import context
from spanwise.application import Stamp
from spanwise.instrument import AnthropicInstrumentor, OpenAIInstrumentor
from spanwise.instrument.core import fingerprint as room
from spanwise.instrument.core.fingerprint import fingerprint, fingerprint_of
from spanwise.pipeline.prompt_key import PromptKey
from spanwise.redact import KeyRing, PseudonymConfig
from tests.bench.bench_fingerprint import clashes, misses
from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry, instrumented


NAME = "spanwise.prompt.fingerprint"
SAID = ["you", "sort", "answer", "the", "mail", "of", "every", "customer", "with", "don't,", "(and)", "end."]
WORDS = st.lists(st.sampled_from(SAID), min_size=1)
VALUES = st.one_of(
    st.integers().map(str),
    st.uuids().map(str).filter(lambda text: any(sign.isdigit() for sign in text)),
    st.dates().map(str),
    st.dates().map(lambda day: day.strftime("%A, %d %B %Y")),
    st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.com", fullmatch=True),
    st.text(st.characters(categories=["L", "N", "Zs"]), max_size=40).map(lambda text: f'"{text}"'),
)


@given(WORDS, VALUES, VALUES, WORDS)
def test_other_values_have_the_same_fingerprint(before: list[str], one: str, other: str, after: list[str]) -> None:
    """Numbers, ids, dates, e-mail addresses and what is quoted."""
    made = [fingerprint(" ".join([*before, value, *after])) for value in (one, other)]
    assert made[0] == made[1]


@given(WORDS, VALUES, WORDS, st.data())
def test_a_changed_word_has_another(before: list[str], value: str, after: list[str], data: st.DataObject) -> None:
    """Wherever it stands beside a value."""
    words = [*before, value, *after]
    place = data.draw(st.sampled_from([*range(len(before)), *range(len(before) + 1, len(words))]))
    changed = [*words[:place], "otherwise", *words[place + 1 :]]
    assert fingerprint(" ".join(words)) != fingerprint(" ".join(changed))


@given(st.text(max_size=500))
def test_any_text_has_one(text: str) -> None:
    """16 hexadecimal digits, the same each time, with a key others, and nothing of the text."""
    made = fingerprint(text)
    assert (len(made), made) == (16, fingerprint(text))
    assert int(made, 16) >= 0
    assert made != fingerprint(text, b"k" * 32)


def test_keys_of_json_are_part_of_the_template() -> None:
    """Of an example only the values are taken out."""
    assert fingerprint('Answer as {"kind": "a"}.') == fingerprint('Answer as {"kind": "b c"}.')
    assert fingerprint('Answer as {"kind": "a"}.') != fingerprint('Answer as {"reason": "a"}.')
    assert fingerprint("It's the user's mail") != fingerprint("It's the client's mail")
    assert fingerprint("The title is 'a' here") == fingerprint("The title is 'b' here")


@pytest.mark.parametrize(
    "request_",
    [
        {"messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "a"}]},
        {"messages": [{"role": "developer", "content": [{"type": "text", "text": "Be kind."}]}]},
        {"system": "Be kind."},
        {"system": [{"type": "text", "text": "Be kind."}]},
        {"instructions": "Be kind.", "input": "a"},
        {"input": [{"role": "system", "content": "Be kind."}]},
        {"systemInstruction": {"parts": [{"text": "Be kind."}]}},
        {"preamble": "Be kind.", "message": "a"},
    ],
)
def test_where_dialects_have_the_instruction(request_: dict[str, Any]) -> None:
    """One instruction has one fingerprint, whatever API it is sent to."""
    assert fingerprint_of(request_) == fingerprint("Be kind.")


@pytest.mark.parametrize(
    "request_",
    [{}, {"messages": [{"role": "user", "content": "a"}]}, {"messages": [3]}, {"system": 3}, {"input": [None]}],
)
def test_no_instruction_no_fingerprint(request_: dict[str, Any]) -> None:
    """What a user says is no template; and nothing fails for what is no instruction."""
    assert fingerprint_of(request_) == ""


def test_how_often_it_is_wrong() -> None:
    """On the seeded corpus no value of these kinds shows, and no changed word hides."""
    assert [misses(kind, 100) for kind in ("number", "id", "date", "quoted", "e-mail", "url")] == [0.0] * 6
    assert clashes(300) == 0.0


def test_a_key_of_the_policy() -> None:
    """It is derived from that of pseudonyms, and gone with it."""
    key = PromptKey()
    key.follow(PseudonymConfig(KeyRing("k1", bytes(range(32)))))
    assert len(key.key) == 64
    assert bytes(range(32)) not in key.key
    key.follow(None)
    assert key.key == b""


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of texts, the last so many; not the texts."""
    monkeypatch.setattr(room, "_MOST", 3)
    monkeypatch.setattr(room, "_KNOWN", {})
    for number in range(10):
        fingerprint_of({"system": f"Be kind {number}."})
    assert len(room._KNOWN) == 3
    assert not any("kind" in str(pair) for pair in room._KNOWN.items())


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """One emulator for the module."""
    with Emulator() as running:
        yield running


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telemetry]:
    """Both SDKs instrumented."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")
    with instrumented(OpenAIInstrumentor(), AnthropicInstrumentor()) as running:
        yield running


def test_a_call_says_it_where_content_is_off(telemetry: Telemetry, emulator: Emulator) -> None:
    """Of two SDKs, the same; and nothing of the text."""
    with openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk:
        asked: Any = [{"role": "system", "content": "Be kind to u-1."}, {"role": "user", "content": "a"}]
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked)
    with anthropic.Anthropic(base_url=emulator.anthropic_url, api_key="k") as other:
        other.messages.create(
            model="claude-sonnet-4-6",
            max_tokens=9,
            system="Be kind to u-2.",
            messages=[{"role": "user", "content": "a"}],
        )
    said = [dict(span.attributes or {}) for span in telemetry.spans()]
    assert [one[NAME] for one in said] == [fingerprint("Be kind to u-3.")] * 2
    assert "kind" not in str(said)


def test_a_prompt_that_is_named_needs_none(telemetry: Telemetry, emulator: Emulator) -> None:
    """Its version and hash say more."""
    telemetry.provider.add_span_processor(Stamp())
    with context(prompt="desk@1"), openai.OpenAI(base_url=emulator.openai_url, api_key="k") as sdk:
        asked: Any = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "a"}]
        sdk.chat.completions.create(model="gpt-4.1-mini", messages=asked)
    assert NAME not in telemetry.attributes()
