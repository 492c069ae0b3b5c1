"""Instrumentation of the Model Context Protocol: `mcp`, 1.9 to 1.x. From 2.0 on that SDK makes the spans itself."""

from __future__ import annotations

from spanwise.instrument.core.instrumentor import SdkInstrumentor


class McpInstrumentor(SdkInstrumentor):
    """Spans for requests of clients and servers, one trace across both: the context goes along in `params._meta`."""

    requirement = "mcp >= 1.9"
    modules = (
        "mcp.shared.session",
        "mcp.client.session",
        "mcp.client.streamable_http",
        "mcp.server.session",
        "mcp.server.lowlevel.server",
    )
    tap = "spanwise.instrument.tap.mcp"
    scope = "spanwise.instrument.mcp"
