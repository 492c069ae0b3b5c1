"""A week of a shop's assistant, as spans: what the local page and its pictures are tried with.

Everything follows from a seed and a moment, so two runs make the same store.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from opentelemetry.trace import SpanKind, StatusCode

from spanwise.record import AttributeValue, Event, Resource, Scope, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import events, values


DAY_S = 86_400
MODELS = {
    "gpt-4.1": ("openai", 2.0e-6, 8.0e-6),
    "gpt-4.1-mini": ("openai", 0.4e-6, 1.6e-6),
    "claude-sonnet-4-5": ("anthropic", 3.0e-6, 15.0e-6),
    "claude-haiku-4-5": ("anthropic", 1.0e-6, 5.0e-6),
    "gemini-2.5-flash": ("gcp.gemini", 0.3e-6, 2.5e-6),
}
"""Provider, and US dollars for a token in and out, rounded for show."""
QUESTIONS = (
    ("Where is my order 10042?", "Your order 10042 is on its way with ParcelJet and should arrive on Thursday."),
    ("Can I return shoes that I wore once?", "Unworn shoes can be returned within 30 days. Worn ones we can repair."),
    ("Do you ship to Norway?", "Yes. Delivery to Norway takes 5 to 7 working days, customs included."),
    ("Is a broken sole covered?", "Every pair has a two-year warranty, and soles and seams are repaired for free."),
    ("Which size should I take if I am between two?", "Take the larger one; our boots run narrow."),
    ("How do I clean suede?", "Brush it dry with a suede brush, then use a protector spray. Avoid water."),
    ("I would like a refund for order 10077.", "I have started the refund for order 10077. It takes 3 to 5 days."),
)
SYSTEM = "You answer the customers of a small shoe shop. Be brief and friendly. Never promise a date you do not know."


@dataclass
class Shop:
    """Makes traces of `days` up to `end_s`, seconds since 1970."""

    end_s: float
    days: int = 7
    per_day: int = 60
    seed: int = 7
    _random: random.Random = field(init=False)
    _number: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def traces(self) -> Iterator[list[SpanRecord]]:
        """The traces, oldest first; fewer at night, and more from day to day."""
        for day in range(self.days):
            count = int(self.per_day * (0.6 + 0.4 * day / max(self.days - 1, 1)))
            begin_s = self.end_s - (self.days - day) * DAY_S
            moments = sorted(self._moment() for _ in range(count))
            for moment in moments:
                yield self.trace(begin_s + moment * DAY_S, day)

    def trace(self, start_s: float, day: int = 0) -> list[SpanRecord]:
        """One answer to one customer: retrieval, a call, perhaps a tool and another call."""
        chance = self._random
        trace_id = chance.getrandbits(128) or 1
        question, answer = chance.choice(QUESTIONS)
        model = chance.choices(list(MODELS), (3, 6, 2, 4, 2))[0]
        version = "4" if day > 3 and chance.random() < 0.7 else "3"
        who: dict[str, AttributeValue] = {
            attr.USER_ID: f"u-{min(int(chance.expovariate(0.12)) + 1, 40)}",
            attr.SESSION_ID: f"s-{1000 + self._number // 3}",
            attr.SPANWISE_TENANT: chance.choice(("north", "south")),
            attr.GEN_AI_PROMPT_NAME: "support/answer",
            attr.GEN_AI_PROMPT_VERSION: version,
        }
        self._number += 1
        root = self._span(trace_id, 0, "invoke_agent shop-assistant", start_s + 0, 0.0, who)
        root.attributes[attr.GEN_AI_OPERATION_NAME] = values.GEN_AI_OPERATION_NAME_INVOKE_AGENT
        root.attributes[attr.GEN_AI_AGENT_NAME] = "shop-assistant"
        spans = [root]
        clock = start_s + 0.004
        if chance.random() < 0.5:
            clock = self._retrieve(spans, root, clock, question, who)
        needs_tool = "order" in question
        clock = self._call(spans, root, clock, model, question, answer, who, tool=needs_tool)
        if needs_tool and spans[-1].status is not StatusCode.ERROR:
            clock = self._use_tool(spans, root, clock, who)
            clock = self._call(spans, root, clock + 0.002, model, question, answer, who)
        root.end_unix_nano = int((clock + 0.003) * 1e9)
        return spans

    def showcase(self, start_s: float) -> list[SpanRecord]:
        """One trace with a bit of everything: retrieval, tools, a call that failed, calls that did not, a score."""
        who: dict[str, AttributeValue] = {
            attr.USER_ID: "u-7",
            attr.SESSION_ID: "s-42",
            attr.SPANWISE_TENANT: "north",
            attr.GEN_AI_PROMPT_NAME: "support/answer",
            attr.GEN_AI_PROMPT_VERSION: "4",
        }
        question, answer = QUESTIONS[0]
        root = self._span(self._random.getrandbits(128), 0, "answer customer", start_s, 0.0, who)
        agent = self._span(root.trace_id, root.span_id, "invoke_agent shop-assistant", start_s + 0.003, 0.0, who)
        agent.attributes[attr.GEN_AI_OPERATION_NAME] = values.GEN_AI_OPERATION_NAME_INVOKE_AGENT
        spans = [root, agent]
        clock = self._retrieve(spans, agent, start_s + 0.006, question, who)
        clock = self._call(spans, agent, clock, "gpt-4.1", question, answer, who, tool=True)
        clock = self._use_tool(spans, agent, clock, who)
        clock = self._call(spans, agent, clock, "gpt-4.1", question, answer, who)
        fail(spans[-1], "RateLimitError", "Rate limit reached. Please try again in 2 s.")
        clock = self._call(spans, agent, clock, "claude-sonnet-4-5", question, answer, who)
        answered = spans[-1]
        clock = self._call(
            spans, root, clock, "gpt-4.1-mini", "Does the answer hold no promise of a date?", "It does.", who
        )
        for span in spans:
            span.events.clear()
        self._judge(answered, 0.94)
        agent.end_unix_nano = int((clock + 0.002) * 1e9)
        root.end_unix_nano = int((clock + 0.004) * 1e9)
        return spans

    def _moment(self) -> float:
        while True:
            share = self._random.random()
            if self._random.random() < 0.25 + 0.75 * max(math.sin((share - 0.25) * 2 * math.pi), 0):
                return share

    def _span(  # noqa: PLR0913, PLR0917 - what one span is made of
        self, trace_id: int, parent: int, name: str, start_s: float, took_s: float, who: dict[str, AttributeValue]
    ) -> SpanRecord:
        return SpanRecord(
            name=name,
            trace_id=trace_id,
            span_id=self._random.getrandbits(64) or 1,
            parent_span_id=parent,
            kind=SpanKind.INTERNAL,
            start_unix_nano=int(start_s * 1e9),
            end_unix_nano=int((start_s + took_s) * 1e9),
            attributes=dict(who),
            resource=Resource({attr.SERVICE_NAME: "shop-assistant"}),
            scope=Scope("demo", "1"),
        )

    def _retrieve(
        self, spans: list[SpanRecord], root: SpanRecord, clock: float, question: str, who: dict[str, AttributeValue]
    ) -> float:
        took_s = self._random.lognormvariate(-2.6, 0.4)
        span = self._span(root.trace_id, root.span_id, "retrieval shop-documents", clock, took_s, who)
        documents = [
            {"id": "returns", "score": 0.83, "content": "Customers may return unworn shoes within 30 days."},
            {"id": "warranty", "score": 0.71, "content": "Every pair has a two-year warranty."},
        ]
        span.attributes[attr.GEN_AI_OPERATION_NAME] = values.GEN_AI_OPERATION_NAME_RETRIEVAL
        span.attributes[attr.GEN_AI_RETRIEVAL_QUERY_TEXT] = question
        span.attributes[attr.GEN_AI_RETRIEVAL_DOCUMENTS] = json.dumps(documents)
        spans.append(span)
        return clock + took_s + 0.003

    def _use_tool(
        self, spans: list[SpanRecord], root: SpanRecord, clock: float, who: dict[str, AttributeValue]
    ) -> float:
        took_s = self._random.lognormvariate(-1.8, 0.5)
        span = self._span(root.trace_id, root.span_id, "execute_tool look_up_order", clock, took_s, who)
        span.attributes[attr.GEN_AI_OPERATION_NAME] = values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL
        span.attributes[attr.GEN_AI_TOOL_NAME] = "look_up_order"
        span.attributes[attr.GEN_AI_TOOL_CALL_ARGUMENTS] = '{"order_id": "10042"}'
        span.attributes[attr.GEN_AI_TOOL_CALL_RESULT] = '{"status": "on its way", "carrier": "ParcelJet"}'
        spans.append(span)
        return clock + took_s

    def _call(  # noqa: PLR0913, PLR0917 - what one call is made of
        self,
        spans: list[SpanRecord],
        root: SpanRecord,
        clock: float,
        model: str,
        question: str,
        answer: str,
        who: dict[str, AttributeValue],
        *,
        tool: bool = False,
    ) -> float:
        chance = self._random
        provider, price_in, price_out = MODELS[model]
        took_s = chance.lognormvariate(0.1, 0.55)
        span = self._span(root.trace_id, root.span_id, f"chat {model}", clock, took_s, who)
        span.kind = SpanKind.CLIENT
        tokens_in, tokens_out = int(chance.lognormvariate(7, 0.5)), int(chance.lognormvariate(4.8, 0.6))
        history = 1 + len(spans) // 3
        said = [_text("system", SYSTEM)] + [_text("user", question)] * min(history, 1)
        if not tool and any(it.name.startswith("execute_tool") for it in spans):
            said += [_tool_call(), _tool_result()]
        span.attributes.update(
            {
                attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_CHAT,
                attr.GEN_AI_PROVIDER_NAME: provider,
                attr.GEN_AI_REQUEST_MODEL: model,
                attr.GEN_AI_RESPONSE_MODEL: model,
                attr.GEN_AI_INPUT_MESSAGES: json.dumps(said),
            }
        )
        if chance.random() < 0.03:
            fail(
                span, chance.choice(("RateLimitError", "RateLimitError", "APITimeoutError")), "Please try again in 2 s."
            )
        else:
            self._answer(span, tokens_in, tokens_out, tokens_in * price_in + tokens_out * price_out, took_s)
            out = _tool_call() if tool else _text("assistant", answer)
            span.attributes[attr.GEN_AI_OUTPUT_MESSAGES] = json.dumps([out])
            span.attributes[attr.GEN_AI_RESPONSE_FINISH_REASONS] = ["tool_call" if tool else "stop"]
            if not tool:
                self._score(span, 0.92 if who[attr.GEN_AI_PROMPT_VERSION] == "4" else 0.84)
        spans.append(span)
        return clock + took_s + 0.002

    def _answer(self, span: SpanRecord, tokens_in: int, tokens_out: int, cost_usd: float, took_s: float) -> None:
        chance = self._random
        span.attributes[attr.GEN_AI_USAGE_INPUT_TOKENS] = tokens_in
        span.attributes[attr.GEN_AI_USAGE_OUTPUT_TOKENS] = tokens_out
        if chance.random() < 0.4:
            span.attributes[attr.GEN_AI_USAGE_CACHE_READ_INPUT_TOKENS] = tokens_in // 2
        if chance.random() < 0.02:
            span.attributes[attr.SPANWISE_COST_STATUS] = values.SPANWISE_COST_STATUS_UNPRICED
            span.attributes[attr.SPANWISE_COST_REASON] = "no price for this model"
        else:
            estimated = chance.random() < 0.04
            span.attributes[attr.GEN_AI_USAGE_COST_AMOUNT] = round(cost_usd, 9)
            span.attributes[attr.GEN_AI_USAGE_COST_CURRENCY] = "USD"
            span.attributes[attr.SPANWISE_COST_STATUS] = "estimated" if estimated else "exact"
        if chance.random() < 0.7:
            span.attributes[attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK] = took_s * chance.uniform(0.15, 0.45)
        if chance.random() < 0.02:
            span.attributes[attr.SPANWISE_RESPONSE_REFUSED] = True
        if chance.random() < 0.15:
            span.attributes[attr.SPANWISE_REDACTION_COUNT] = 1
            span.attributes[attr.SPANWISE_REDACTION_KINDS] = ["email"]

    def _score(self, span: SpanRecord, mean: float) -> None:
        if self._random.random() < 0.3:
            self._judge(span, min(max(self._random.gauss(mean, 0.08), 0.0), 1.0))

    def _judge(self, span: SpanRecord, value: float) -> None:
        result: dict[str, AttributeValue] = {
            attr.GEN_AI_EVALUATION_NAME: "helpfulness",
            attr.GEN_AI_EVALUATION_SCORE_VALUE: round(value, 3),
            attr.GEN_AI_EVALUATION_SCORE_LABEL: "good" if value > 0.7 else "poor",
        }
        span.events.append(Event(events.GEN_AI_EVALUATION_RESULT, span.end_unix_nano, result))


def fail(span: SpanRecord, error_type: str, sentence: str) -> None:
    """Make `span` a call that failed and used nothing."""
    for name in list(span.attributes):
        if name.startswith((_USAGE, _COST)):
            del span.attributes[name]
    span.attributes.pop(attr.GEN_AI_OUTPUT_MESSAGES, None)
    span.attributes.pop(attr.GEN_AI_RESPONSE_TIME_TO_FIRST_CHUNK, None)
    span.status, span.status_description = StatusCode.ERROR, sentence
    span.attributes[attr.ERROR_TYPE] = error_type
    span.events.clear()


_USAGE = "gen_ai.usage."
_COST = "spanwise.cost."


def _text(role: str, text: str) -> dict[str, object]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def _tool_call() -> dict[str, object]:
    call = {"type": "tool_call", "id": "call_7", "name": "look_up_order", "arguments": {"order_id": "10042"}}
    return {"role": "assistant", "parts": [call]}


def _tool_result() -> dict[str, object]:
    response = {"status": "on its way", "carrier": "ParcelJet", "expected": "Thursday"}
    return {"role": "tool", "parts": [{"type": "tool_call_response", "id": "call_7", "response": response}]}
