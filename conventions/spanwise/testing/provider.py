"""The tracer provider that a test's spans go through."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider


class NoTracerProvider(RuntimeError):  # noqa: N818 - it names what is missing
    """The global tracer provider is not the SDK's, so that its spans cannot be recorded."""


def global_provider() -> TracerProvider:
    """The global tracer provider; where none is set, a new one of the SDK becomes it and stays for the process.

    Raises:
        NoTracerProvider: another kind of provider is set.
    """
    found = trace.get_tracer_provider()
    if isinstance(found, trace.ProxyTracerProvider):
        trace.set_tracer_provider(TracerProvider())
        found = trace.get_tracer_provider()
    if not isinstance(found, TracerProvider):
        raise NoTracerProvider(f"the global tracer provider is a {type(found).__name__}, not one of the SDK")
    return found
