"""Tail sampling: which traces are kept whatever happens, and the attribute that says why."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from spanwise.deploy.collector import path, setting
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.release import Component
from spanwise.deploy.document import Value
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


if TYPE_CHECKING:
    from spanwise.plan import Plan
    from spanwise.sample import SampleConfig


GATE: Final = "processor.tailsamplingprocessor.recordpolicy"
"""The feature gate with which the processor writes its policy's name on the scope of every kept span."""

MOST_TRACE_BYTES: Final = 20_000_000
"""Bytes of one trace while it waits; Tempo and Jaeger are given the same bound."""

_POLICY: Final = "tailsampling.policy"  # what the gate writes on the scope
_ROOT_WAIT_S: Final = 10
_DECISIONS: Final = 500_000
_MOST_INTEGER: Final = 2**63 - 1
_MICRO: Final = 1_000_000
_DOLLAR: Final = "USD"

_WHY_MARKS: Final = (
    "Says on each span why it makes its trace one to keep, in the words of the policies below; the first reason wins. "
    "It is written before the decision, because the processor itself writes its reason only behind a feature gate, and "
    f"then on the scope. Start the Collector with --feature-gates=+{GATE} to have it on the other spans of the trace "
    "too. What callers say of it is not believed."
)


class Rule(NamedTuple):
    """One reason to keep a trace.

    Attributes:
        name: The reason, and the name of its policy.
        policies: What tail sampling is told, without names; several are told apart by a suffix.
        of_span: The same as a condition on a span; empty where one span cannot show it.
        of_event: The same on an event of a span.
    """

    name: str
    policies: tuple[Block, ...]
    of_span: str = ""
    of_event: str = ""


def rules(sample: SampleConfig) -> list[Rule]:
    """The reasons of a policy, in the order in which they are given as the reason."""
    return list(_rules(sample))


def marks(configuration: Configuration, plan: Plan) -> str:
    """The id of the processor that writes the reason on spans, before tail sampling."""
    found = rules(plan.sample)
    forget = f"delete_key(span.attributes, {path.text(attr.SPANWISE_SAMPLE_REASON)})"
    spans = [_mark(rule.name, rule.of_span) for rule in found if rule.of_span]
    events = [_mark(rule.name, rule.of_event) for rule in found if rule.of_event]
    groups: list[Block] = [{"statements": [forget, *spans]}]
    if events:
        groups.append({"statements": events})
    return configuration.add(
        Component.TRANSFORM, "reason", {"error_mode": "ignore", "trace_statements": groups}, _WHY_MARKS
    )


def _mark(name: str, condition: str) -> str:
    reason = path.span(attr.SPANWISE_SAMPLE_REASON)
    return f"set({reason}, {path.text(name)}) where {reason} == nil and ({condition})"


def policy_names(configuration: Configuration) -> str:
    """The id of the processor that copies the policy's name to spans without a reason, after tail sampling."""
    reason = path.span(attr.SPANWISE_SAMPLE_REASON)
    policy = f"scope.attributes[{path.text(_POLICY)}]"
    statement = f"set({reason}, {policy}) where {reason} == nil and {policy} != nil"
    settings: Block = {"error_mode": "ignore", "trace_statements": [{"statements": [statement]}]}
    about = f"Does nothing unless the Collector runs with --feature-gates=+{GATE}."
    return configuration.add(Component.TRANSFORM, "policy", settings, about)


def sampling(configuration: Configuration, plan: Plan) -> str:
    """The id of the tail sampling processor."""
    wait_s = plan.sample.decision_wait_s
    settings: dict[str, Value] = {"decision_wait": _duration(wait_s)}
    if wait_s > _ROOT_WAIT_S:
        settings["decision_wait_after_root_received"] = f"{_ROOT_WAIT_S}s"
    settings |= {
        "num_traces": str(setting.DECISIONS),
        "block_on_overflow": True,
        "maximum_trace_size_bytes": MOST_TRACE_BYTES,
        "drop_pending_traces_on_shutdown": False,
        "decision_cache": {"sampled_cache_size": _DECISIONS, "non_sampled_cache_size": _DECISIONS},
        "policies": _policies(plan.sample),
    }
    identity = configuration.add(Component.TAIL_SAMPLING, "", settings, _ABOUT)
    for key, text in _ABOUT_KEYS.items():
        if key in settings:
            configuration.comment("processors", identity, key, text=text)
    return identity


_ABOUT: Final = (
    "All spans of a trace must come to this one process. What waits for a decision waits in memory: a kill loses it, "
    "an orderly stop decides on it. Where that must not be, set sampling.ratio to 1 and leave this tier out, or take "
    "kafka-sampler.yaml, which can be told to read again."
)
_ABOUT_KEYS: Final = {
    "decision_wait_after_root_received": "SDKs send every five seconds: the other services' spans come after the root.",
    "num_traces": "Memory: spans a second * decision_wait * bytes of a span * 2 to 3. 2,000 * 30 * 6 kB * 3 = 1 GB.",
    "block_on_overflow": "When it is full, callers wait and their queues grow; the oldest traces are not given up.",
    "maximum_trace_size_bytes": "A trace that outgrows this is dropped before its decision, whatever it holds.",
    "decision_cache": "Spans that come late get their trace's decision as long as it is remembered here.",
    "policies": "A trace is kept when one of them says so. The policy's section sampling.keep, in its order.",
}


