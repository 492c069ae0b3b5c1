"""What the emulated model says, and how many tokens that took, before any dialect writes it down."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from itertools import pairwise

from tests.emulator.call import Call
from tests.emulator.prompt import Prompt
from tests.emulator.schema import SchemaSampler


REFUSAL = "I'm sorry, but I can't help with that."
THINKING = "The customer asks a plain question. I will answer it in one or two sentences."
_REASONING_TOKENS = 64
_CACHE_BLOCK = 128
_CACHE_FROM = 1024
_SENTENCES = (
    (
        re.compile(r"return|refund|money back", re.IGNORECASE),
        "You can return an item within 30 days for a full refund.",
    ),
    (re.compile(r"ship|deliver|arriv", re.IGNORECASE), "Standard delivery takes 3 to 5 working days."),
    (
        re.compile(r"warrant|repair|broken", re.IGNORECASE),
        "Every product has a two-year warranty; we repair or replace it.",
    ),
    (
        re.compile(r"pay|card|invoice|charge", re.IGNORECASE),
        "Your payment is safe, and a colleague will check it today.",
    ),
    (re.compile(r"open|hour|closed", re.IGNORECASE), "The shop is open from 9:00 to 18:00, Monday to Saturday."),
)
_OTHERWISE = "Thank you for your question. Our team is happy to help you with that."


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One function call with its arguments as JSON text."""

    index: int
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token counts. `input` and `output` are totals that include the parts named beside them."""

    input: int
    output: int
    cached: int = 0
    cache_write_5m: int = 0
    cache_write_1h: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `finish` is `stop`, `tool`, `length`, `refusal` or `filter`."""

    tokens: Tokens
    text: str = ""
    finish: str = "stop"
    refusal: str | None = None
    thinking: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    pieces: tuple[str, ...] = field(default=())
    """The text, or the refusal, cut as a stream sends it."""


def compose(call: Call, prompt: Prompt) -> Answer:
    """The answer to a prompt under a call's scenario. Equal calls get equal answers."""
    name = call.scenario.name
    thinking = THINKING if prompt.thinks or name == "thinking" else None
    if name == "refusal":
        return Answer(count_tokens(call, prompt, REFUSAL), "", "refusal", refusal=REFUSAL, pieces=words(REFUSAL))
    calls = _tool_calls(call, prompt)
    if calls:
        written = "".join(c.name + c.arguments for c in calls)
        return Answer(count_tokens(call, prompt, written), "", "tool", thinking=thinking, tool_calls=calls)
    pieces = _pieces(call, _text(call, prompt))
    finish = {"length": "length", "content_filter": "filter"}.get(name, "stop")
    if finish != "stop":
        pieces = pieces[: max(1, len(pieces) // 2)]
    text = "".join(pieces)
    tokens = count_tokens(call, prompt, text + (thinking or ""), reasoning=thinking)
    return Answer(tokens, text, finish, thinking=thinking, pieces=pieces)


def words(text: str) -> tuple[str, ...]:
    """A text in pieces of one word with the space after it."""
    return tuple(re.findall(r"\S+\s*|\s+", text))


def count_tokens(call: Call, prompt: Prompt, written: str, *, reasoning: str | None = None) -> Tokens:
    """Token counts: one for four characters, unless the scenario names a number."""
    asked = call.scenario
    spent = 0 if reasoning is None else _tokens(reasoning)
    if call.thinks and reasoning is None:
        spent = _REASONING_TOKENS
    spent = spent if asked.reasoning_tokens is None else asked.reasoning_tokens
    total_in = max(1, _tokens_in(prompt.characters)) if asked.input_tokens is None else asked.input_tokens
    reused = total_in // 2 // _CACHE_BLOCK * _CACHE_BLOCK if total_in >= _CACHE_FROM else 0
    total_out = _tokens(written) if reasoning is not None else _tokens(written) + spent
    return Tokens(
        input=total_in,
        output=max(total_out, spent) if asked.output_tokens is None else asked.output_tokens,
        cached=reused if asked.cached_tokens is None else asked.cached_tokens,
        cache_write_5m=asked.cache_write_5m_tokens or 0,
        cache_write_1h=asked.cache_write_1h_tokens or 0,
        reasoning=spent,
    )


def _tokens(text: str) -> int:
    return max(1, _tokens_in(len(text)))


def _tokens_in(characters: int) -> int:
    return -(-characters // 4)


def _tool_calls(call: Call, prompt: Prompt) -> tuple[ToolCall, ...]:
    scenario = call.scenario
    wanted = prompt.tool_result is None and scenario.text is None and scenario.name not in ("text", "echo", "length")
    if not prompt.tools or not (wanted or scenario.name == "tool_calls"):
        return ()
    chosen = [prompt.tools[index % len(prompt.tools)] for index in range(scenario.calls)]
    return tuple(
        ToolCall(index, tool.name, json.dumps(SchemaSampler(tool.schema, prompt=prompt.text).sample()))
        for index, tool in enumerate(chosen)
    )


def _text(call: Call, prompt: Prompt) -> str:
    scenario = call.scenario
    if scenario.text is not None:
        return scenario.text
    if scenario.name == "echo":
        return prompt.text
    if prompt.schema is not None:
        return json.dumps(SchemaSampler(prompt.schema, prompt=prompt.text).sample())
    sentence = next((said for pattern, said in _SENTENCES if pattern.search(prompt.text)), _OTHERWISE)
    if prompt.tool_result is not None:
        sentence = f"I looked that up for you: {prompt.tool_result[:400]}"
    return json.dumps({"answer": sentence}) if prompt.json_mode else sentence


def _pieces(call: Call, text: str) -> tuple[str, ...]:
    """The text cut for streaming; repeated or cut to the length the scenario names."""
    scenario = call.scenario
    if scenario.characters is not None:
        text = (text + " ") * (scenario.characters // (len(text) + 1) + 1)
        text = text[: scenario.characters]
    if scenario.chunks is None:
        return words(text)
    if scenario.characters is None and scenario.text is None:
        said = words(text + " ")
        return tuple(said[index % len(said)] for index in range(scenario.chunks))
    text = text if len(text) >= scenario.chunks else text * (scenario.chunks // max(1, len(text)) + 1)
    edges = [len(text) * index // scenario.chunks for index in range(scenario.chunks + 1)]
    return tuple(text[start:end] for start, end in pairwise(edges))
