"""The pipeline: fixed order, one error boundary, and its hosts.

Names are resolved at first use: importing this package imports neither the SDK nor a step.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from spanwise.pipeline.config import ConfigError, PipelineConfig
    from spanwise.pipeline.driver import Pipeline
    from spanwise.pipeline.exporter import SpanwiseExporter
    from spanwise.pipeline.host import PipelineHost

__all__ = ["ConfigError", "Pipeline", "PipelineConfig", "PipelineHost", "SpanwiseExporter"]

_HOMES = {
    "ConfigError": "config",
    "Pipeline": "driver",
    "PipelineConfig": "config",
    "PipelineHost": "host",
    "SpanwiseExporter": "exporter",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
