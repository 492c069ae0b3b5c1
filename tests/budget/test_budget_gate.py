"""The gate: calls of real SDKs are refused before they are made, and in no other way."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, TypeAlias

import anthropic
import httpx
import openai
import pytest
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler

import spanwise
from spanwise.application.stamp import Stamp
from spanwise.budget.gate import GATE
from spanwise.instrument import AnthropicInstrumentor, HttpxInstrumentor, OpenAIInstrumentor
from spanwise.pipeline import Pipeline, PipelineConfig, PipelineHost
from spanwise.pipeline.depth import Depth
from spanwise.semconv import attributes as attr
from tests.emulator import Emulator


Options: TypeAlias = Any
"""Sections of a policy."""

ASKED: Any = [{"role": "user", "content": "Where is it?"}]
SMALL = [{"name": "small", "limit_usd": "0.000001", "per": "month", "by": ["user"], "action": "block"}]


class Application:
    """An application under a policy, the emulator it calls, and its spans."""

    def __init__(self, emulator: Emulator, provider: TracerProvider, exporter: InMemorySpanExporter) -> None:
        self.emulator = emulator
        self.provider = provider
        self._exporter = exporter
        self.openai = openai.OpenAI(base_url=emulator.openai_url, api_key="k", max_retries=3)
        self.anthropic = anthropic.Anthropic(base_url=emulator.anthropic_url, api_key="k", max_retries=3)

    def ask(self, model: str = "gpt-4.1-mini", **more: Any) -> Any:
        """One call."""
        return self.openai.chat.completions.create(model=model, messages=ASKED, **more)

    def spans(self) -> list[ReadableSpan]:
        """What was exported."""
        return list(self._exporter.get_finished_spans())

    @property
    def made(self) -> int:
        """Requests that reached the provider."""
        return len(self.emulator.requests)


@contextmanager
def running(policy: Options, sampler: Sampler = ALWAYS_ON) -> Iterator[Application]:
    """An application under `policy`."""
    exporter = InMemorySpanExporter()
    resource = Resource({"service.name": "shop"})
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    provider.add_span_processor(Depth())
    provider.add_span_processor(Stamp())
    host = PipelineHost(Pipeline(PipelineConfig.from_options(policy)))
    host.install(provider)
    instrumentors = [OpenAIInstrumentor(), AnthropicInstrumentor(), HttpxInstrumentor()]
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)
    try:
        with Emulator() as emulator:
            app = Application(emulator, provider, exporter)
            with app.openai, app.anthropic:
                yield app
    finally:
        for instrumentor in instrumentors:
            instrumentor.uninstrument()
        host.uninstall()
        provider.shutdown()


@pytest.fixture(autouse=True)
def _loud(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure inside the error boundary fails the test."""
    monkeypatch.setenv("SPANWISE_RAISE", "1")


def test_a_call_is_refused_before_it_is_made() -> None:
    """The exception that is documented, no request, no retry of the SDK, and a span that says why."""
    with running({"budgets": SMALL}) as app:
        with spanwise.context(user="u-1"):
            app.ask()
            with pytest.raises(spanwise.BudgetExceeded) as refused:
                app.ask()
        assert app.made == 1
        with spanwise.context(user="u-2"):
            app.ask()
        app.ask()
        assert app.made == 3
        error = refused.value
        assert (error.budget, error.key, error.limit) == ("small", {"user": "u-1"}, Decimal("0.000001"))
        assert error.spent > error.limit and error.resets_at is not None and isinstance(error, RuntimeError)
        said = dict(app.spans()[1].attributes or {})
        assert (said[attr.ERROR_TYPE], said[attr.SPANWISE_BUDGET_NAME]) == ("BudgetExceeded", "small")
        assert (said[attr.SPANWISE_BUDGET_ACTION], said[attr.SPANWISE_BUDGET_STATE]) == ("block", "exceeded")
        assert attr.GEN_AI_USAGE_COST_AMOUNT not in said and attr.SPANWISE_COST_STATUS not in said
        assert trace.get_current_span() is trace.INVALID_SPAN


def test_a_refused_call_spends_nothing() -> None:
    """Refusals do not add to the budget, to its calls, or to what is unpriced."""
    with running({"budgets": SMALL}) as app, spanwise.context(user="u-1"):
        app.ask()
        for _ in range(3):
            with pytest.raises(spanwise.BudgetExceeded):
                app.ask()
        host = PipelineHost.of(app.provider)
        assert host is not None and host.pipeline.budget is not None
        (line,) = host.pipeline.budget.ledger.lines()
        assert (line.sums.calls, line.sums.unpriced) == (1, 0)


