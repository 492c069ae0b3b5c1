"""The ground rules of translation: nothing overwritten, nothing lost, twice is once, bounded whatever comes."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.trace import StatusCode

from spanwise.normalise import Normalise, NormaliseConfig
from spanwise.normalise import compile as tables
from spanwise.normalise.dialects import Dialects
from spanwise.pipeline import Pipeline
from spanwise.record import AttributeValue, Event
from tests.normalise.spans import NORMALISE, span, translated


TABLES = {path.stem: yaml.safe_load(path.read_text()) for path in tables.TABLES.glob("*.yaml") if path.stem != "values"}
SCOPES = [*sorted({scope.replace("*", "x") for table in TABLES.values() for scope in table["scopes"]}), "unknown"]
SOURCES = sorted(
    {name for table in TABLES.values() for name in (*table["attributes"], *table["markers"])}
    | {name for table in TABLES.values() for rule in table["content"] for name in rule.get("from", ())}
    | {rule["from"] for table in TABLES.values() for rule in table.get("operation", ())}
)
INDEXED = sorted(
    f"{rule['indexed']}.{index}.{tail}"
    for table in TABLES.values()
    for rule in table["content"]
    if "indexed" in rule
    for index in ("0", "1", "999999999", "x", "__proto__")
    for tail in ("role", "content", "message.role", "message.contents.0.message_content.text", "tool_calls.0.name")
)
CANONICAL = [
    "gen_ai.operation.name",
    "gen_ai.provider.name",
    "gen_ai.request.model",
    "gen_ai.usage.input_tokens",
    "gen_ai.input.messages",
    "gen_ai.response.finish_reasons",
]
WORDS = sorted(
    {str(value) for table in TABLES.values() for rule in table.get("operation", ()) for value in rule.get("values", {})}
    | {"chat", "openai", "stop", "tool_calls", "true", "12"}
)
MESSAGE_KEYS = [
    *("role", "content", "parts", "type", "text", "message", "messages", "tool_calls", "function", "name", "arguments"),
    *("id", "kwargs", "data", "url", "image", "input", "output", "usage", "total", "choices", "generations"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.sampled_from(WORDS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "role",
                    "content",
                    "parts",
                    "type",
                    "text",
                    "message",
                    "messages",
                    "tool_calls",
                    "function",
                    "name",
                    "arguments",
                    "id",
                    "kwargs",
                    "data",
                    "url",
                    "image",
                    "input",
                    "output",
                    "usage",
                    "total",
                    "choices",
                    "generations",
                ]
            )
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
VALUES = (
    st.sampled_from(WORDS)
    | st.text(max_size=6)
    | st.integers()
    | st.floats()
    | st.booleans()
    | JSON.map(lambda value: json.dumps(value, default=str))
    | st.lists(st.text(max_size=4), max_size=3)
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(SOURCES) | st.sampled_from(INDEXED) | st.sampled_from(CANONICAL) | st.text(max_size=8),
    VALUES,
    max_size=12,
)
EVENTS = st.lists(
    st.builds(
        Event,
        st.sampled_from(["gen_ai.user.message", "gen_ai.choice", "gen_ai.tool.message", "exception", "other"]),
        st.integers(0, 9),
        st.dictionaries(st.sampled_from(["content", "message", "gen_ai.event.content", "index"]), VALUES, max_size=3),
    ),
    max_size=4,
)


@settings(max_examples=400, deadline=None)
@given(scope=st.sampled_from(SCOPES), attributes=ATTRIBUTES, events=EVENTS)
def test_any_span(scope: str, attributes: dict[str, AttributeValue], events: list[Event]) -> None:
    """Whatever a span holds: nothing raises, no name is lost, nothing of the convention replaced, twice is once."""
    record = span(scope, attributes, *events, status=StatusCode.ERROR)
    translated(record)
    once = dict(record.attributes)
    assert attributes.keys() <= once.keys()
    for name, value in attributes.items():
        if not name.startswith("gen_ai.") or name in {"gen_ai.input.messages", "gen_ai.request.model"}:
            assert once[name] is value or once[name] == value or value != value  # noqa: PLR0124 - NaN
    translated(record)
    assert {name: repr(value) for name, value in record.attributes.items()} == {n: repr(v) for n, v in once.items()}


def test_canonical_stays_canonical() -> None:
    """A span in the current convention is not changed at all."""
    attributes: dict[str, AttributeValue] = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.request.temperature": 0.5,
        "gen_ai.usage.input_tokens": 3,
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.input.messages": '[{"role":"user","parts":[]}]',
    }
    for scope in SCOPES:
        record = span(scope, attributes)
        translated(record)
        record.attributes.pop("spanwise.dialect", None)
        assert record.attributes == attributes, scope


def test_present_names_win() -> None:
    """A name of the convention that is there is not overwritten by a dialect's."""
    found = translated(
        span(
            "openinference.x",
            {
                "openinference.span.kind": "LLM",
                "gen_ai.operation.name": "plan",
                "gen_ai.request.model": "mine",
                "llm.model_name": "theirs",
                "gen_ai.usage.input_tokens": 1,
                "llm.token_count.prompt": 2,
            },
        )
    )
    assert (found["gen_ai.operation.name"], found["gen_ai.request.model"], found["gen_ai.usage.input_tokens"]) == (
        "plan",
        "mine",
        1,
    )


