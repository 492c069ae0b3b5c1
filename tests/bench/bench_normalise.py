"""What translating a span costs, against copying its attributes. Prints microseconds; asserts nothing."""

from __future__ import annotations

import timeit
from collections.abc import Callable

from spanwise.normalise import Normalise
from spanwise.record import AttributeValue, Scope, SpanRecord


NAMES = 30
LOOPS = 20_000

Attributes = dict[str, AttributeValue]

OPENINFERENCE: Attributes = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "gpt-4o",
    "llm.provider": "azure",
    "llm.system": "openai",
    "llm.invocation_parameters": '{"temperature":0.5,"stop":["x"],"n":2}',
    "llm.token_count.prompt": 10,
    "llm.token_count.completion": 5,
    "llm.token_count.prompt_details.cache_read": 3,
    "session.id": "s",
    "user.id": "u",
}
OPENLLMETRY: Attributes = {
    "gen_ai.system": "OpenAI",
    "llm.request.type": "chat",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.prompt_tokens": 10,
    "gen_ai.usage.completion_tokens": 5,
    "gen_ai.openai.api_base": "https://api.openai.com/v1",
    "llm.is_streaming": True,
}
CANONICAL: Attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.usage.input_tokens": 10,
    "gen_ai.usage.output_tokens": 5,
    "gen_ai.response.finish_reasons": ["stop"],
}
CASES: dict[str, tuple[str, Attributes]] = {
    "OpenInference": ("openinference.instrumentation.openai", OPENINFERENCE),
    "OpenLLMetry": ("opentelemetry.instrumentation.openai.v1", OPENLLMETRY),
    "current convention": ("opentelemetry.instrumentation.genai.openai", CANONICAL),
    "ours": ("spanwise.instrument", CANONICAL),
    "not GenAI": ("opentelemetry.instrumentation.requests", {"http.request.method": "GET"}),
}


def filled(attributes: Attributes) -> Attributes:
    """`attributes` and enough of an application's own to make thirty."""
    return attributes | {f"app.attribute_{number}": number for number in range(NAMES - len(attributes))}


def microseconds(work: Callable[[], object]) -> float:
    """Of one call: the best of five rounds."""
    return min(timeit.repeat(work, number=LOOPS, repeat=5)) / LOOPS * 1e6


def main() -> None:
    """Print the table."""
    step = Normalise()
    for name, (scope, attributes) in CASES.items():
        whole = filled(attributes)

        def record(scope: str = scope, whole: Attributes = whole) -> SpanRecord:
            return SpanRecord("call", 1, 2, attributes=dict(whole), scope=Scope(scope))

        def translate(record: Callable[[], SpanRecord] = record) -> SpanRecord:
            return step.content(step(record()))

        made_us = microseconds(record)
        added_us = microseconds(translate) - made_us
        asked_us = microseconds(lambda scope=scope, whole=whole: step.concerns(scope, whole))  # type: ignore[misc]
        ratio = added_us / made_us
        print(f"{name:20} translated {added_us:5.1f} us, x{ratio:4.1f} a copy of it; recognised {asked_us:4.2f} us")


if __name__ == "__main__":
    main()
