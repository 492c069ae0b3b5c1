"""Attributes and texts as OTTL writes them."""

from __future__ import annotations

from decimal import Decimal


def span(name: str) -> str:
    """The attribute `name` of a span."""
    return f"span.attributes[{text(name)}]"


def event(name: str) -> str:
    """The attribute `name` of an event of a span."""
    return f"spanevent.attributes[{text(name)}]"


def log(name: str) -> str:
    """The attribute `name` of a log record."""
    return f"log.attributes[{text(name)}]"


def text(value: str) -> str:
    """A text of OTTL. A Collector file expands `$`, so it is doubled."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{escaped}"'


def number(value: float | Decimal) -> str:
    """A number with a fraction: OTTL knows no exponent, and takes one without a dot for an integer."""
    digits = f"{Decimal(str(value)):f}"
    return digits if "." in digits else f"{digits}.0"


def any_of(*conditions: str) -> str:
    """A condition that holds when one of them does."""
    return " or ".join(conditions)
