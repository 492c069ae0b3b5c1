"""Size limits: a span that is small enough to send, and whose JSON is still JSON."""

from spanwise.cap.config import CapConfig
from spanwise.cap.step import Cap


__all__ = ["Cap", "CapConfig"]
