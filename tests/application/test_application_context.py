"""`context`: every span inside says who and what it is for, and none outside."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
from collections.abc import AsyncGenerator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from opentelemetry import trace

from spanwise import context
from tests.application.conftest import Spans


def work(name: str) -> None:
    """One span."""
    with trace.get_tracer("app").start_as_current_span(name):
        pass


def test_everything_that_can_be_said(spans: Spans) -> None:
    """Each keyword is one attribute, and ids of other types are text."""
    made = context(
        user=7,
        session=UUID(int=1),
        tenant="acme",
        conversation="c-1",
        prompt="triage@12",
        feature="search",
        tags=["beta", "night", "beta"],
        metadata={"plan": "pro", "seats": 3, "ratio": 0.5, "trial": False, "regions": ["eu", "us"], "deep": {"a": [1]}},
    )
    with made:
        work("inside")
    work("outside")
    assert spans.said("inside") == {
        "user.id": "7",
        "session.id": "00000000-0000-0000-0000-000000000001",
        "spanwise.tenant": "acme",
        "gen_ai.conversation.id": "c-1",
        "gen_ai.prompt.name": "triage",
        "gen_ai.prompt.version": "12",
        "spanwise.feature": "search",
        "spanwise.tags": ("beta", "night"),
        "spanwise.metadata.plan": "pro",
        "spanwise.metadata.seats": 3,
        "spanwise.metadata.ratio": 0.5,
        "spanwise.metadata.trial": False,
        "spanwise.metadata.regions": ("eu", "us"),
        "spanwise.metadata.deep": '{"a":[1]}',
    }
    assert spans.said("outside") == {}


@pytest.mark.parametrize(
    "prompt", ["triage@12", ("triage", "12"), ("triage", 12), SimpleNamespace(name="triage", version="12")]
)
def test_forms_of_a_prompt(spans: Spans, prompt: object) -> None:
    """A text, a pair, or an object that has a name and a version."""
    with context(prompt=prompt):
        work("inside")
    assert spans.said("inside") == {"gen_ai.prompt.name": "triage", "gen_ai.prompt.version": "12"}


def test_a_prompt_without_version(spans: Spans) -> None:
    """Its name alone is said."""
    with context(prompt="triage"):
        work("inside")
    assert spans.said("inside") == {"gen_ai.prompt.name": "triage"}


def test_contexts_nest(spans: Spans) -> None:
    """The inner one goes before; tags are added; leaving restores what was."""
    with context(user="a", tenant="t", tags=["x"], metadata={"k": 1}):
        with context(user="b", tags=["y"], metadata={"l": 2}):
            work("inner")
        work("outer")
    inner = spans.said("inner")
    assert (inner["user.id"], inner["spanwise.tenant"], inner["spanwise.tags"]) == ("b", "t", ("x", "y"))
    assert (inner["spanwise.metadata.k"], inner["spanwise.metadata.l"]) == (1, 2)
    assert spans.said("outer") == {
        "user.id": "a",
        "spanwise.tenant": "t",
        "spanwise.tags": ("x",),
        "spanwise.metadata.k": 1,
    }


def test_what_a_span_has_stays(spans: Spans) -> None:
    """Somebody who sets the attribute on the span knows better."""
    with (
        context(user="a", session="s"),
        trace.get_tracer("app").start_as_current_span("own", attributes={"user.id": "b"}),
    ):
        pass
    assert spans.said("own") == {"user.id": "b", "session.id": "s"}


def test_ids_that_a_framework_set_are_taken_over(spans: Spans) -> None:
    """A span has the user and session of its parent in this process, at any depth; nothing else of it."""
    tracer = trace.get_tracer("framework")
    said = {"session.id": "s", "enduser.id": "e", "http.route": "/"}
    with tracer.start_as_current_span("server", attributes=said), tracer.start_as_current_span("middle"):
        work("inner")
    assert spans.said("inner") == {"session.id": "s", "enduser.id": "e"}


def test_decorated_functions(spans: Spans) -> None:
    """A function, its calls at the same time in several threads, and recursion."""

    @context(user="u")
    def answer(depth: int) -> int:
        """What it does."""
        work(f"answer {depth}")
        return answer(depth - 1) + 1 if depth else 0

    assert answer(2) == 2
    assert answer.__doc__ == "What it does."
    work("after")
    assert [span.attributes and span.attributes["user.id"] for span in spans.all()[:-1]] == ["u"] * 3
    assert spans.said("after") == {}


async def test_decorated_coroutine_functions(spans: Spans) -> None:
    """Tasks at the same time keep their contexts apart."""

    async def ask(user: str) -> None:
        async with context(user=user):
            await asyncio.sleep(0)
            work(user)

    @context(tenant="t")
    async def both() -> None:
        await asyncio.gather(ask("a"), ask("b"))

    await both()
    assert spans.said("a") == {"user.id": "a", "spanwise.tenant": "t"}
    assert spans.said("b") == {"user.id": "b", "spanwise.tenant": "t"}


def test_decorated_generators(spans: Spans) -> None:
    """Only the generator's own code is inside, not that of its reader between two items; values and errors pass."""

    @context(user="u")
    def numbers() -> Generator[int, str, str]:
        work("first")
        try:
            got = yield 1
            work(f"got {got}")
            yield 2
        except KeyError:
            work("thrown")
        return "end"

    reading = numbers()
    assert next(reading) == 1
    work("between")
    assert reading.send("it") == 2
    with pytest.raises(StopIteration) as ended:
        reading.throw(KeyError("k"))
    assert ended.value.value == "end"
    inside = {span.name for span in spans.all() if span.attributes}
    assert inside == {"first", "got it", "thrown"}


