"""Metrics from finished spans, before any sampling."""

from spanwise.measure.config import MeasureConfig
from spanwise.measure.step import Measure


__all__ = ["Measure", "MeasureConfig"]
