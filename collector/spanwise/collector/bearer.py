"""`Bearer`: who shows one of some tokens."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final


_LONGEST_HEADER: Final = 1024
_SCHEME: Final = "bearer "


class Bearer:
    """Compares what a request shows with the tokens that open something. Only their digests are kept.

    Args:
        tokens: the tokens, at least one.

    Raises:
        ValueError: there is none, or an empty one.
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        if not tokens or not all(tokens):
            raise ValueError("there must be a token, and none may be empty")
        self._digests = tuple(hashlib.sha256(token.encode()).digest() for token in tokens)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self._digests)} tokens)"

    def admits(self, headers: Sequence[str]) -> bool:
        """Whether `headers`, all values of `Authorization`, are one with a token.

        Every token is compared, in constant time, whatever the one before was: time says nothing of them.
        """
        if len(headers) != 1 or len(headers[0]) > _LONGEST_HEADER:
            return False
        scheme, shown = headers[0][: len(_SCHEME)].lower(), headers[0][len(_SCHEME) :].strip()
        digest = hashlib.sha256(shown.encode("utf-8", "replace")).digest()
        matches = [hmac.compare_digest(digest, each) for each in self._digests]
        return scheme == _SCHEME and any(matches)
