"""The demo's shop assistant, asked over and over: one order a line on standard input, one result a line back.

An order is a JSON object of `Order`'s fields. Each call is a trace of its own. It is run under
`opentelemetry-instrument`, like any application, and knows nothing of Spanwise.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial

from openai import OpenAI, OpenAIError
from opentelemetry import trace

from demo import app


@dataclass(frozen=True, slots=True)
class Order:
    """What to ask for.

    Attributes:
        calls: How many calls.
        emulate: What the emulator does with each of them.
        question: What the customer asks.
        at_once: Calls that are under way at the same time.
        over_s: Seconds over which they are spread.
    """

    calls: int = 1
    emulate: str = "default"
    question: str = "When is the shop open?"
    at_once: int = 8
    over_s: float = 0.0


@dataclass(slots=True)
class Result:
    """What came of it: the ids of the traces, in hex, and how many calls failed."""

    trace_ids: list[str] = field(default_factory=list)
    failed: int = 0


def main() -> None:
    """Take orders until there are no more."""
    with OpenAI(max_retries=0, timeout=20) as client:
        for line in sys.stdin:
            result = carry_out(client, Order(**json.loads(line)))
            sys.stdout.write(json.dumps(asdict(result)) + "\n")
            sys.stdout.flush()


def carry_out(client: OpenAI, order: Order) -> Result:
    """All calls of one order."""
    result = Result()
    with ThreadPoolExecutor(order.at_once) as pool:
        for trace_id, failed in pool.map(partial(ask_once, client, order), range(order.calls)):
            result.trace_ids.append(trace_id)
            result.failed += failed
    return result


def ask_once(client: OpenAI, order: Order, number: int) -> tuple[str, bool]:
    """One customer's question in one trace; its id, and whether the call failed."""
    time.sleep(order.over_s * order.at_once / order.calls * (number >= order.at_once))
    with app.tracer.start_as_current_span("answer customer") as span:
        trace_id = trace.format_trace_id(span.get_span_context().trace_id)
        try:
            app.ask(client, order.question, emulate=order.emulate)
        except OpenAIError:
            return trace_id, True
    return trace_id, False


if __name__ == "__main__":
    main()
