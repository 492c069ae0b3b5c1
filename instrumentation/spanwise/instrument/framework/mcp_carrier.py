"""The OpenTelemetry context in `params._meta` of a message: `traceparent`, `tracestate`, `baggage`."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import wrapt
from opentelemetry import propagate, trace
from opentelemetry.context import Context, get_current
from opentelemetry.trace import Link


Message: TypeAlias = Any
"""A request of the SDK, a pydantic model, and what it says as JSON."""

_LONGEST: Final = 8192
"""Characters of one entry, as W3C allows for baggage. A longer one is not read."""


class Carrying(wrapt.ObjectProxy):  # type: ignore[type-arg]  # wrapt 1 has no arguments
    """A request that says the current context as well when it is written. The application's own object stays as it is.

    Args:
        request: to be sent.
        carrier: what is added to `params._meta`. An entry that is there already stays.
    """

    def __init__(self, request: Message, carrier: dict[str, str]) -> None:
        super().__init__(request)
        self._self_carrier = carrier

    def model_dump(self, *args: Message, **kwargs: Message) -> Message:
        """As JSON, with the carrier."""
        data = self.__wrapped__.model_dump(*args, **kwargs)
        params = data.get("params")
        params = dict(params) if isinstance(params, dict) else {}
        meta = params.get("_meta")
        params["_meta"] = {**self._self_carrier, **(meta if isinstance(meta, dict) else {})}
        return {**data, "params": params}


def carrying(request: Message) -> Message:
    """The request with the current context, by the propagators that are configured; as it is where they say nothing."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return Carrying(request, carrier) if carrier else request


def carried(meta: Message) -> tuple[Context, list[Link]]:
    """The context that came with a message, and a link to the span that is current here, which is not its parent.

    Without a context that came along it is the current one. What came is not trusted: entries that are no text, or
    longer than W3C allows, are not read, and the propagators check the rest.

    Args:
        meta: the `_meta` of the request, a model or `None`.
    """
    here = get_current()
    found = getattr(meta, "model_extra", None) or {}
    carrier = {
        name: value
        for name in propagate.get_global_textmap().fields
        if isinstance(value := found.get(name), str) and len(value) <= _LONGEST
    }
    if not carrier:
        return here, []
    context = propagate.extract(carrier, context=here)
    beside = trace.get_current_span(here).get_span_context()
    above = trace.get_current_span(context).get_span_context()
    linked = beside.is_valid and beside.span_id != above.span_id
    return context, [Link(beside)] if linked else []
