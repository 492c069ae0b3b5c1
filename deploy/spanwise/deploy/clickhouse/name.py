"""Names of tables, and the texts of SQL with names of attributes put in."""

from __future__ import annotations

from functools import cache
from string import Template
from typing import TYPE_CHECKING, Final

from spanwise.semconv import attributes, events, values
from spanwise.semconv.definitions import ATTRIBUTES, TEMPLATES


if TYPE_CHECKING:
    from spanwise.plan import Plan


INBOX: Final = "otel_traces_inbox"
"""What the Collector writes spans to (`traces_table_name`). It keeps nothing: views divide each row."""

TRACES: Final = "otel_traces"
"""Spans without content."""

CONTENT: Final = "otel_content"
"""What the convention calls content, by trace and span id."""

EVENTS: Final = "otel_logs"
"""Log records, which is how the convention sends content as events (`logs_table_name`)."""

DATABASE: Final = "otel"
"""Where the tables are when the policy names no database."""

_CALLS: Final = (
    values.GEN_AI_OPERATION_NAME_CHAT,
    values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
    values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
    values.GEN_AI_OPERATION_NAME_EMBEDDINGS,
)


def database(plan: Plan) -> str:
    """The database of the policy's content sink, or `otel`."""
    sink = plan.sinks.content
    return DATABASE if sink is None else sink.database


def filled(template: str, plan: Plan) -> str:
    """`template` with `$NAME` replaced: names of attributes, values and events as SQL texts, tables, days.

    Raises:
        KeyError: a name is unknown.
    """
    names = {
        **_names(),
        "database": database(plan),
        "inbox": INBOX,
        "traces": TRACES,
        "content": CONTENT,
        "events": EVENTS,
        "content_days": str(plan.retention.content_days),
        "traces_days": str(plan.retention.traces_days),
    }
    return Template(template).substitute(names)


@cache
def _names() -> dict[str, str]:
    """What is the same for every plan."""
    found = {
        name: text(value)
        for module in (attributes, values, events)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str)
    }
    content = [text(name) for name, attribute in ATTRIBUTES.items() if attribute.sensitivity == "content"]
    found["content_keys"] = "".join(f"\n    {name}," for name in content).rstrip(",") + "\n"
    prefixes = "".join(f" OR startsWith(k, {text(f'{prefix}.')})" for prefix in TEMPLATES)
    found["is_content"] = f"has(content_keys, k){prefixes}"
    found["since"] = "Timestamp >= now() - toIntervalDay({days:UInt32})"
    found["money"] = (
        "countIf(CostUSD IS NULL) AS unpriced,\n"
        f"    countIf(SpanAttributes[{found['SPANWISE_COST_STATUS']}] = {found['SPANWISE_COST_STATUS_ESTIMATED']})"
        " AS estimated,\n    sum(CostUSD) AS cost_usd"
    )
    found["calls"] = ", ".join(map(text, _CALLS))
    return found


def text(value: str) -> str:
    """`value` as an SQL text."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
