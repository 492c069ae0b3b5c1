"""Sampling: which whole traces are kept, and what a process marks for that."""

from spanwise.sample.config import SampleConfig
from spanwise.sample.novelty import Novelty


__all__ = ["Novelty", "SampleConfig"]
