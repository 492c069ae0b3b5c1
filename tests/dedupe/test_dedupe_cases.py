"""Which spans are of one call and which are not: the cases one meets."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from spanwise.dedupe import Dedupe
from spanwise.record import SpanRecord
from tests.dedupe.sample import LANGCHAIN, OFFICIAL, OURS, UNIQUE, call, failed, marks, tokens, without_usage


# Response id


@pytest.mark.parametrize("parent", [0, 1, 9])
def test_two_suites_with_the_id_of_the_provider(parent: int) -> None:
    """Two suites that saw the same response id saw one call, wherever their spans stand; the first seen counts."""
    ours = call(1, gen_ai__response__id=UNIQUE)
    theirs = call(2, scope=OFFICIAL, parent=parent, gen_ai__response__id=UNIQUE)
    assert marks(ours, theirs) == [None, (1, "response_id")]
    assert tokens(ours, theirs) == 1240


def test_suites_may_count_differently() -> None:
    """A unique id at the same time in one trace is one call, whatever each suite took for tokens and model."""
    ours = call(1, gen_ai__response__id=UNIQUE)
    theirs = call(2, scope=OFFICIAL, parent=9, gen_ai__response__id=UNIQUE)
    theirs.attributes |= {"gen_ai.usage.input_tokens": 216, "gen_ai.request.model": "deployment-7"}
    assert marks(ours, theirs) == [None, (1, "response_id")]


def test_one_suite_installed_twice() -> None:
    """One scope repeats itself where its spans are nested and have the same response id, unique or not."""
    for response_id in (UNIQUE, "chatcmpl-1"):
        inner = call(1, parent=2, at=0.1, took=0.8, gen_ai__response__id=response_id)
        outer = call(2, gen_ai__response__id=response_id)
        assert marks(inner, outer) == [None, (1, "response_id")]


def test_a_replay_from_a_cache_is_not_paid_again() -> None:
    """The same unique id again, in the same trace or in another, with equal tokens: a cache answered, nobody billed."""
    first = call(1, gen_ai__response__id=UNIQUE)
    hit = call(2, at=5, took=0.01, gen_ai__response__id=UNIQUE)
    elsewhere = call(3, trace=2, at=50, took=0.01, gen_ai__response__id=UNIQUE)
    assert marks(first, hit, elsewhere) == [None, (1, "response_id"), (1, "response_id")]


def test_a_replay_whose_model_nobody_names() -> None:
    """A unique id is enough where one of the spans says nothing of a model."""
    hit = call(2, at=5, gen_ai__response__id=UNIQUE, gen_ai__request__model=None, gen_ai__response__model=None)
    assert marks(call(1, gen_ai__response__id=UNIQUE), hit) == [None, (1, "response_id")]


def test_a_gateway_in_a_trace_of_its_own() -> None:
    """An application and its gateway, without a common trace and with clocks apart, saw one call."""
    gateway = call(1, trace=7, scope="litellm", at=3.2, took=0.8, gen_ai__response__id=UNIQUE)
    application = call(2, trace=8, gen_ai__response__id=UNIQUE)
    assert marks(gateway, application) == [None, (1, "response_id")]


@pytest.mark.parametrize(
    "again",
    [
        {"at": 62.5},
        {"at": 5.0, "gen_ai__usage__output_tokens": 311},
        {"at": 5.0, "gen_ai__request__model": "o3", "gen_ai__response__model": "o3"},
        {"trace": 2, "gen_ai__usage__input_tokens": 3},
    ],
)
def test_an_id_that_comes_again_with_another_answer(again: dict[str, Any]) -> None:
    """The same id later is another call when it is later than the window, or its tokens or its model differ."""
    assert marks(call(1, gen_ai__response__id=UNIQUE), call(2, gen_ai__response__id=UNIQUE, **again)) == [None, None]


@pytest.mark.parametrize("again", [{"at": 5}, {"parent": 9}, {"trace": 2, "scope": OFFICIAL}])
def test_short_ids_prove_little(again: dict[str, Any]) -> None:
    """Ids as local servers number them come again: such calls are separate, in sequence, in parallel and elsewhere."""
    first = call(1, parent=9, gen_ai__response__id="chatcmpl-417")
    other = call(2, gen_ai__response__id="chatcmpl-417", **again)
    assert marks(first, other) == [None, None]


def test_short_ids_of_two_suites_in_one_place() -> None:
    """A short id proves something together with place and time: two suites, one trace, at once, equal tokens."""
    ours = call(1, parent=9, gen_ai__response__id="chatcmpl-417")
    theirs = call(2, parent=8, scope=OFFICIAL, gen_ai__response__id="chatcmpl-417")
    other = call(3, parent=8, scope="a", gen_ai__response__id="chatcmpl-417", gen_ai__usage__output_tokens=3)
    assert marks(ours, theirs, other) == [None, (1, "response_id"), None]


def test_a_suite_with_a_tokenizer_of_its_own() -> None:
    """Nested spans of two suites with one id are one call even where one of them counted the tokens itself."""
    ours = call(1, parent=2, gen_ai__response__id="chatcmpl-417")
    theirs = call(2, scope=OFFICIAL, gen_ai__response__id="chatcmpl-417", gen_ai__usage__output_tokens=288)
    later = call(3, parent=2, at=5, gen_ai__response__id="chatcmpl-417")
    inner = call(4, parent=5, gen_ai__response__id="chatcmpl-418")
    outer = call(5, gen_ai__response__id="chatcmpl-418", gen_ai__usage__output_tokens=288)
    assert marks(ours, theirs, later, inner, outer) == [None, (1, "response_id"), None, None, None]


def test_a_stored_response_fetched_again_is_no_call() -> None:
    """`fetch_response` is no inference: it is neither a duplicate nor remembered as a call."""
    fetched = call(1, gen_ai__operation__name="fetch_response", gen_ai__response__id=UNIQUE)
    made = call(2, gen_ai__response__id=UNIQUE)
    assert marks(fetched, made) == [None, None]


# Parent and child


def test_a_framework_around_a_provider() -> None:
    """LangChain's span around ours repeats it: equal model and tokens, no id on the framework's side."""
    ours = call(1, parent=2, at=0.1, took=0.8, gen_ai__response__id=UNIQUE)
    framework = call(2, scope=LANGCHAIN, gen_ai__response__model=None)
    assert marks(ours, framework) == [None, (1, "nested")]


def test_the_order_of_arrival_decides() -> None:
    """In a collector the parent may come first: then it counts and the child is the duplicate."""
    ours = call(1, parent=2, at=0.1, took=0.8)
    framework = call(2, scope=LANGCHAIN)
    assert marks(framework, ours) == [None, (2, "nested")]


@pytest.mark.parametrize(
    ("request_model", "response_model"),
    [("openai/gpt-4o-mini", None), ("GPT-4o-mini", "x"), ("gpt-4o-mini-2024-07-18", None), ("mine", "gpt-4o-mini")],
)
def test_models_that_meet(request_model: str, response_model: str | None) -> None:
    """Models are equal when one asked for or got is one of the other's, without the path a gateway puts before it."""
    framework = call(2, scope="litellm", gen_ai__request__model=request_model, gen_ai__response__model=response_model)
    assert marks(call(1, parent=2), framework) == [None, (1, "nested")]


