"""What budgets cost the thread that makes a call: the question before it, and the sum after it.

`python -m tests.bench.bench_budget`. A bare call is one of the `openai` SDK against a transport in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal

from opentelemetry import context as context_api
from opentelemetry import trace

from spanwise.budget import Budget, BudgetStep
from spanwise.budget.gate import GATE
from spanwise.budget.sums import Sums
from spanwise.instrument.core.association import KEY
from spanwise.instrument.core.refusal import refusal
from spanwise.semconv import attributes as attr
from tests.bench.provider import PROVIDERS
from tests.bench.workload import SHAPES, call


ROUNDS = 60
REPEATS = 2000
DIMENSIONS = ("user", "tenant", "model", "feature", "session")
REQUEST = {attr.GEN_AI_OPERATION_NAME: "chat", attr.GEN_AI_PROVIDER_NAME: "openai", attr.GEN_AI_REQUEST_MODEL: "m-1"}
SAID = {attr.USER_ID: "u-1", attr.SPANWISE_TENANT: "t-1", attr.SPANWISE_FEATURE: "f-1", attr.SESSION_ID: "s-1"}
SOMEBODY = {
    attr.USER_ID: "u-2",
    attr.SPANWISE_TENANT: "t-2",
    attr.SPANWISE_FEATURE: "f-2",
    attr.SESSION_ID: "s-2",
    attr.GEN_AI_REQUEST_MODEL: "m-2",
}


def nanoseconds(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """CPU time of one `run`: the best of rounds, in which nobody else had the core."""
    rounds = []
    for _ in range(ROUNDS):
        start_s = time.thread_time()
        for _ in range(repeats):
            run()
        rounds.append((time.thread_time() - start_s) / repeats * 1e9)
    return min(rounds)


def budgets(count: int) -> BudgetStep:
    """A step with so many budgets that refuse, by one dimension each in turn."""
    names = [DIMENSIONS[number % len(DIMENSIONS)] for number in range(count)]
    made = [Budget(f"b-{number}", Decimal(1), "day", by=(name,), action="block") for number, name in enumerate(names)]
    return BudgetStep(made)


def asked() -> None:
    """What a tap does before a call."""
    if GATE.is_watched:
        refusal(trace.INVALID_SPAN, REQUEST)


def report(what: str, cost_ns: float, bare_ns: float) -> None:
    """One line."""
    print(f"{what:56} {cost_ns:8.0f} ns  x{(bare_ns + cost_ns) / bare_ns:.4f} of a bare call")


def main() -> None:
    """Print the table."""
    sdk = PROVIDERS["openai"]()
    bare_ns = nanoseconds(call(sdk, sdk.client(), next(iter(SHAPES))), repeats=10)
    print(f"a bare call of the openai SDK: {bare_ns / 1000:.0f} us of CPU")
    token = context_api.attach(context_api.set_value(KEY, SAID))
    for count in (1, 20):
        step = budgets(count)
        GATE.watch(step, "shop")
        report(f"before a call, {count} budgets, none used up", nanoseconds(asked), bare_ns)
        for _ in range(2):
            step.ledger.add(SOMEBODY.get, Sums(usd=Decimal(1), calls=1), time.time())
        assert GATE.is_watched
        report(f"before a call, {count} budgets, all used up by another", nanoseconds(asked), bare_ns)
        unsaid = context_api.attach(context_api.set_value(KEY, {}))
        report("before a call, the same, of a call that says nothing", nanoseconds(asked), bare_ns)
        context_api.detach(unsaid)
        said = {**SAID, **REQUEST}
        sums = Sums(usd=Decimal("0.000001"), calls=1)
        cost_ns = nanoseconds(lambda: step.ledger.add(said.get, sums, time.time()))  # noqa: B023 - called in this turn
        report(f"after a call, {count} budgets: the sums", cost_ns, bare_ns)
        GATE.leave(step)
    context_api.detach(token)


if __name__ == "__main__":
    main()
