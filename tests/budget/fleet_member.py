"""A process of a fleet: it makes a call for every line it reads, unless a budget refuses it.

`python -m tests.budget.fleet_member`, in the directory of its policy and with the environment of an application.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from spanwise.pipeline import Pipeline, PipelineHost
from spanwise.pipeline.budgets import keep_budgets
from spanwise.pipeline.settings import settings


CALL: dict[str, str | int] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4.1",
    "gen_ai.usage.input_tokens": 1_000,
    "gen_ai.usage.output_tokens": 100,
}


def main() -> None:
    """Answer `call` with `made` or `refused`, and `wait` when calls are refused, or after 20 s."""
    pipeline = Pipeline(settings(os.environ))
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter()))
    PipelineHost(pipeline).install(provider)
    keeper = keep_budgets(pipeline, os.environ)
    budget = pipeline.budget
    assert keeper is not None and budget is not None

    def is_refused() -> bool:
        return budget.refusal(CALL.get, 0, 0) is not None

    for line in sys.stdin:
        if line.strip() == "wait":
            waited(is_refused)
        refused = is_refused()
        if not refused:
            provider.get_tracer("member").start_span("chat gpt-4.1", attributes=CALL).end()
        sys.stdout.write("refused\n" if refused else "made\n")
        sys.stdout.flush()
    keeper.close()


def waited(is_so: Callable[[], bool], most_s: float = 20) -> None:
    """Return when something of another thread has come true, or does not."""
    deadline_s = time.monotonic() + most_s
    while not is_so() and time.monotonic() < deadline_s:
        time.sleep(0.01)


if __name__ == "__main__":
    main()
