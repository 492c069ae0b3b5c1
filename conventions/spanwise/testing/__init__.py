"""Conformance to the GenAI conventions in a test suite.

With the pytest plugin it is one line:

    def test_my_agent(genai_spans):
        run_my_agent()
        genai_spans.assert_conforms()

Without pytest, `record_spans` does the same. Imports `spanwise.semconv` and the SDK when a name is asked for, so that
`spanwise.testing.plugin`, which every pytest run loads, costs nothing; pytest is imported by the plugin alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.testing.provider import NoTracerProvider, global_provider
    from spanwise.testing.recording import RecordedSpans
    from spanwise.testing.tap import record_spans


__all__ = ["NoTracerProvider", "RecordedSpans", "global_provider", "record_spans"]


if not TYPE_CHECKING:  # a checker that saw this would take any misspelt name for one of ours
    _HOMES = {
        "NoTracerProvider": "provider",
        "RecordedSpans": "recording",
        "global_provider": "provider",
        "record_spans": "tap",
    }

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