def test_an_id_of_the_wrapper_s_own() -> None:
    """LangChain and LiteLLM make up response ids; with equal tokens a wrapper is the call inside it all the same."""
    ours = call(1, parent=2, gen_ai__response__id=UNIQUE)
    framework = call(2, scope=LANGCHAIN, gen_ai__response__id="run--2f6f2c8f-3b86-4c3b-8a35-8c52c3f4bb5f-0")
    assert marks(ours, framework) == [None, (1, "nested")]


@pytest.mark.parametrize(
    "outer",
    [
        {"gen_ai__usage__input_tokens": 2480},
        {"gen_ai__usage__output_tokens": 11},
        {"gen_ai__request__model": "o3", "gen_ai__response__model": "o3"},
        {"gen_ai__request__model": None, "gen_ai__response__model": None},
        {"scope": OURS},
        {"trace": 2},
        {"gen_ai__operation__name": "embeddings"},
    ],
)
def test_parents_that_are_calls_of_their_own(outer: dict[str, Any]) -> None:
    """A call around a call counts by itself when tokens, model or kind differ, or when the same suite made both."""
    assert marks(call(1, parent=2), call(2, **{"scope": LANGCHAIN, **outer})) == [None, None]


def test_failures() -> None:
    """A failed call without id and tokens is one call when parent and child failed, whatever each suite calls it."""
    ours = call(1, parent=2, **failed("RateLimitError"))
    framework = call(2, scope=LANGCHAIN, **failed("openai.RateLimitError"))
    other = call(3, parent=4, **failed("RateLimitError"))
    framework_other = call(4, scope=LANGCHAIN, **failed("rate_limit_error"))
    assert marks(ours, framework, other, framework_other) == [None, (1, "nested"), None, (3, "nested")]


