"""Tokens in place of values: keyed ones, which only the holder of the key can make, and plain hashes."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from spanwise.redact.action import HASHED
from spanwise.redact.canonical import canonical
from spanwise.redact.key_ring import KeyRing
from spanwise.redact.stand_in import token


_PURPOSE: Final = b"spanwise.redact 1\0"
"""Keeps these hashes apart from others that are made with the same key."""


def pseudonym(ring: KeyRing, kind: str, value: str, *, tenant: str = "") -> str:
    """The token of `value`: HMAC-SHA-256 over tenant, kind and canonical spelling, with the current key of `ring`.

    The same person has the same token within a tenant for as long as the key is current. Tokens of two tenants, kinds
    or keys have nothing to do with each other. About 5 us; nothing is remembered.
    """
    digest = hmac.digest(ring.key, _message(tenant, kind, value), "sha256")
    return token(kind, ring.key_id, digest)


def hashed(kind: str, value: str) -> str:
    """The token of `value` made with SHA-256 alone: the same everywhere, and found by whoever tries all values."""
    return token(kind, HASHED, hashlib.sha256(_message("", kind, value)).digest())


def _message(tenant: str, kind: str, value: str) -> bytes:
    # Lengths before the parts: no two triples make the same bytes.
    owner = tenant.encode("utf-8", "surrogatepass")
    text = canonical(kind, value).encode("utf-8", "surrogatepass")
    return b"%b%d:%b%d:%b%b" % (_PURPOSE, len(owner), owner, len(kind), kind.encode(), text)
