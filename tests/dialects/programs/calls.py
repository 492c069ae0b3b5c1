"""The calls that every suite is asked to record: plain, streamed, with a tool, an embedding, and one that fails."""

from __future__ import annotations

import contextlib
from typing import Any, TypeAlias


Anything: TypeAlias = Any
"""Clients and arguments of the SDKs, whose versions differ from suite to suite."""

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say hello."}]


def openai_calls() -> None:
    """The calls with the `openai` SDK."""
    import openai

    client: Anything = openai.OpenAI(max_retries=0)
    client.chat.completions.create(model="gpt-4.1-mini", messages=MESSAGES, temperature=0.5, max_tokens=64)
    options = {"include_usage": True}
    list(client.chat.completions.create(model="gpt-4.1-mini", messages=MESSAGES, stream=True, stream_options=options))
    asked = [{"role": "user", "content": "What is the weather in Paris?"}]
    client.chat.completions.create(model="gpt-4.1-mini", messages=asked, tools=[TOOL])
    client.embeddings.create(model="text-embedding-3-small", input="hello")
    with contextlib.suppress(openai.APIStatusError):
        client.chat.completions.create(
            model="gpt-4.1-mini", messages=MESSAGES, extra_headers={"x-emulator": "error_400"}
        )


def anthropic_calls() -> None:
    """The calls with the `anthropic` SDK."""
    import anthropic

    client: Anything = anthropic.Anthropic(max_retries=0)
    asked = {"model": "claude-haiku-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": "Say hello."}]}
    client.messages.create(**asked, system="Be brief.")
    list(client.messages.create(**asked, stream=True))
    with contextlib.suppress(anthropic.APIStatusError):
        client.messages.create(**asked, extra_headers={"x-emulator": "error_400"})
