"""The demo's shop on a busy day: workflows, agents, tools, evaluations, and all that goes wrong.

Run under `opentelemetry-instrument`, like any application, for the seconds that SHOP_OPEN_S says. What the SDKs of
providers cannot be made to do here (cached input, a model without a price) is a span as another suite writes it.
"""

from __future__ import annotations

import os
import time
from typing import Final

from anthropic import Anthropic
from openai import OpenAI, OpenAIError
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.util.types import Attributes

from demo import app
from spanwise.semconv import attributes as attr
from spanwise.semconv import events


OPEN_S: Final = "SHOP_OPEN_S"
FAULTS: Final = ("error_500", "rate_limit", "refusal", "content_filter", "length")
PAUSE_S: Final = 0.3


def main() -> None:
    """Serve customers until closing time."""
    closes_s = time.monotonic() + float(os.environ[OPEN_S])
    with OpenAI(max_retries=1, timeout=20) as openai, Anthropic(timeout=20) as anthropic:
        while time.monotonic() < closes_s:
            serve(openai, anthropic)
            time.sleep(PAUSE_S)


def serve(openai: OpenAI, anthropic: Anthropic) -> None:
    """One customer, from the question to the evaluation of the answer."""
    flow = {attr.GEN_AI_OPERATION_NAME: "invoke_workflow", attr.GEN_AI_WORKFLOW_NAME: "refund"}
    agent = {attr.GEN_AI_OPERATION_NAME: "invoke_agent", attr.GEN_AI_AGENT_NAME: "support"}
    with (
        app.tracer.start_as_current_span("invoke_workflow refund", attributes=flow),
        app.tracer.start_as_current_span("invoke_agent support", attributes=agent) as run,
    ):
        app.ask_streaming(openai, "How long does delivery take?")
        app.ask_documents(openai, "Can I return shoes that do not fit?")
        app.ask_with_tools(openai, "Where is my order 10042?")
        app.ask_claude(anthropic, "Which days is the shop open?")
        app.ask(openai, app.private_question())
        score: Attributes = {attr.GEN_AI_EVALUATION_NAME: "relevance", attr.GEN_AI_EVALUATION_SCORE_VALUE: 0.8}
        run.add_event(events.GEN_AI_EVALUATION_RESULT, score)
    go_wrong(openai)
    elsewhere()


def go_wrong(client: OpenAI) -> None:
    """Every fault once, and a tool that fails."""
    for fault in FAULTS:
        try:
            app.ask(client, "Do you ship abroad?", emulate=fault)
        except OpenAIError:
            continue
    tool = {attr.GEN_AI_OPERATION_NAME: "execute_tool", attr.GEN_AI_TOOL_NAME: "book_parcel"}
    with app.tracer.start_as_current_span("execute_tool book_parcel", attributes=tool) as span:
        span.set_attribute(attr.ERROR_TYPE, "TimeoutError")
        span.set_status(StatusCode.ERROR, "the carrier did not answer")


def elsewhere() -> None:
    """Calls that another suite records: one that reads a cache, one of a model that no price is known of."""
    for provider, model, cached in (("openai", "gpt-4.1-mini", 800), ("vllm", "our-own-llama", 0)):
        call: Attributes = {
            attr.GEN_AI_OPERATION_NAME: "chat",
            attr.GEN_AI_PROVIDER_NAME: provider,
            attr.GEN_AI_REQUEST_MODEL: model,
            attr.GEN_AI_RESPONSE_MODEL: model,
            attr.GEN_AI_USAGE_INPUT_TOKENS: 1000,
            attr.GEN_AI_USAGE_OUTPUT_TOKENS: 100,
            attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS: cached,
            attr.GEN_AI_RESPONSE_FINISH_REASONS: ("stop",),
        }
        app.tracer.start_span(f"chat {model}", kind=SpanKind.CLIENT, attributes=call).end()


if __name__ == "__main__":
    main()
