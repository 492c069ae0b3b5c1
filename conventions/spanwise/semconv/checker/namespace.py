"""Which names the registry governs, and what a name must look like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.definitions import ATTRIBUTES, TEMPLATES


GOVERNED: Final = ("gen_ai.", "mcp.", "openai.", "aws.bedrock.", "spanwise.")
"""The namespaces in which every name must be registered."""

GENAI: Final = GOVERNED[:-1]
"""Those that mark telemetry of GenAI. Our own does not: every span that the pipeline has seen carries some of it."""

_FORMAT: Final = re.compile(r"[a-z][a-z0-9]*(?:[._][a-z0-9]+)*\Z")


def governed(name: str) -> bool:
    """Whether `name` is in a namespace of the registry."""
    return name.startswith(GOVERNED)


def template(name: str) -> str | None:
    """The registered template that `name` is a key of; `None` when there is none."""
    return next((prefix for prefix in TEMPLATES if name.startswith(f"{prefix}.")), None)


def well_formed(name: str) -> bool:
    """Whether `name` follows OpenTelemetry's rules: lower case, digits, single dots and underscores."""
    return _FORMAT.match(name) is not None


def naming(name: str) -> Iterator[Note]:
    """What OpenTelemetry's naming rules say about an unregistered attribute."""
    if "." not in name:
        yield Note(Rule.MISSING_NAMESPACE, name, "the name has no namespace")
    if not well_formed(name):
        yield Note(Rule.INVALID_FORMAT, name, "not lower case, digits, single dots and underscores")
    above = [name[:place] for place, letter in enumerate(name[:_LONGEST]) if letter == "."]
    taken = next((one for one in above if one in ATTRIBUTES), None)
    if taken is not None:
        yield Note(Rule.ILLEGAL_NAMESPACE, name, f"{taken} is an attribute, so it cannot be a namespace")
    elif name in _NAMESPACES:
        yield Note(Rule.ILLEGAL_NAMESPACE, name, f"{name} is a namespace, so it cannot be an attribute")
    extended = next((one for one in reversed(above) if one in _NAMESPACES), None)
    if extended is not None:
        yield Note(Rule.EXTENDS_NAMESPACE, name, f"adds to the namespace {extended}")


_NAMESPACES: Final = frozenset(
    name[:place] for name in (*ATTRIBUTES, *TEMPLATES) for place, letter in enumerate(name) if letter == "."
)
_LONGEST: Final = 256  # no registered namespace is longer
