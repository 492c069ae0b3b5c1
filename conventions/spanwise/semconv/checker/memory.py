"""From spans in memory to samples.

Told by their shape, not their class: the SDK's `ReadableSpan` and `spanwise.record.SpanRecord` both fit, and neither
needs to be imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from spanwise.semconv.checker.sample import Attributes, EventSample, SpanSample


def span_sample(span: object) -> SpanSample:
    """`span` as a sample. Its attributes are shared, not copied.

    Raises:
        TypeError: `span` has not the name, kind, status and attributes of a span.
    """
    name, kind, status = (getattr(span, field, None) for field in ("name", "kind", "status"))
    code = getattr(status, "status_code", status)
    if not isinstance(name, str) or not hasattr(kind, "name") or not hasattr(code, "name"):
        raise TypeError(f"expected a finished span, not {type(span).__name__}")
    where = _where(span)
    return SpanSample(
        name=name,
        kind=str(getattr(kind, "name", "")).lower(),
        status=str(getattr(code, "name", "")).lower(),
        attributes=_attributes(span),
        events=tuple(
            [
                EventSample(str(getattr(event, "name", "")), _attributes(event), where, structured=False)
                for event in getattr(span, "events", None) or ()
            ]
        ),
        where=where,
        resource=_attributes(getattr(span, "resource", None)),
    )


def _attributes(holder: object) -> Attributes:
    found = getattr(holder, "attributes", None)
    return cast("Attributes", found) if isinstance(found, Mapping) else {}


def _where(span: object) -> str:
    ids = getattr(span, "context", None) or span
    trace, own = getattr(ids, "trace_id", 0), getattr(ids, "span_id", 0)
    return f"{trace:032x}/{own:016x}" if isinstance(trace, int) and isinstance(own, int) and trace and own else ""
