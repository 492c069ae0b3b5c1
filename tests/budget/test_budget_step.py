"""`BudgetStep`, `Loops` and the pipeline around them: what counts, what the span says, who is told."""

from __future__ import annotations

import logging
import os
import warnings
from decimal import Decimal

import pytest

from spanwise.budget import Budget, BudgetStep, Crossing, LoopGuard
from spanwise.budget.loops import Loops
from spanwise.pipeline import Pipeline, PipelineConfig
from spanwise.record import AttributeValue, Resource, Scope, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


START = 1_764_158_400
_ids = iter(range(1, 1_000_000))


def call(usd: float | None = 0.25, **attributes: AttributeValue) -> SpanRecord:
    """A call that was priced, or was not."""
    said: dict[str, AttributeValue] = {
        attr.GEN_AI_OPERATION_NAME: "chat",
        attr.GEN_AI_REQUEST_MODEL: "m",
        attr.GEN_AI_USAGE_INPUT_TOKENS: 10,
        attr.GEN_AI_USAGE_OUTPUT_TOKENS: 5,
        attr.SPANWISE_COST_STATUS: values.SPANWISE_COST_STATUS_EXACT if usd is not None else "unpriced",
    }
    if usd is not None:
        said |= {attr.GEN_AI_USAGE_COST_AMOUNT: usd, attr.GEN_AI_USAGE_COST_CURRENCY: "USD"}
    return SpanRecord("chat m", 7, next(_ids), end_unix_nano=0, attributes={**said, **attributes}, scope=Scope("other"))


def step(action: str = "record", **options: object) -> BudgetStep:
    """A step with a budget of one dollar in a month of 1970, when its calls end."""
    made = BudgetStep([Budget("all", Decimal(1), "month", action=action)], **options)  # type: ignore[arg-type]
    made.ledger._clock = lambda: 1000.0
    return made


def sums(of: BudgetStep) -> tuple[Decimal, Decimal, int, int, int]:
    """What the budget has seen."""
    (line,) = of.ledger.lines()
    return line.sums.usd, line.sums.estimated_usd, line.sums.calls, line.sums.unpriced, line.sums.tokens


def test_what_counts() -> None:
    """Priced calls add up, estimates are told apart, what has no price is counted and adds nothing."""
    made = step()
    made(call(0.1))
    made(call(0.2, **{attr.SPANWISE_COST_STATUS: values.SPANWISE_COST_STATUS_ESTIMATED}))
    made(call(None))
    made(call(0.5, **{attr.SPANWISE_DUPLICATE_OF: "0" * 16}))
    made(call(0.5, **{attr.GEN_AI_OPERATION_NAME: "invoke_agent"}))
    made(call(0.5, **{attr.SPANWISE_BUDGET_ACTION: values.SPANWISE_BUDGET_ACTION_BLOCK}))
    made(call(0.5, **{attr.GEN_AI_USAGE_COST_CURRENCY: "EUR"}))
    assert sums(made) == (Decimal("0.3"), Decimal("0.2"), 4, 1, 60)


def test_usage_that_another_span_of_the_call_brings_counts_once() -> None:
    """The second span of a call adds the cost that the first did not know, and no call."""
    made = step()
    made(call(None))
    made(call(0.25, **{attr.SPANWISE_DUPLICATE_REASON: "response_id"}))
    assert sums(made)[:3] == (Decimal("0.25"), Decimal(0), 1)


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -1.0, True, "1", 1e300])
def test_an_amount_that_is_none_adds_nothing(amount: AttributeValue) -> None:
    """A span from anywhere cannot use a budget up, or fill it, with what is no amount."""
    made = step()
    made(call(0.5))
    made(call(0.5, **{attr.GEN_AI_USAGE_COST_AMOUNT: amount}))
    assert sums(made)[0] == Decimal("0.5")


def test_a_span_says_how_its_budget_stands() -> None:
    """Name, state and share stand on the span that brought them about, and what was done."""
    made = step("warn")
    said = [made(call(0.45)).attributes for _ in range(3)]
    assert [(each[attr.SPANWISE_BUDGET_SHARE], each[attr.SPANWISE_BUDGET_STATE]) for each in said] == [
        (0.45, "within"), (0.9, "near"), (1.35, "exceeded"),
    ]  # fmt: skip
    assert [each.get(attr.SPANWISE_BUDGET_ACTION) for each in said] == [None, "warn", "warn"]
    assert said[0][attr.SPANWISE_BUDGET_NAME] == "all"


def test_a_warning_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """One line for each share of a period, however many calls there are; none where only a record is wanted."""
    caplog.set_level(logging.WARNING)
    for action, lines in (("record", 0), ("warn", 2), ("alert", 2), ("block", 2)):
        caplog.clear()
        made = step(action)
        for _ in range(20):
            made(call(0.1))
        made(call(None))
        assert len(caplog.messages) == lines
    assert caplog.messages[-1] == "spanwise: budget all: 100% reached, 1.0 of 1 USD per month"


