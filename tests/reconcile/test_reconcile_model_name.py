"""Spellings and snapshots of a model are one model, and different models stay different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.reconcile.line_item import line_item
from spanwise.reconcile.model_name import canonical, known_in, looks_like_model


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("gpt-4o", "gpt-4o-2024-08-06", "openai/gpt-4o", "GPT-4o", "gpt-4o-latest"), "gpt-4o"),
        (("gpt-4o-mini-2024-07-18", "gpt-4o-mini"), "gpt-4o-mini"),
        (("gpt-4-0613", "gpt-4"), "gpt-4"),
        (("gpt-3.5-turbo-0125",), "gpt-3.5-turbo"),
        (("gpt-4-1106-preview",), "gpt-4-1106-preview"),
        (("ft:gpt-4o-2024-08-06:acme::abc", "ft-gpt-4o-2024-08-06"), "ft-gpt-4o"),
        (
            (
                "claude-3-5-haiku-20241022",
                "Claude Haiku 3.5",
                "Claude 3.5 Haiku 2024-10-22",
                "us.anthropic.claude-3-5-haiku-20241022-v1:0",
                "claude-3-5-haiku@20241022",
                "anthropic/claude-3.5-haiku",
            ),
            "claude-haiku-3-5",
        ),
        (("claude-sonnet-4-20250514", "claude-sonnet-4-0", "Claude Sonnet 4"), "claude-sonnet-4"),
        (("claude-opus-4-1@20250805", "Claude Opus 4.1"), "claude-opus-4-1"),
        (("deepseek-ai/DeepSeek-V3",), "deepseek-v3"),
        (("o3-2025-04-16",), "o3"),
        (("text-embedding-3-small",), "text-embedding-3-small"),
    ],
)
def test_spellings_of_one_model(names: tuple[str, ...], expected: str) -> None:
    """Dates, prefixes, clouds and display names do not make another model."""
    assert {canonical(name) for name in names} == {expected}


def test_different_models_stay_different() -> None:
    """No two of these cost the same, so no two of them may be taken for one."""
    names = [
        "gpt-4o",
        "gpt-4o-mini",
        "gpt-4",
        "gpt-4-turbo",
        "gpt-4.1",
        "gpt-4.1-mini",
        "gpt-5",
        "gpt-5-mini",
        "o3",
        "o3-mini",
        "claude-sonnet-4",
        "claude-sonnet-4-5",
        "claude-3-5-sonnet",
        "claude-opus-4",
        "claude-haiku-4-5",
        "ft:gpt-4o:acme",
        "chatgpt-4o-latest",
    ]
    assert len({canonical(name) for name in names}) == len(names)


@given(st.text(max_size=300))
def test_any_text_has_a_name(text: str) -> None:
    """Nothing raises, and a canonical name is its own."""
    assert canonical(canonical(text)) == canonical(text)
    known_in(text, ["gpt-4o"])
    looks_like_model(text)
    line_item(text)


def test_a_model_in_the_words_of_a_meter() -> None:
    """The longest known model that a text names is meant, however it writes it."""
    models = ["gpt-4o", "gpt-4o-mini", "claude-sonnet-4", "o3"]
    assert known_in("gpt 4o mini 0718 Inp glbl Tokens", models) == "gpt-4o-mini"
    assert known_in("gpt 4o 0806 Outp glbl Tokens", models) == "gpt-4o"
    assert known_in("USE1-Claude4Sonnet-input-tokens", models) == "claude-sonnet-4"
    assert known_in("Standard_D2s_v3", models) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("gpt-4o-2024-08-06, input", ("gpt-4o", None, "input", None)),
        ("gpt-4o-2024-08-06, Output", ("gpt-4o", None, "output", None)),
        ("gpt-5-nano, input_tokens", ("gpt-5-nano", None, "input", None)),
        ("gpt-4o, cached input", ("gpt-4o", None, "cache_read", None)),
        ("gpt-6, cache write input", ("gpt-6", None, "cache_write", None)),
        ("gpt-4o batch, input", ("gpt-4o-batch", None, "input", "batch")),
        ("evals | gpt-4o-2024-08-06, output", ("gpt-4o", None, "output", None)),
        ("ft-gpt-4o-2024-08-06, input", ("ft-gpt-4o", None, "input", None)),
        ("gpt-4o-2024-08-06", ("gpt-4o", None, None, None)),
        ("assistants api | file search", (None, "assistants api | file search", "other", None)),
        ("web search tool calls", (None, "web search tool calls", "other", None)),
        ("code interpreter, sessions", (None, "code interpreter, sessions", "other", None)),
    ],
)
def test_line_items(written: str, expected: tuple[str | None, ...]) -> None:
    """A line item is tokens of a model or a service, never a guess between them."""
    assert tuple(line_item(written)) == expected
