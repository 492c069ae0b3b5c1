"""Who and what a call is for, from one process to the next: what may be sent, to whom, and what is accepted."""

from spanwise.baggage.config import BaggageConfig
from spanwise.baggage.header import MOST_BYTES, MOST_VALUE_BYTES, read_header, write_header


__all__ = ["MOST_BYTES", "MOST_VALUE_BYTES", "BaggageConfig", "read_header", "write_header"]