def test_a_failure_without_a_class() -> None:
    """An error status without a class, as some suites leave it, is any error."""
    framework = call(2, scope=LANGCHAIN, **without_usage())
    framework.status = StatusCode.ERROR
    assert marks(call(1, parent=2, **failed("RateLimitError")), framework) == [None, (1, "nested")]


def test_retries_of_a_framework_are_calls() -> None:
    """Attempts inside a framework's span count one by one; the framework's span repeats the one that succeeded."""
    first = call(1, parent=3, took=0.3, **failed("RateLimitError"))
    second = call(2, parent=3, at=0.5, took=0.4)
    framework = call(3, scope=LANGCHAIN)
    assert marks(first, second, framework) == [None, None, (2, "nested")]


def test_a_framework_that_succeeded_is_not_its_failed_attempt() -> None:
    """With the successful attempt unseen, the framework's span counts: it knows what the failed one does not."""
    assert marks(call(1, parent=2, **failed("APITimeoutError")), call(2, scope=LANGCHAIN)) == [None, None]


def test_a_framework_that_failed_after_the_call() -> None:
    """A parser's failure after a good answer is no second call."""
    framework = call(2, scope=LANGCHAIN, **without_usage(error__type="OutputParserException"))
    assert marks(call(1, parent=2), framework) == [None, (1, "nested")]


def test_a_child_that_came_after_its_parent() -> None:
    """Without usage, a child that began when its parent had ended is another call."""
    framework = call(2, scope=LANGCHAIN, **without_usage())
    assert marks(framework, call(1, parent=2, at=1.5, **without_usage())) == [None, None]


def test_ids_that_differ_without_usage() -> None:
    """Without usage, an id of the wrapper's own is not explained away: two ids are two calls."""
    ours = call(1, parent=2, **without_usage(gen_ai__response__id=UNIQUE))
    framework = call(2, scope=LANGCHAIN, **without_usage(gen_ai__response__id="run--2f6f2c8f-3b86-4c3b-8a35"))
    assert marks(ours, framework) == [None, None]


def test_a_wrapper_is_one_call_of_the_suite_inside() -> None:
    """When the wrapper comes first, one call inside it is the one it wraps; another like it counts by itself."""
    framework = call(3, scope=LANGCHAIN)
    children = [call(number, parent=3, at=0.2 * number, took=0.1) for number in (1, 2)]
    assert marks(framework, *children) == [None, (3, "nested"), None]


def test_wrappers_within_wrappers() -> None:
    """Framework around gateway around provider: the innermost ended first and counts; the others name it."""
    provider = call(1, parent=2)
    gateway = call(2, parent=3, scope="litellm")
    framework = call(3, scope=LANGCHAIN)
    assert marks(provider, gateway, framework) == [None, (1, "nested"), (1, "nested")]


# Overlap on one parent


def test_two_suites_side_by_side() -> None:
    """Suites that do not see each other's spans leave two at once on one parent: one call, by tokens and model."""
    ours = call(1, parent=9, gen_ai__response__id=UNIQUE)
    theirs = call(2, parent=9, scope=OFFICIAL, at=0.05, took=0.4)
    assert marks(ours, theirs) == [None, (1, "overlap")]


@pytest.mark.parametrize(
    "other",
    [
        {"scope": OURS},
        {"parent": 8},
        {"parent": 0},
        {"trace": 2},
        {"at": 1.0},
        {"at": 0.8},
        {"gen_ai__usage__output_tokens": 311},
        {"gen_ai__request__model": "o3", "gen_ai__response__model": "o3"},
        {"gen_ai__response__id": "chatcmpl-ZyX987wVu654TsR321qPoN"},
    ],
)
def test_neighbours_that_are_calls_of_their_own(other: dict[str, Any]) -> None:
    """Calls of one suite, on other parents, one after the other, with other tokens, models or ids: all count."""
    first = call(1, parent=9, gen_ai__response__id=UNIQUE)
    assert marks(first, call(2, **{"parent": 9, "scope": OFFICIAL, **other})) == [None, None]


def test_equal_calls_in_sequence() -> None:
    """The same question asked again is asked again, with ids or without, of one suite or of two."""
    same = [call(number, parent=9, at=2 * number) for number in range(1, 5)]
    named = [
        call(10 + number, parent=9, at=2 * number, gen_ai__response__id=UNIQUE[:-1] + str(number))
        for number in range(4)
    ]
    mixed = [call(20 + number, parent=9, at=2 * number, scope=f"suite.{number}") for number in range(4)]
    for spans in (same, named, mixed):
        assert marks(*spans) == [None] * 4


