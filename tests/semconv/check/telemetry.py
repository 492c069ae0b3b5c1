"""Telemetry for the checker's tests, as OTLP/JSON."""

from __future__ import annotations

from typing import Any, TypeAlias

from spanwise.semconv.checker import Report, check


Json: TypeAlias = Any
"""A JSON document."""

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
WHERE = f"{TRACE}/{SPAN}"

CHAT = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "groq",
    "gen_ai.request.model": "llama-4",
    "server.address": "api.groq.com",
    "server.port": 443,
    "gen_ai.response.id": "r-1",
    "gen_ai.response.model": "llama-4",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 12,
    "gen_ai.usage.output_tokens": 3,
}
"""A call of a model as the conventions want it."""

TOOL = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "search",
    "gen_ai.tool.type": "function",
    "gen_ai.tool.call.id": "c-1",
}

MCP = {
    "mcp.method.name": "tools/call",
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "search",
    "jsonrpc.request.id": "1",
    "mcp.protocol.version": "2025-06-18",
    "network.transport": "pipe",
}


def value(item: object) -> Json:
    """`item` as the JSON form of an `AnyValue`."""
    if isinstance(item, bool):
        return {"boolValue": item}
    if isinstance(item, int):
        return {"intValue": str(item)}
    if isinstance(item, float):
        return {"doubleValue": item}
    if isinstance(item, str):
        return {"stringValue": item}
    if isinstance(item, dict):
        return {"kvlistValue": {"values": pairs(item)}}
    if isinstance(item, list | tuple):
        return {"arrayValue": {"values": [value(one) for one in item]}}
    return {}


def pairs(attributes: Json) -> Json:
    """`attributes` as a list of `KeyValue`."""
    return [{"key": key, "value": value(item)} for key, item in attributes.items()]


def span(
    attributes: Json, *, name: str = "chat llama-4", kind: object = 3, status: object = None, events: Json = ()
) -> Json:
    """One span in OTLP/JSON; the kind is client unless another is given."""
    return {
        "traceId": TRACE,
        "spanId": SPAN,
        "name": name,
        "kind": kind,
        "attributes": pairs(attributes),
        "status": {} if status is None else {"code": status},
        "events": list(events),
    }


def spans(*items: Json, resource: Json = None) -> Json:
    """A document with these spans."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": pairs(resource or {"service.name": "shop"})},
                "scopeSpans": [{"scope": {"name": "t"}, "spans": list(items)}],
            }
        ]
    }


def metrics(*items: Json) -> Json:
    """A document with these metrics."""
    return {"resourceMetrics": [{"scopeMetrics": [{"metrics": list(items)}]}]}


def logs(*items: Json) -> Json:
    """A document with these log records."""
    return {"resourceLogs": [{"scopeLogs": [{"logRecords": list(items)}]}]}


def changed(base: Json, **updates: object) -> Json:
    """`base` with `updates`, dots written as two underscores; `None` takes an attribute away."""
    merged = {**base, **{name.replace("__", "."): item for name, item in updates.items()}}
    return {name: item for name, item in merged.items() if item is not None}


def violations(report: Report) -> list[tuple[str, str | None]]:
    """Id and attribute of each violation."""
    return [(one.id, one.attribute) for one in report.findings if one.severity == "violation"]


def found(report: Report) -> set[tuple[str, str | None]]:
    """Id and attribute of each finding."""
    return {(one.id, one.attribute) for one in report.findings}


def of_span(attributes: Json, **how: Any) -> Report:
    """The report about one span."""
    return check(spans(span(attributes, **how)))
