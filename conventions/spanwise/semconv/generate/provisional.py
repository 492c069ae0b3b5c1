"""The module of names that are in flight upstream."""

from __future__ import annotations

from spanwise.semconv.generate.python_source import constant, final, head, string, strings
from spanwise.semconv.generate.registry import Entry, Registry


_KINDS = ("attributes", "spans", "metrics", "events", "fields")


def module(registry: Registry) -> str:
    """Constants for what is proposed, each with the place of its discussion."""
    topics = registry.files["provisional"]["topics"]
    text = head("Names in flight upstream: they change or vanish. Import this module only where that is welcome.")
    text += "# ruff: noqa: S105 - a token budget is no password\n\n"
    text += "\n".join(_constants(topic) for topic in topics if any(kind in topic for kind in (*_KINDS, "values")))
    text += "\nPROPOSALS: Final[dict[str, str]] = {\n"
    for topic in topics:
        text += "".join(f"{string(name)}: {string(topic['where'])},\n" for name in _names(topic))
    text += '}\n"""Proposed name or value: the pull request, issue or branch that proposes it."""\n'
    spaces = [space for topic in topics for space in topic.get("namespaces", [])]
    text += f"\nNAMESPACES: Final[tuple[str, ...]] = {strings(spaces)}\n"
    return text + '"""Namespaces that proposals claim without names that could be listed."""\n'


def _constants(topic: Entry) -> str:
    brief = f"In flight, {topic['where']}: {topic['topic']}."
    named = [(constant(name), name) for kind in _KINDS for name in topic.get(kind, [])]
    named += [
        (f"{constant(name)}_{constant(value)}", value)
        for name, values in topic.get("values", {}).items()
        for value in values
    ]
    return "\n".join(final(symbol, string(text), brief) for symbol, text in named)


def _names(topic: Entry) -> list[str]:
    listed = [name for kind in _KINDS for name in topic.get(kind, [])]
    return listed + [value for values in topic.get("values", {}).values() for value in values]