@pytest.mark.parametrize("named", [True, False])
def test_equal_calls_in_parallel(named: bool) -> None:
    """Equal calls gathered on one parent all count, with ids or without."""
    ids = [f"{UNIQUE[:-1]}{number}" if named else None for number in range(8)]
    spans = [call(number + 1, parent=9, gen_ai__response__id=ids[number]) for number in range(8)]
    assert marks(*spans) == [None] * 8


def test_equal_calls_in_parallel_seen_twice() -> None:
    """Two equal calls at once, each seen by two suites, are two calls: a suite has one span for each."""
    ours = [call(number, parent=9) for number in (1, 2)]
    theirs = [call(number, parent=9, scope=OFFICIAL) for number in (3, 4)]
    found = marks(*ours, *theirs)
    assert found[:2] == [None, None]
    assert {mark[0] for mark in found[2:] if mark is not None} == {1, 2}
    assert tokens(*ours, *theirs) == 2 * 1240


def test_failures_and_abandoned_streams_side_by_side() -> None:
    """Without tokens two suites must have stood there for the same time and have seen the same error, or none."""
    for changes in (failed("APIConnectionError"), without_usage()):
        ours = call(1, parent=9, **changes)
        same = call(2, parent=9, scope=OFFICIAL, at=0.1, took=0.8, **changes)
        brief = call(3, parent=9, scope="a", at=0.1, took=0.1, **changes)
        assert marks(ours, same, brief) == [None, (1, "overlap"), None]
    broken = call(4, parent=9, scope=OFFICIAL, **failed("APIConnectionError"))
    assert marks(call(1, parent=9, **without_usage()), broken) == [None, None]


def test_spans_without_a_duration() -> None:
    """Clocks that stood still, or ran backwards, neither hide a duplicate nor invent one."""
    assert marks(call(1, parent=9, took=0), call(2, parent=9, took=0, scope=OFFICIAL)) == [None, (1, "overlap")]
    assert marks(call(1, parent=9, took=0), call(2, parent=9, at=1, took=-3, scope=OFFICIAL)) == [None, None]
    backwards = call(1, parent=2, at=0.5, took=-2, **without_usage())
    assert marks(backwards, call(2, scope=OFFICIAL, **without_usage())) == [None, (1, "nested")]


# Several witnesses


def test_three_suites() -> None:
    """A framework around two suites that stand side by side: the first to end counts, both others name it."""
    ours = call(1, parent=3, gen_ai__response__id=UNIQUE)
    theirs = call(2, parent=3, scope=OFFICIAL, gen_ai__response__id=UNIQUE)
    framework = call(3, scope=LANGCHAIN)
    assert marks(ours, theirs, framework) == [None, (1, "response_id"), (1, "nested")]


def test_the_strongest_evidence_is_named() -> None:
    """Where several things show a duplicate, the reason is the first of: response id, nesting, overlap."""
    nested = call(1, parent=2, gen_ai__response__id=UNIQUE)
    assert marks(nested, call(2, scope=LANGCHAIN, gen_ai__response__id=UNIQUE)) == [None, (1, "response_id")]
    beside, inner = call(1, parent=9), call(2, parent=3, scope="a")
    assert marks(inner, beside, call(3, parent=9, scope="b")) == [None, None, (2, "nested")]


def test_embeddings_are_calls_too() -> None:
    """An embedding that two suites saw counts once; it has neither an id nor output tokens."""
    changes: dict[str, Any] = {"gen_ai__operation__name": "embeddings", "gen_ai__usage__output_tokens": None}
    assert marks(call(1, parent=2, **changes), call(2, scope=LANGCHAIN, **changes)) == [None, (1, "nested")]


@pytest.mark.parametrize("operation", ["invoke_agent", "invoke_workflow", "execute_tool", "plan", "agent_step"])
def test_aggregates_are_no_duplicates(operation: str) -> None:
    """Agents and workflows that repeat the usage of the call inside them are left alone; they are never counted."""
    agent = call(2, scope=LANGCHAIN, gen_ai__operation__name=operation)
    before = dict(agent.attributes)
    assert marks(call(1, parent=2), agent, call(3, parent=2, scope="b", at=3)) == [None, None, None]
    assert agent.attributes == before


# The first knew less


