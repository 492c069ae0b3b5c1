"""Prompts and answers: which attributes hold them, and how they are kept out of stores that are not for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from spanwise.deploy.collector import path
from spanwise.deploy.collector.configuration import Block, Configuration
from spanwise.deploy.collector.release import Component
from spanwise.semconv import attributes as attr
from spanwise.semconv import flavour
from spanwise.semconv.definitions import ATTRIBUTES, TEMPLATES


if TYPE_CHECKING:
    from spanwise.normalise.table import Table
    from spanwise.plan import Plan


_PREFIX: Final = "gen_ai."
_NOT_KEPT: Final = "no store for content"
_NOT_REDACTED: Final = "not redacted by a pipeline of Spanwise"
_EVENT_NAME: Final = "event.name"  # where senders of old put the name of an event
_MOST_PATTERN: Final = 900  # characters; Go reads a key once up to 1,000 instructions
_TOLD: Final = (
    attr.GEN_AI_INPUT_MESSAGES,
    attr.GEN_AI_OUTPUT_MESSAGES,
    attr.GEN_AI_SYSTEM_INSTRUCTIONS,
    attr.GEN_AI_TOOL_CALL_ARGUMENTS,
    attr.GEN_AI_TOOL_CALL_RESULT,
)
"""What a reader of a span misses: when one of these is taken out, the span says so."""
_MESSAGES: Final = (
    *flavour.MESSAGE_EVENTS.values(),
    flavour.CHOICE_EVENT,
    flavour.PROMPT_EVENT[0],
    flavour.COMPLETION_EVENT[0],
)

_WHY_ALL: Final = (
    "Prompts, answers, instructions, arguments and results of tools do not go where traces go. The names are the "
    "convention's; patterns name those of other dialects. A batch that cannot be cleaned is refused."
)
_WHY_UNREDACTED: Final = (
    "Content that no pipeline of Spanwise has redacted is taken out: its spans lack the marker. Spans of other sources "
    "keep theirs when they come through the Spanwise collector."
)


def is_on_traces(plan: Plan) -> bool:
    """Whether the stores of traces may hold content: the policy has it on spans, and no other store for it."""
    return plan.content.mode in {"span", "both"} and plan.sinks.content is None


def is_wanted(plan: Plan) -> bool:
    """Whether content may pass the first hop at all."""
    return plan.content.is_captured and (plan.sinks.content is not None or is_on_traces(plan))


@cache
def names() -> tuple[str, ...]:
    """The convention's attributes that hold content."""
    return tuple(
        name
        for name, attribute in ATTRIBUTES.items()
        if attribute.sensitivity == "content" and name.startswith(_PREFIX) and name not in TEMPLATES
    )


@cache
def foreign_names() -> tuple[str, ...]:
    """The keys that other suites write content to."""
    found = {source for table in _tables() for source in table.content_sources}
    return tuple(sorted(found.difference(names())))


@cache
def foreign_patterns() -> tuple[str, ...]:
    """RE2 patterns of the keys that hold content in dialects: names, and those with a number or a variable in them.

    Go reads a key once where a pattern is anchored at both ends, its choices do not overlap and it is short. Measured:
    one pattern of everything took 12 us a span, a deletion for each name 25, these take 4.
    """
    numbered = sorted({rule.indexed for table in _tables() for rule in table.content if rule.indexed})
    varying = [*(rf"{re.escape(prefix)}\.[0-9]" for prefix in numbered), *(rf"{re.escape(p)}\.." for p in TEMPLATES)]
    return (*(f"^(?:{'|'.join(part)})$" for part in _parts(foreign_names())), rf"^(?:{'|'.join(varying)}).*$")


def _parts(found: Sequence[str]) -> list[list[str]]:
    """`found` in parts that are short enough, and escaped."""
    parts: list[list[str]] = [[]]
    for name in map(re.escape, found):
        if len("|".join((*parts[-1], name))) > _MOST_PATTERN:
            parts.append([])
        parts[-1].append(name)
    return parts


@cache
def _tables() -> tuple[Table, ...]:
    from spanwise.normalise.dialects import Dialects

    dialects = Dialects()
    return tuple(dialects.table(name) for name in sorted(set(dialects.markers.values())))


def drop_all(configuration: Configuration) -> str:
    """The id of the processor that takes all content out of spans."""
    groups: list[Block] = [
        {"statements": [_note(_NOT_KEPT), *_deletions("span")]},
        {"statements": _events()},
    ]
    settings: Block = {"error_mode": "propagate", "trace_statements": groups}
    return configuration.add(Component.TRANSFORM, "drop_content", settings, _WHY_ALL)


def drop_unredacted(configuration: Configuration) -> str:
    """The id of the processor that takes content out of spans that no pipeline of ours has been through."""
    foreign = f"{path.span(attr.SPANWISE_PROCESSED)} == nil"
    settings: Block = {
        "error_mode": "propagate",
        "trace_statements": [
            {"conditions": [foreign], "statements": [_note(_NOT_REDACTED), *_deletions("span")]},
            {"conditions": [foreign], "statements": _events()},
        ],
    }
    return configuration.add(Component.TRANSFORM, "drop_unredacted_content", settings, _WHY_UNREDACTED)


def drop_from_logs(configuration: Configuration) -> str:
    """The id of the processor that takes all content out of log records."""
    old = path.any_of(
        f"IsMatch(log.event_name, {path.text(_messages())})",
        f"IsMatch(String({path.log(_EVENT_NAME)}), {path.text(_messages())})",
    )
    statements = [*_deletions("log"), f'set(log.body, "") where {old}']
    return configuration.add(
        Component.TRANSFORM,
        "drop_log_content",
        {"error_mode": "propagate", "log_statements": [{"statements": statements}]},
        "The convention's events of content lose it; those of versions before 1.37 lose their body.",
    )


def _note(why: str) -> str:
    dropped = path.span(attr.SPANWISE_CONTENT_DROPPED)
    present = path.any_of(*(f"{path.span(name)} != nil" for name in _TOLD))
    return f"set({dropped}, {path.text(why)}) where {dropped} == nil and ({present})"


def _deletions(context: str) -> list[str]:
    target = f"{context}.attributes"
    deletions = [f"delete_key({target}, {path.text(name)})" for name in names()]
    patterns = (path.text(pattern) for pattern in foreign_patterns())
    return [*deletions, *(f"delete_matching_keys({target}, {pattern})" for pattern in patterns)]


def _events() -> list[str]:
    """What empties events of a span that hold messages, as conventions before 1.37 wrote them."""
    emptied = f"keep_keys(spanevent.attributes, []) where IsMatch(spanevent.name, {path.text(_messages())})"
    return [emptied, *_deletions("spanevent")]


def _messages() -> str:
    return f"^(?:{'|'.join(map(re.escape, _MESSAGES))})$"