def _policies(sample: SampleConfig) -> list[Block]:
    found: list[Block] = []
    for rule in rules(sample):
        for at, policy in enumerate(rule.policies):
            found.append({"name": rule.name if at == 0 else f"{rule.name}_{at + 1}", **policy})
    return found


def _rules(sample: SampleConfig) -> Iterator[Rule]:
    if sample.errors:
        policy: Block = {"type": "status_code", "status_code": {"status_codes": ["ERROR"]}}
        yield Rule("errors", (policy,), "span.status.code == STATUS_CODE_ERROR")
    if sample.refused:
        condition = _refused()
        yield Rule("refused", (_ottl(condition),), condition)
    if sample.score_below is not None:
        yield _low_score(sample.score_below)
    if sample.dearer_than_usd is not None:
        yield _dear(sample.dearer_than_usd)
    if sample.slower_than_s is not None:
        yield _slow(sample.slower_than_s)
    if sample.tokens_above is not None:
        condition = _tokens(sample.tokens_above)
        yield Rule("tokens", (_ottl(condition),), condition)
    if sample.new_prompt_version:
        key = attr.SPANWISE_PROMPT_FIRST_SEEN
        policy = {"type": "boolean_attribute", "boolean_attribute": {"key": key, "value": True}}
        yield Rule("new_prompt_version", (policy,), f"{path.span(key)} == true")
    if sample.spans_above is not None:
        yield Rule("spans", ({"type": "span_count", "span_count": {"min_spans": sample.spans_above + 1}},))
    if sample.ratio > 0:
        percentage = float(Decimal(str(sample.ratio)) * 100)
        yield Rule("ratio", ({"type": "probabilistic", "probabilistic": {"sampling_percentage": percentage}},))


def _refused() -> str:
    reasons = path.span(attr.GEN_AI_RESPONSE_FINISH_REASONS)
    pattern = path.text(f"{values.GEN_AI_RESPONSE_FINISH_REASONS_CONTENT_FILTER}|refusal")
    return path.any_of(
        f"{path.span(attr.SPANWISE_RESPONSE_REFUSED)} == true",
        f"({reasons} != nil and IsMatch(String({reasons}), {pattern}))",
    )


def _low_score(below: float) -> Rule:
    limit = path.number(below)
    on_span, on_event = path.span(attr.GEN_AI_EVALUATION_SCORE_VALUE), path.event(attr.GEN_AI_EVALUATION_SCORE_VALUE)
    of_span = f"{on_span} != nil and {on_span} < {limit}"
    of_event = f"{on_event} != nil and {on_event} < {limit}"
    policy: Block = {
        "type": "ottl_condition",
        "ottl_condition": {"error_mode": "ignore", "span": [of_span], "spanevent": [of_event]},
    }
    return Rule("low_score", (policy,), of_span, of_event)


def _dear(limit_usd: Decimal) -> Rule:
    """Dear by the integer that our pipeline writes, and by the amount that others write."""
    micro_usd = int((limit_usd * _MICRO).to_integral_value(ROUND_FLOOR)) + 1
    by_integer: Block = {
        "type": "numeric_attribute",
        "numeric_attribute": {
            "key": attr.SPANWISE_COST_MICRO_USD,
            "min_value": micro_usd,
            "max_value": _MOST_INTEGER,
        },
    }
    integer = path.span(attr.SPANWISE_COST_MICRO_USD)
    amount, currency = path.span(attr.GEN_AI_USAGE_COST_AMOUNT), path.span(attr.GEN_AI_USAGE_COST_CURRENCY)
    in_dollars = f"({currency} == nil or {currency} == {path.text(_DOLLAR)})"
    by_amount = f"{amount} != nil and {amount} > {path.number(limit_usd)} and {in_dollars}"
    of_span = path.any_of(f"({integer} != nil and {integer} >= {micro_usd})", f"({by_amount})")
    return Rule("dear", (by_integer, _ottl(by_amount)), of_span)


def _slow(limit_s: float) -> Rule:
    nanoseconds = int(Decimal(str(limit_s)) * 1_000_000_000)
    policy: Block = {"type": "latency", "latency": {"threshold_ms": max(int(Decimal(str(limit_s)) * 1000), 1)}}
    return Rule("slow", (policy,), f"span.end_time_unix_nano - span.start_time_unix_nano > {nanoseconds}")


def _tokens(above: int) -> str:
    given, answered = path.span(attr.GEN_AI_USAGE_INPUT_TOKENS), path.span(attr.GEN_AI_USAGE_OUTPUT_TOKENS)
    return path.any_of(
        f"({given} != nil and {given} > {above})",
        f"({answered} != nil and {answered} > {above})",
        f"({given} != nil and {answered} != nil and {given} + {answered} > {above})",
    )


def _ottl(condition: str) -> Block:
    return {"type": "ottl_condition", "ottl_condition": {"error_mode": "ignore", "span": [condition]}}


def _duration(seconds: float) -> str:
    return f"{int(Decimal(str(seconds)) * 1000)}ms" if seconds != int(seconds) else f"{int(seconds)}s"