async def test_decorated_async_generators(spans: Spans) -> None:
    """As generators; closed early it runs its last lines inside."""

    @context(user="u")
    async def numbers() -> AsyncGenerator[int]:
        try:
            work("first")
            yield 1
            work("second")
            yield 2
        finally:
            work("last")

    reading = numbers()
    assert await anext(reading) == 1
    work("between")
    assert await anext(reading) == 2
    await reading.aclose()
    assert {span.name for span in spans.all() if span.attributes} == {"first", "second", "last"}


async def test_what_a_reader_throws_into_an_async_generator(spans: Spans) -> None:
    """The generator may answer it."""

    @context(user="u")
    async def numbers() -> AsyncGenerator[int]:
        try:
            yield 1
        except KeyError:
            work("thrown")
            yield 2

    reading = numbers()
    assert await anext(reading) == 1
    assert await reading.athrow(KeyError("k")) == 2
    assert [item async for item in reading] == []
    assert spans.said("thrown") == {"user.id": "u"}


def test_a_generator_that_is_dropped_leaves_nothing_behind(spans: Spans, caplog: pytest.LogCaptureFixture) -> None:
    """A context entered inside and left by the garbage collector in another place says nothing and breaks nothing."""

    def numbers() -> Iterator[int]:
        with context(user="u"):
            yield 1

    reading = numbers()
    thread = threading.Thread(target=next, args=(reading,))
    thread.start()
    thread.join()
    del reading
    gc.collect()
    work("after")
    assert spans.said("after") == {}
    assert caplog.records == []


def test_threads_and_executors(spans: Spans) -> None:
    """Work that is handed over inside belongs to the context and to the current span; other work to neither."""
    tracer = trace.get_tracer("app")
    with ThreadPoolExecutor(1) as pool:
        with context(user="u"), tracer.start_as_current_span("outer"):
            thread = threading.Thread(target=work, args=("thread",))
            thread.start()
            pool.submit(work, "pool").result()
            thread.join()
            assert list(pool.map(work, ["mapped"])) == [None]
        pool.submit(work, "later").result()
    for name in ("thread", "pool", "mapped"):
        assert spans.said(name) == {"user.id": "u"}
        assert spans.named(name).parent == spans.named("outer").context
    assert spans.said("later") == {}
    assert spans.named("later").parent is None


def test_what_cannot_be_said_is_left_out_and_named_once(spans: Spans, caplog: pytest.LogCaptureFixture) -> None:
    """Place, key, what was found and what is accepted, never the value; the rest of the context holds."""
    caplog.set_level(logging.WARNING, "spanwise.application")
    secret = "x" * 2000
    metadata = {"lock": threading.Lock(), "long": secret, "b c": 1, "ok": 1}
    user: Any = [1]
    tags: Any = ["a", b"b"]
    for _ in range(2):
        with context(user=user, tenant="t", metadata=metadata, tags=tags):
            work("inside")
    assert spans.all()[0].attributes == {"spanwise.tenant": "t", "spanwise.metadata.ok": 1, "spanwise.tags": ("a",)}
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 5
    assert all(__file__ in line and "accepted: " in line and secret not in line for line in said)
    assert [line.split(": ", 2)[1] for line in said][:2] == ["context(user=)", "context(tags=)"]


@pytest.mark.parametrize("value", [float("nan"), 1 << 70, object(), {1, 2}, b"bytes", ["a", object()], {"a": object()}])
def test_values_that_are_none(spans: Spans, value: object) -> None:
    """None of them raises, none of them is an attribute."""
    with context(user="u", metadata={"k": value}):
        work("inside")
    assert spans.said("inside") == {"user.id": "u"}
