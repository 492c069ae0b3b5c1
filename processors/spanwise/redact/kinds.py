"""The kinds of values that are taken out, and the label that stands in for each."""

from __future__ import annotations

from typing import Final


PERSONAL: Final[tuple[str, ...]] = ("email", "phone", "card", "iban", "ssn", "ipv4", "ipv6")
"""What may identify a person."""

SECRETS: Final[tuple[str, ...]] = (
    "openai_key", "anthropic_key", "aws_key", "github_token", "slack_token", "google_key", "jwt", "private_key",
    "url_credentials", "url_secret",
)  # fmt: skip
"""What opens a door: `url_credentials` is `user:password@`, `url_secret` a query parameter named like a key."""

ALL: Final[tuple[str, ...]] = PERSONAL + SECRETS
"""Every kind, in the order of the documentation."""

DROPPED: Final = "[DROPPED]"
"""Stands in for content that was not read because a bound was reached."""


def label(kind: str) -> str:
    """The text that replaces a value of `kind`: `[EMAIL]`. No label is ever a candidate itself."""
    return f"[{kind.upper()}]"


LABELS: Final[frozenset[bytes]] = frozenset(label(kind).encode() for kind in ALL)
"""All labels, as they stand in encoded text."""
