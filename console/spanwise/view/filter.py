"""`Filter`: which calls a list shows, as SQL with parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from spanwise.semconv import values
from spanwise.store.views.call import FEATURE, MODEL, SESSION, UNPRICED
from spanwise.view.asked import Asked


KEYS: Final = {
    "model": MODEL,
    "provider": "provider",
    "user": "user_id",
    "session": SESSION,
    "tenant": "tenant",
    "prompt": "prompt_name",
    "version": "prompt_version",
    "service": "service",
    "error": "error_type",
    "feature": FEATURE,
}
"""What calls can be told apart by, and the SQL of its value."""

STATUSES: Final = {
    "any": "true",
    "ok": "error_type IS NULL",
    "error": "error_type IS NOT NULL",
    "refused": "refused",
    "unpriced": UNPRICED,
    "estimated": f"cost_status = '{values.SPANWISE_COST_STATUS_ESTIMATED}'",
    "redacted": "redaction_count > 0",
}
"""Words for how a call ended, and their SQL."""

_SEARCHED: Final = (
    "name",
    "request_model",
    "response_model",
    "provider",
    "service",
    "user_id",
    "session_id",
    "conversation_id",
    "prompt_name",
    "error_type",
    "attributes",
    "events",
)
_ID: Final = frozenset("0123456789abcdef")
_LEAST_ID: Final = 6


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition and its parameters."""

    sql: str
    parameters: tuple[object, ...]

    @classmethod
    def read(cls, asked: Asked) -> Filter:
        """The filter that a request asks for.

        Raises:
            Refusal: 400, a value is not accepted.
        """
        parts = [STATUSES[asked.choice("status", tuple(STATUSES), "any")]]
        parameters: list[object] = []
        if since := asked.since():
            parts.append("start >= ?")
            parameters.append(since)
        for name, expression in KEYS.items():
            if value := asked.text(name):
                parts.append(f"{expression} = ?")
                parameters.append(value)
        if wanted := asked.text("q"):
            sql, found = _search(wanted.lower())
            parts.append(sql)
            parameters += found
        return cls(" AND ".join(parts), tuple(parameters))


def _search(wanted: str) -> tuple[str, list[object]]:
    """Any column that holds `wanted`; letters of either case.

    Content is kept as JSON in JSON, where quotes and backslashes are written differently.
    """
    once = json.dumps(wanted, ensure_ascii=False)[1:-1]
    needles = dict.fromkeys((wanted, once, json.dumps(once, ensure_ascii=False)[1:-1]))
    parts = [f"contains(lower({column}), ?)" for column in _SEARCHED for _ in needles]
    parameters: list[object] = [needle for _ in _SEARCHED for needle in needles]
    if len(wanted) >= _LEAST_ID and not set(wanted) - _ID:
        parts += ["starts_with(trace_id, ?)", "starts_with(span_id, ?)"]
        parameters += [wanted, wanted]
    return f"({' OR '.join(parts)})", parameters