def test_originals_can_go() -> None:
    """Without originals, names that were moved go; names without a target, of the convention or of the core stay."""
    step = Normalise(NormaliseConfig(keep_originals=False))
    found = translated(
        span(
            "openinference.x",
            {
                "openinference.span.kind": "LLM",
                "llm.model_name": "m",
                "llm.input_messages.0.message.role": "user",
                "llm.input_messages.0.message.content": "hi",
                "session.id": "s",
                "metadata": "{}",
            },
        ),
        step,
    )
    assert not [name for name in found if name.startswith("llm.")]
    assert {"session.id", "metadata", "gen_ai.input.messages", "gen_ai.conversation.id"} <= found.keys()


def test_other_spans_are_left_alone() -> None:
    """A span that has nothing to do with models is not concerned, whatever its scope."""
    for scope in (
        "opentelemetry.instrumentation.requests",
        "logfire",
        "opentelemetry.instrumentation.milvus",
        "my.app",
    ):
        record = span(scope, {"http.request.method": "GET", "server.address": "x"})
        assert not NORMALISE.concerns(scope, record.attributes)
        before = dict(record.attributes)
        translated(record)
        assert record.attributes == before


def test_switched_off() -> None:
    """Switched off, the step concerns itself with the current convention only and changes nothing."""
    step = Normalise(NormaliseConfig(enabled=False))
    record = span("openinference.x", {"openinference.span.kind": "LLM"})
    assert not step.concerns(record.scope.name, record.attributes)
    assert step.concerns("x", {"gen_ai.operation.name": "chat"})
    assert "gen_ai.operation.name" not in translated(record, step)


@pytest.mark.parametrize(
    "attributes",
    [
        {"llm.input_messages.999999999.message.content": "x", "llm.input_messages.0.message.content": "y"},
        {f"llm.input_messages.{index}.message.content": "x" for index in range(30_000)},
        {"llm.input_messages.0." + ".".join(["message"] * 5000): "x"},
        {"llm.input_messages": "[" * 100_000},
        {"llm.input_messages": "[" * 900 + "]" * 900},
        {"llm.input_messages": '[{"message":' * 400 + "1" + "}]" * 400},
        {"llm.invocation_parameters": '{"a":' * 900 + "1" + "}" * 900},
        {"input.value": "x" * 10_000_000, "output.value": '"' + "x" * 10_000_000},
        {"llm.input_messages": json.dumps([{"role": "user", "content": "x"}] * 100_000)},
        {"llm.prompt_template.variables": json.dumps({str(index): index for index in range(10_000)})},
    ],
    ids=["billion", "30000", "deep key", "unclosed", "lists", "wrappers", "deep object", "10 MB", "many", "variables"],
)
def test_hostile(attributes: dict[str, AttributeValue]) -> None:
    """Sizes that no application has cost memory in proportion to the input, and little of that."""
    record = span("openinference.x", {"openinference.span.kind": "LLM", **attributes})
    size = sum(len(name) + len(str(value)) for name, value in attributes.items())
    tracemalloc.start()
    translated(record)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000 + 60 * size
    assert len(record.attributes) < len(attributes) + 100