def test_an_alert_is_told_and_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Where somebody hears of it the log is silent; where nobody does it is not; a quiet step leaves it to others."""
    told: list[Crossing] = []

    def tell(crossing: Crossing) -> bool:
        told.append(crossing)
        return True

    made = step("alert")
    made.tell = tell
    made(call(2.0))
    assert [crossing.percent for crossing in told] == [100] and not caplog.messages
    made = step("alert")
    made.tell = lambda _: False
    made(call(2.0))
    assert len(caplog.messages) == 1
    made = step("warn")
    made.quiet = True
    made(call(2.0))
    assert len(caplog.messages) == 1


def test_a_span_that_is_sent_again_counts_once() -> None:
    """A collector that is sent a span twice adds it once; one that a process has processed counts as well."""
    made = step(received=True)
    span = call(0.5)
    made(span)
    made(span)
    assert sums(made)[0] == Decimal("0.5")
    config = PipelineConfig(budgets=[Budget("all", Decimal(1), "month")])
    for received, calls in ((True, 1), (False, 0)):
        pipeline = Pipeline(config, received=received)
        assert pipeline.budget is not None
        pipeline.budget.ledger._clock = lambda: 1000.0
        pipeline.account(call(0.5, **{attr.SPANWISE_PROCESSED: "1"}))
        assert len(pipeline.budget.ledger.entries()) == calls


def test_the_service_is_that_of_the_resource() -> None:
    """A budget of a service counts the calls of processes that say they are it."""
    made = BudgetStep([Budget("mine", Decimal(1), "month", where={"service": "shop"}, action="block")])
    made.ledger._clock = lambda: 1000.0
    for name in ("shop", "other"):
        span = call(3.0)
        span.resource = Resource({attr.SERVICE_NAME: name})
        made(span)
    assert sums(made)[0] == Decimal("3.0")
    assert made.refusal(lambda _: "shop", 1, 0) is not None
    assert made.refusal(lambda _: "other", 1, 0) is None


def test_the_pipeline_prices_and_then_counts() -> None:
    """In a pipeline a call is counted at the price it gets there, once, before it is cleaned."""
    config = PipelineConfig.from_options({"budgets": [{"name": "all", "limit_usd": 1, "per": "day", "by": "user"}]})
    pipeline = Pipeline(config)
    now_ns = 10**18
    span = SpanRecord(
        "chat gpt-4.1", 9, 9, start_unix_nano=now_ns, end_unix_nano=now_ns + 10**9, scope=Scope("spanwise.openai"),
        attributes={
            attr.GEN_AI_OPERATION_NAME: "chat", attr.GEN_AI_PROVIDER_NAME: "openai",
            attr.GEN_AI_REQUEST_MODEL: "gpt-4.1",
            attr.GEN_AI_USAGE_INPUT_TOKENS: 1000, attr.GEN_AI_USAGE_OUTPUT_TOKENS: 1000, attr.USER_ID: "u-1",
        },
    )  # fmt: skip
    assert pipeline.budget is not None
    pipeline.budget.ledger._clock = lambda: now_ns / 1e9 + 2
    done = pipeline.process(span)
    assert done is not None
    (line,) = pipeline.budget.ledger.lines()
    assert line.key == {"user": "u-1"}
    assert float(line.sums.usd) == done.attributes[attr.GEN_AI_USAGE_COST_AMOUNT] == pytest.approx(0.01)
    assert done.attributes[attr.SPANWISE_BUDGET_SHARE] == pytest.approx(0.01)


def test_keys_hold_no_personal_data() -> None:
    """Addresses do not become keys, and two of them are still two."""
    config = PipelineConfig.from_options({"budgets": [{"name": "all", "limit_usd": 1, "per": "day", "by": "user"}]})
    pipeline = Pipeline(config)
    assert pipeline.budget is not None
    pipeline.budget.ledger._clock = lambda: 1000.0
    for user in ("ann@example.com", "ben@example.com", "ann@example.com"):
        pipeline.budget(call(0.25, **{attr.USER_ID: user}))
    lines = pipeline.budget.ledger.lines()
    assert sorted(line.sums.usd for line in lines) == [Decimal("0.25"), Decimal("0.50")]
    assert "example.com" not in str(lines)


def test_a_loop_ends() -> None:
    """The call after the last that a trace may make is refused; another trace goes on."""
    loops = Loops(LoopGuard(calls=3, action="block"))
    assert [loops.begin(1, 0) for _ in range(3)] == [None] * 3
    refused = loops.begin(1, 0)
    assert refused is not None
    assert (refused.budget, refused.unit, refused.limit, refused.spent) == ("loop_guard", "calls", 3, 3)
    assert refused.key == {"trace": f"{1:032x}"} and refused.resets_at is None
    assert loops.begin(2, 0) is None


def test_a_loop_ends_by_tokens_cost_and_depth() -> None:
    """Each limit refuses for itself, and says in its unit what is used."""
    loops = Loops(LoopGuard(tokens=100, cost_usd=Decimal("0.5"), depth=2, action="block"))
    loops.add(1, 100, Decimal("0.1"), call=False)
    loops.add(2, 10, Decimal("0.5"), call=False)
    found = [loops.begin(1, 0), loops.begin(2, 0), loops.begin(3, 3), loops.begin(3, 2)]
    assert [each and each.unit for each in found] == ["tokens", "cost_usd", "depth", None]


def test_a_loop_is_warned_of_once(caplog: pytest.LogCaptureFixture) -> None:
    """With `warn` calls are made, and one line tells of each limit of a trace."""
    loops = Loops(LoopGuard(calls=2))
    assert [loops.begin(1, 0) for _ in range(6)] == [None] * 6
    assert len(caplog.messages) == 1


def test_a_child_process_is_not_locked_out() -> None:
    """A process that is forked while somebody counts counts on."""
    if not hasattr(os, "fork"):
        return
    loops = Loops(LoopGuard(calls=5))
    with loops._lock, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
        if child == 0:
            loops.begin(1, 0)
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_traces_are_forgotten() -> None:
    """However many traces there are, memory is bounded; one that is busy is remembered."""
    loops = Loops(LoopGuard(calls=1, action="block"), most_traces=10)
    loops.begin(1, 0)
    for trace_id in range(2, 500):
        loops.begin(trace_id, 0)
        assert loops.begin(1, 0) is not None
    assert len(loops._traces) == 10