def test_streams_and_coroutines_are_refused_alike() -> None:
    """An async call and a stream are refused when they are asked for; the loop and the context are as before."""

    async def ask(app: Application) -> None:
        async with openai.AsyncOpenAI(base_url=app.emulator.openai_url, api_key="k") as client:
            with pytest.raises(spanwise.BudgetExceeded):
                await client.chat.completions.create(model="gpt-4.1-mini", messages=ASKED)
            with pytest.raises(spanwise.BudgetExceeded):
                await client.chat.completions.create(model="gpt-4.1-mini", messages=ASKED, stream=True)

    with running({"budgets": SMALL}) as app, spanwise.context(user="u-1"):
        app.ask()
        with pytest.raises(spanwise.BudgetExceeded):
            app.ask(stream=True)
        with pytest.raises(spanwise.BudgetExceeded):
            app.anthropic.messages.create(model="claude-sonnet-4-6", max_tokens=9, messages=ASKED)
        asyncio.run(ask(app))
        assert app.made == 1


def test_a_stream_that_runs_is_not_broken() -> None:
    """A budget that is used up while an answer is read refuses the next call, not this one."""
    with running({"budgets": SMALL}) as app, spanwise.context(user="u-1"):
        stream = app.ask(stream=True)
        first = next(stream)
        app.ask()
        with pytest.raises(spanwise.BudgetExceeded):
            app.ask()
        assert first and list(stream)


def test_what_is_no_model_call_goes_on() -> None:
    """Lists of models, other requests and other hosts are nobody's budget."""
    everything = [{"name": "all", "limit_usd": "0.000001", "per": "month", "action": "block"}]
    with running({"budgets": everything}) as app:
        app.ask()
        with pytest.raises(spanwise.BudgetExceeded):
            app.ask()
        with pytest.raises(openai.OpenAIError):
            app.openai.models.list()
        assert httpx.get(app.emulator.url + "/nothing").status_code >= 400
        assert app.made == 3
        with pytest.raises(spanwise.BudgetExceeded):
            httpx.post(app.emulator.openai_url + "/chat/completions", json={"model": "gpt-4.1-mini", "messages": ASKED})
        assert app.made == 3


def test_models_and_services_are_told_apart() -> None:
    """A budget of one model refuses that model; one of another service refuses nobody here."""
    one = {"name": "one", "limit_usd": "0.000001", "per": "month", "by": "model", "action": "block"}
    other = {"name": "b", "limit_usd": "0.000001", "per": "month", "where": {"service": "else"}, "action": "block"}
    with running({"budgets": [one, other]}) as app:
        app.ask()
        app.ask("gpt-4.1")
        for model in ("gpt-4.1-mini", "gpt-4.1"):
            with pytest.raises(spanwise.BudgetExceeded) as refused:
                app.ask(model)
            assert refused.value.key == {"model": model}
        mine = {**other, "where": {"service": "sh*"}}
    with running({"budgets": [mine]}) as app:
        app.ask()
        with pytest.raises(spanwise.BudgetExceeded):
            app.ask()


def test_only_block_refuses() -> None:
    """Whatever is spent, no other action ever raises into the application."""
    budgets = [{**SMALL[0], "name": action, "action": action} for action in ("record", "warn", "alert")]
    with running({"budgets": budgets, "loop_guard": {"calls": 1}}) as app, spanwise.context(user="u-1"):
        for _ in range(4):
            app.ask()
        assert app.made == 4


def test_a_loop_of_one_trace_is_refused() -> None:
    """The guard counts calls of a trace as they begin; a trace that is not recorded is guarded as well."""
    guard = {"loop_guard": {"calls": 2, "action": "block"}}
    for sampler in (ALWAYS_ON, ALWAYS_OFF):
        with running(guard, sampler) as app, app.provider.get_tracer("t").start_as_current_span("agent"):
            app.ask()
            app.ask()
            with pytest.raises(spanwise.BudgetExceeded, match="loop_guard") as refused:
                app.ask()
            assert refused.value.unit == "calls" and app.made == 2


def test_a_call_too_deep_is_refused() -> None:
    """Agents inside agents end at the depth that the policy says."""
    with running({"loop_guard": {"depth": 2, "action": "block"}}) as app:
        tracer = app.provider.get_tracer("t")
        agent: Any = {attr.GEN_AI_OPERATION_NAME: "invoke_agent"}
        with (
            tracer.start_as_current_span("a", attributes=agent),
            tracer.start_as_current_span("plain"),
            tracer.start_as_current_span("b", attributes=agent),
        ):
            app.ask()
            with (
                tracer.start_as_current_span("c", attributes=agent),
                pytest.raises(spanwise.BudgetExceeded) as refused,
            ):
                app.ask()
        assert (refused.value.unit, refused.value.limit, refused.value.spent) == ("depth", 2, 3)


def test_an_ended_pipeline_refuses_nobody() -> None:
    """When the pipeline is taken away its budgets refuse no more."""
    with running({"budgets": SMALL}) as app, spanwise.context(user="u-1"):
        app.ask()
        assert GATE.is_watched
    assert not GATE.is_watched


def test_the_exception_survives_a_process_border() -> None:
    """It can be pickled, as executors of processes do, and says the same afterwards."""
    error = spanwise.BudgetExceeded("b", key={"user": "u-1"}, limit=Decimal(1), spent=Decimal(2))
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.key, again.limit, again.spent) == (str(error), error.key, error.limit, error.spent)