def test_a_later_span_that_knows_more() -> None:
    """Usage that only a later span has stays there, with the reason why it is no second call; a third repeats it."""
    ours = call(1, parent=2, **without_usage())
    framework = call(2, parent=3, scope=LANGCHAIN)
    outermost = call(3, scope="litellm")
    assert marks(ours, framework, outermost) == [None, None, (2, "nested")]
    assert framework.attributes["spanwise.duplicate.reason"] == "nested"
    assert "spanwise.duplicate.reason" not in ours.attributes
    assert tokens(ours, framework, outermost) == 1240


def test_neither_knows() -> None:
    """Without any usage the first span stands for the call, and the later one is a duplicate."""
    ours = call(1, parent=2, **without_usage())
    assert marks(ours, call(2, scope=LANGCHAIN, **without_usage())) == [None, (1, "nested")]


def test_zero_is_unknown() -> None:
    """A suite that writes 0 tokens for unknown does not know them."""
    ours = call(1, parent=2, gen_ai__usage__input_tokens=0, gen_ai__usage__output_tokens=0)
    framework = call(2, scope=LANGCHAIN)
    assert marks(ours, framework) == [None, None]
    assert framework.attributes["spanwise.duplicate.reason"] == "nested"


def test_a_price_is_usage() -> None:
    """A first span that has a price of the provider's and no tokens was counted: the later one is a duplicate."""
    ours = call(1, parent=2, **without_usage(gen_ai__usage__cost__amount=0.5))
    framework = call(2, scope=LANGCHAIN)
    assert marks(ours, framework) == [None, (1, "nested")]
    assert tokens(framework) == 0


# What becomes of a duplicate


def duplicate(**changes: Any) -> SpanRecord:
    """A span that repeats another and says `changes` beside."""
    step, span = Dedupe(), call(2, scope=LANGCHAIN, **changes)
    marks(call(1, parent=2), span, step=step)
    assert span.attributes["spanwise.duplicate_of"] == "0000000000000001"
    return span


def test_a_duplicate_keeps_its_place_and_loses_its_usage() -> None:
    """Ids, times, model and content stay; usage and cost go, ours and those of every other dialect."""
    kept = {"gen_ai__input__messages": "[]", "gen_ai__aggregated_usage__input_tokens": 9, "llm__model_name": "x"}
    lost = {
        "gen_ai__usage__cache_read__input_tokens": 1024,
        "gen_ai__usage__total_tokens": 1550,
        "gen_ai__usage__cost__amount": 0.1,
        "gen_ai__usage__cost": 0.1,
        "spanwise__cost__micro_usd": 100_000,
        "spanwise__usage__web_searches": 1,
        "llm__token_count__prompt": 1240,
        "llm__cost__total": 0.1,
        "ai__usage__inputTokens": 1240,
        "langfuse__observation__usage_details": "{}",
        "operation__cost": 0.1,
        "gen_ai__usage__" + "x" * 500: 1,
    }
    span = duplicate(**kept, **lost)
    assert (span.span_id, span.trace_id, span.end_unix_nano - span.start_unix_nano) == (2, 1, 1_000_000_000)
    assert {name.replace("__", ".") for name in kept} <= span.attributes.keys()
    assert span.attributes.keys() == {
        *(name.replace("__", ".") for name in kept),
        "gen_ai.operation.name",
        "gen_ai.provider.name",
        "gen_ai.request.model",
        "gen_ai.response.model",
        "spanwise.duplicate_of",
        "spanwise.duplicate.reason",
    }


def test_a_span_that_says_it_is_a_duplicate() -> None:
    """A span marked before, here or elsewhere, is left as it is and is no witness of its own."""
    marked = call(1, parent=2, spanwise__duplicate_of="00000000000000aa")
    before = dict(marked.attributes)
    step = Dedupe()
    step(marked)
    assert marked.attributes == before
    assert marks(call(2, scope=LANGCHAIN), step=step) == [None]


def test_the_same_span_twice() -> None:
    """A batch that is delivered again is treated as it was: what counted counts, what repeated repeats."""

    def batch() -> list[SpanRecord]:
        return [
            call(1, parent=2, gen_ai__response__id=UNIQUE),
            call(2, scope=LANGCHAIN),
            call(3, parent=9, **without_usage()),
            call(4, parent=9, scope=OFFICIAL, gen_ai__usage__output_tokens=None),
            call(5, parent=6),
            call(6, scope=LANGCHAIN, gen_ai__response__id="run--2f6f2c8f-3b86-4c3b-8a35"),
        ]

    step = Dedupe()
    first, second = batch(), batch()
    found = marks(*first, step=step)
    assert found == marks(*second, step=step) == [None, (1, "nested"), None, None, None, (5, "nested")]
    assert [span.attributes for span in first] == [span.attributes for span in second]
