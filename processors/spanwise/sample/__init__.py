"""Sampling: which whole traces are kept."""

from spanwise.sample.config import SampleConfig


__all__ = ["SampleConfig"]
