"""Content of a run as JSON: bounded, and of objects of the framework only what it is told to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import orjson
from opentelemetry.trace import Span

from spanwise.instrument.core.capture import Capture, capture
from spanwise.semconv import attributes as attr


Anything: TypeAlias = Any
"""What a framework gives to its callbacks: objects of any class."""

Simplify: TypeAlias = Callable[[Anything], Anything]
"""What makes JSON of an object of a framework's class; raises `TypeError` for others."""

MOST_CONTENT: Final = 64 * 1024
"""Characters of JSON that are kept of an input or output; what is longer is left out, and the span says so."""

_OPTIONS: Final = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS


def captures() -> bool:
    """Whether content goes to spans now."""
    return bool(capture() & Capture.SPAN)


def put(span: Span, name: str, value: Anything, simplify: Simplify | None = None) -> None:
    """Set the attribute `name` to `value`, text as it is and anything else as JSON. Ask `captures` first.

    What JSON cannot say is written as the name of its class.
    """
    text = value if isinstance(value, str) else json_text(value, simplify)
    if text is None or len(text) > MOST_CONTENT:
        reason = "no JSON" if text is None else f"longer than {MOST_CONTENT} characters"
        span.set_attribute(attr.SPANWISE_CONTENT_DROPPED, reason)
    else:
        span.set_attribute(name, text)


def json_text(value: Anything, simplify: Simplify | None = None) -> str | None:
    """`value` as JSON text; `None` where it is too deep, or its numbers too large."""

    def default(thing: Anything) -> Anything:
        if simplify is not None:
            try:
                return simplify(thing)
            except TypeError:
                pass
        if isinstance(thing, set | frozenset):
            return list(thing)
        return f"<{type(thing).__name__}>"

    try:
        return orjson.dumps(value, default=default, option=_OPTIONS).decode()
    except (TypeError, ValueError, RecursionError):
        return None
