"""What can be set, and how a wrong setting is answered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from typing import Any

import pytest

from spanwise.dedupe import Dedupe, DedupeConfig
from spanwise.dedupe.config import USAGE_NAMES
from spanwise.dedupe.usage import UsageNames
from spanwise.normalise import Normalise
from spanwise.record import Scope, SpanRecord
from tests.dedupe.sample import LANGCHAIN, call, marks


@pytest.mark.parametrize(
    "wrong",
    [
        {"enabled": "yes"},
        {"max_calls": 1},
        {"max_calls": True},
        {"max_calls": 1e4},
        {"max_calls": 10**7},
        {"window_s": 0},
        {"window_s": -1},
        {"window_s": float("nan")},
        {"window_s": "60"},
        {"window_s": 10**6},
        {"usage_names": ["x"]},
        {"usage_names": ("",)},
        {"usage_names": ("*",)},
        {"usage_names": ("a*b",)},
        {"usage_names": (1,)},
        {"usage_names": ("x",) * 257},
    ],
)
def test_mistakes_are_named(wrong: dict[str, Any]) -> None:
    """A setting that cannot be used is named with what was found and what is accepted, and no step is made of it."""
    config = DedupeConfig(**wrong)
    (problem,) = config.validate()
    assert problem.startswith(f"{next(iter(wrong))}: found ")
    assert "accepted" in problem
    with pytest.raises(ValueError, match="accepted"):
        Dedupe(config)


def test_the_defaults_are_valid() -> None:
    """A step without a configuration looks for duplicates."""
    assert DedupeConfig().validate() == []
    assert marks(call(1, parent=2), call(2, scope=LANGCHAIN)) == [None, (1, "nested")]


def test_switched_off() -> None:
    """Switched off, the step changes nothing and remembers nothing."""
    step = Dedupe(DedupeConfig(enabled=False))
    assert marks(call(1, parent=2), call(2, scope=LANGCHAIN), step=step) == [None, None]
    assert step.remembered == 0


def test_names_of_one_s_own() -> None:
    """Names that are set replace those of other dialects; the convention's and ours always go."""
    step = Dedupe(DedupeConfig(usage_names=("bill", "acme.*")))
    span = call(2, scope=LANGCHAIN, bill=1, billing=1, acme__cost=2, llm__usage__total_tokens=3)
    marks(call(1, parent=2), span, step=step)
    assert {"billing", "llm.usage.total_tokens"} <= span.attributes.keys()
    assert not {"bill", "acme.cost", "gen_ai.usage.input_tokens"} & span.attributes.keys()


def strings(value: object) -> Iterator[str]:
    """Every string in a JSON document, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from strings(part)


def test_every_dialect_is_covered() -> None:
    """Whatever attribute the normaliser takes a token count or a cost from, a duplicate loses by default."""
    usage, normalise, read = UsageNames(USAGE_NAMES), Normalise(), set()
    document = json.loads((files("spanwise.normalise") / "dialects.json").read_bytes())
    for dialect in document["dialects"]:
        scopes = [pattern.rstrip("*") for pattern in dialect["scopes"]] or [""]
        for name, scope, operation in product({*strings(dialect)}, scopes, ("chat", "embeddings")):
            if name.isascii() and name != "gen_ai.operation.name":
                span = SpanRecord("x", 1, 2, scope=Scope(scope))
                span.attributes |= {
                    **dict.fromkeys(dialect["markers"], "x"),
                    "gen_ai.operation.name": operation,
                    name: 7,
                }
                normalise(span)
                if any(found in usage and found != name for found in span.attributes):
                    read.add(name)
    assert {"llm.token_count.prompt", "ai.usage.tokens", "operation.cost", "input_tokens"} <= read
    assert {name for name in read if name not in usage} == set()


@pytest.mark.parametrize("name", ["langfuse.observation.usage_details", "langfuse.observation.cost_details"])
def test_documents_of_usage_go(name: str) -> None:
    """JSON that holds nothing but usage or cost goes as well; JSON that holds the answer beside them is content."""
    assert name in UsageNames(USAGE_NAMES)
