"""`JaegerApi`: what the tests ask a Jaeger."""

from __future__ import annotations

import base64
import json
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from tests.stack.http import get, send


Value: TypeAlias = Any
"""The value of an attribute, as OTLP JSON has it, without its type."""

MOST_TRACES = 1000


@dataclass(frozen=True, slots=True)
class StoredSpan:
    """One span that Jaeger gave back."""

    trace_id: str
    span_id: str
    name: str
    attributes: Mapping[str, Value]
    resource: Mapping[str, Value]
    raw: Mapping[str, Value]
    """All of it, as OTLP JSON."""


@dataclass(frozen=True, slots=True)
class JaegerApi:
    """A client of the HTTP API at `url`, which has no slash at its end."""

    url: str

    def services(self) -> set[str]:
        """The names of the services that sent spans."""
        return set(get(f"{self.url}/api/v3/services")["services"])

    def trace(self, trace_id: str) -> list[StoredSpan]:
        """All spans of a trace; none when there is no such trace."""
        status, body = send(f"{self.url}/api/v3/traces/{trace_id}")
        if status == 404:
            return []
        assert status == 200, (status, body[:500])
        return list(_spans(json.loads(body)))

    def spans(self, service: str) -> list[StoredSpan]:
        """All spans of the newest thousand traces of a service."""
        now = datetime.now(UTC)
        query = {
            "query.service_name": service,
            "query.start_time_min": (now - timedelta(hours=1)).isoformat(),
            "query.start_time_max": (now + timedelta(hours=1)).isoformat(),
            "query.num_traces": str(MOST_TRACES),
        }
        status, body = send(f"{self.url}/api/v3/traces?{urllib.parse.urlencode(query)}")
        if status == 404:
            return []
        assert status == 200, (status, body[:500])
        # One JSON document a line where the answer is streamed.
        return [span for document in body.splitlines() if document.strip() for span in _spans(json.loads(document))]

    def trace_ids(self, service: str, tags: Mapping[str, str] | None = None) -> set[str]:
        """Traces of a service, those alone that have all `tags` on one span where some are given.

        It asks the legacy `/api/traces`, which Jaeger 2.20 no longer has: in 2.13, the version that can be built from
        its module, `/api/v3/traces` ignores `query.attributes` without a word, so that an assertion on it would hold
        for any attribute. Values are texts, also those of numbers.
        """
        query = {"service": service, "limit": str(MOST_TRACES), "lookback": "2d"}
        if tags:
            query["tags"] = json.dumps(dict(tags))
        found = get(f"{self.url}/api/traces?{urllib.parse.urlencode(query)}")["data"]
        return {trace["traceID"].zfill(32) for trace in found}


def _spans(answer: Mapping[str, Any]) -> Iterator[StoredSpan]:
    for group in answer["result"]["resourceSpans"]:
        resource = _attributes(group.get("resource", {}))
        for scope in group["scopeSpans"]:
            for span in scope["spans"]:
                yield StoredSpan(
                    _identity(span["traceId"], 32),
                    _identity(span["spanId"], 16),
                    span["name"],
                    _attributes(span),
                    resource,
                    span,
                )


def _identity(text: str, digits: int) -> str:
    """An id in hex; generic JSON encoders of protobuf write it in base64."""
    return text if len(text) == digits else base64.b64decode(text).hex()


def _attributes(owner: Mapping[str, Any]) -> dict[str, Value]:
    return {item["key"]: _value(item["value"]) for item in owner.get("attributes", ())}


def _value(value: Mapping[str, Any]) -> Value:
    if "arrayValue" in value:
        return [_value(item) for item in value["arrayValue"].get("values", ())]
    if "kvlistValue" in value:
        return {item["key"]: _value(item["value"]) for item in value["kvlistValue"].get("values", ())}
    if "intValue" in value:
        return int(value["intValue"])
    return next(iter(value.values()), None)