def test_billion_keeps_order() -> None:
    """An index is a place in an order, not a length."""
    found = translated(
        span(
            "openinference.x",
            {
                "openinference.span.kind": "LLM",
                "llm.input_messages.999999999.message.content": "last",
                "llm.input_messages.10.message.content": "third",
                "llm.input_messages.2.message.content": "second",
                "llm.input_messages.0.message.content": "first",
            },
        )
    )
    contents = [message["parts"][0]["content"] for message in found["gen_ai.input.messages"]]
    assert contents == ["first", "second", "third", "last"]


def test_pipeline_prices_translated_spans() -> None:
    """The pipeline translates, prices and cleans a span of another suite as it does our own."""
    record = span(
        "openinference.instrumentation.openai",
        {
            "openinference.span.kind": "LLM",
            "llm.system": "openai",
            "llm.model_name": "gpt-4o-mini",
            "llm.token_count.prompt": 1000,
            "llm.token_count.completion": 100,
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "I am jane@doe.org",
        },
    )
    found: Any = Pipeline().process(record)
    assert found.attributes["spanwise.cost.status"] == "exact"
    assert "jane" not in repr(found.attributes)
    assert "[EMAIL]" in found.attributes["gen_ai.input.messages"]


def test_tables_are_compiled() -> None:
    """The committed tables are what their sources say."""
    assert tables.OUTPUT.read_text("utf-8") == tables.render()


def test_every_table_loads() -> None:
    """Every dialect's table can be built, and no two claim the same scope or marker."""
    dialects = Dialects()
    for name in TABLES:
        assert dialects.table(name).name == name
    scopes = [scope for table in TABLES.values() for scope in table["scopes"]]
    markers = [marker for table in TABLES.values() for marker in table["markers"]]
    assert len(set(scopes)) == len(scopes)
    assert len(set(markers)) == len(markers)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (
            "dialect: x\nscopes: []\nmarkers: []\nattributes: {a: gen_ai.request.modell}\n",
            "gen_ai.request.modell is not",
        ),
        ("dialect: x\nscopes: []\nmarkers: []\nattributes: {}\nrules: {}\n", "rules is no key"),
        ("dialect: x\nscopes: []\nmarkers: []\nattributes: {a: {to: user.id, values: nope}}\n", "no value table nope"),
    ],
)
def test_wrong_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, complaint: str) -> None:
    """A table with an unknown target, key or value table is refused by name."""
    (tmp_path / "values.yaml").write_text("provider: {}\n")
    (tmp_path / "x.yaml").write_text(table)
    monkeypatch.setattr(tables, "TABLES", tmp_path)
    with pytest.raises(ValueError, match=f"^x: .*{complaint}"):
        tables.render()


def test_duplicate_gets_no_usage_back() -> None:
    """A span that another one stands for is translated, but its usage stays away, in whatever it is still written."""
    found = translated(
        span(
            "gcp.vertex.agent",
            {
                "spanwise.duplicate_of": "00f067aa0ba902b7",
                "gcp.vertex.agent.llm_request": '{"model": "gemini-2.5-flash"}',
                "gcp.vertex.agent.llm_response": '{"usage_metadata": {"prompt_token_count": 9}}',
            },
        )
    )
    assert found["gen_ai.request.model"] == "gemini-2.5-flash"
    assert not [name for name in found if name.startswith("gen_ai.usage.")]
