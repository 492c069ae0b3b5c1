"""Every wire codec on bodies that no provider sends: nothing raises, and what comes out is well-formed.

The codecs are found, so that a new one is tried as well. The names in the bodies are those that a codec's own module,
and the modules of the package that it imports, have as texts: nobody has to keep a list of them.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.instrument import codec as package
from spanwise.instrument.codec import AnthropicMessages, Codec
from spanwise.instrument.codec.account import Accounts
from spanwise.instrument.codec.bedrock_invoke import invoked


FOLDER = Path(package.__path__[0])
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,40}")
QUERY = "gen_ai.retrieval.query.text"
"""The one content attribute that is text and no JSON."""
SCHEMA = "spanwise.request.output_schema"
"""The one content attribute that is an object of JSON, and no list."""

_TEXT_MODELS = (
    ("anthropic.claude-v2", "prompt"),
    ("amazon.titan-text", "inputText"),
    ("meta.llama3", "prompt"),
    ("mistral.mistral-7b", "prompt"),
    ("cohere.command-text", "prompt"),
    ("ai21.j2-mid", "prompt"),
    ("deepseek.r1", "prompt"),
)
GIVEN: dict[str, Callable[[type[Any]], list[Codec]]] = {
    "AnthropicBatchResults": lambda kind: [kind("msgbatch_1", Accounts())],
    "OpenAIBatchFetch": lambda kind: [kind("batch_1", Accounts())],
    "OpenAIFetch": lambda kind: [kind("resp_1", Accounts())],
    "GeminiInteractionFetch": lambda kind: [kind("v1_1", Accounts())],
    "CohereRerank": lambda kind: [kind(), kind(["a", {"text": "b"}, None])],
    "BedrockInvoke": lambda kind: [kind(AnthropicMessages(), names_model=names) for names in (False, True)],
    "BedrockText": lambda _: [found for model, field in _TEXT_MODELS if (found := invoked(model, {field: ""}))],
}
"""How codecs are made that need more than nothing."""


def codecs() -> Iterator[Codec]:
    """Every codec of the package."""
    for path in sorted(FOLDER.glob("*.py")):
        module = import_module(f"{package.__name__}.{path.stem}")
        for name, kind in vars(module).items():
            own = isinstance(kind, type) and kind.__module__ == module.__name__
            if own and kind is not Codec and hasattr(kind, "reducer") and hasattr(kind, "request"):
                make = GIVEN.get(name)
                yield from [kind()] if make is None else make(kind)


CODECS = list(codecs())


@cache
def words(stem: str) -> frozenset[str]:
    """The names that a module of the package, and those of the package that it imports, have as texts."""
    path = FOLDER / f"{stem}.py"
    if not path.is_file() or stem == "__init__":
        return frozenset()
    tree = ast.parse(path.read_text())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
            found.add(node.value)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{package.__name__}."):
            found |= words((node.module or "").rpartition(".")[2])
    return frozenset(found)


@cache
def bodies(stem: str) -> st.SearchStrategy[dict[str, Any]]:
    """Bodies in the words of a module."""
    keys = st.sampled_from(sorted(words(stem)))
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | keys
    values = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=10
    )
    return st.dictionaries(keys, values, max_size=6)


def _id(codec: Codec) -> str:
    return type(codec).__name__


def test_codecs_are_found() -> None:
    """There are as many as there are classes with an operation, and their words are those of their wires."""
    assert len(CODECS) > 50
    assert {"choices", "finish_reason", "prompt_tokens", "tool_calls"} <= words("openai_chat")
    assert {"contentBlockDelta", "inputTokens"} <= words("bedrock_converse")
    assert {"candidates", "usageMetadata"} <= words("gemini_generate")


@pytest.mark.parametrize("codec", CODECS, ids=_id)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_any_json_is_read(codec: Codec, data: st.DataObject) -> None:
    """Fields of a wrong type are left out: attributes have types a span takes, content is JSON or a query."""
    kind = bodies(type(codec).__module__.rpartition(".")[2])
    body, events = data.draw(kind), data.draw(st.lists(kind, max_size=3))
    reducer = codec.reducer()
    for event in events:
        reducer.add(event)
    assert reducer.error is None or isinstance(reducer.error, str)
    for given_body in (body, reducer.body()):
        for attributes in (codec.request(given_body), codec.response(given_body)):
            for name, value in attributes.items():
                assert isinstance(value, str | int | float | bool | list), name
                assert value == value, f"{name} is not a number"  # noqa: PLR0124 - that is how NaN shows
        for content in (codec.request_content(given_body), codec.response_content(given_body)):
            for name, value in content.items():
                assert isinstance(value, str)
                assert name == QUERY or isinstance(json.loads(value), dict if name == SCHEMA else list)


@pytest.mark.parametrize("codec", CODECS, ids=_id)
def test_indices_do_not_allocate(codec: Codec) -> None:
    """An index of a billion, or thousands of indices, cost no memory in proportion."""
    reducer = codec.reducer()
    for index in (10**9, *range(5000)):
        reducer.add({"choices": [{"index": index, "delta": {"content": "x"}}]})
        reducer.add({"type": "content_block_start", "index": index, "content_block": {"type": "text"}})
        reducer.add({"type": "response.output_text.delta", "item_id": str(index), "delta": "x"})
        reducer.add({"event_type": "step.start", "index": index, "step": {"type": "model_output"}})
    body = reducer.body()
    assert len(body.get("choices", ())) <= 256
    assert len(body.get("content", ())) <= 1024
    assert len(body.get("output", ())) <= 256
    assert len(body.get("steps", ())) <= 1024
