"""Whether a logger provider redacts, told without importing the SDK."""

from __future__ import annotations

from typing import Final


MARK: Final = "_spanwise_redacts"
"""What `logs.install` leaves on the processor of a provider."""


def is_redacted(provider: object) -> bool:
    """Whether log records of `provider` are redacted, which takes time on the thread that emits them."""
    return hasattr(getattr(provider, "_multi_log_record_processor", None), MARK)
