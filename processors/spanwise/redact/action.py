"""What can be done with a value that was found."""

from __future__ import annotations

from typing import Final


MASK: Final = "mask"
PARTIAL: Final = "partial"
PSEUDONYM: Final = "pseudonym"
HASH: Final = "hash"
DROP: Final = "drop"
KEEP: Final = "keep"

HASHED: Final = "sha256"
"""Stands where the id of the key would, in a token that was made without one."""

ACTIONS: Final = (MASK, PARTIAL, PSEUDONYM, HASH, DROP, KEEP)
"""`mask` writes the kind, `partial` leaves a few characters, `pseudonym` writes a keyed token, `hash` an unkeyed one,
`drop` takes the whole text that holds the value, `keep` leaves it."""
