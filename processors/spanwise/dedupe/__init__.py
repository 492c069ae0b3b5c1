"""One model call counts once, however many suites saw it."""

from spanwise.dedupe.config import DedupeConfig
from spanwise.dedupe.step import Dedupe


__all__ = ["Dedupe", "DedupeConfig"]
