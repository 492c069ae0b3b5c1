"""`Outcome`: what became of a notice by one way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from spanwise.notify.notice import Notice


DELIVERED: Final = "delivered"
FAILED: Final = "failed"
DRY_RUN: Final = "dry_run"
SUPERSEDED: Final = "superseded"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one notice by one way of a receiver.

    Attributes:
        receiver: The name in the policy.
        way: `webhook`, `slack`, `pagerduty` or `email`.
        notice: What was to be told.
        status: `delivered`, `failed`, `dry_run`, or `superseded` when a newer notice about the same took its place.
        text: What the other side said, in one line; holds no secret.
        attempts: How often it was tried.
        document: In a dry run what would have been sent, with secrets replaced; `None` otherwise, and for a notice that
            is in the message of another one.
    """

    receiver: str
    way: str
    notice: Notice
    status: str
    text: str
    attempts: int
    document: Mapping[str, object] | None = None
