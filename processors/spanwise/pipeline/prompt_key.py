"""The key that fingerprints of prompts are made with in this process. Instrumentations ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from spanwise.redact.pseudonym_config import PseudonymConfig

_PERSON: Final = b"spanwise prompts"


class PromptKey:
    """No key until a policy has one for pseudonyms; then one derived from it, so that neither tells the other."""

    __slots__ = ("key",)

    def __init__(self) -> None:
        self.key = b""

    def follow(self, config: PseudonymConfig | None) -> None:
        """Derive the key from that of `config`; none without it."""
        if config is None:
            self.key = b""
            return
        from hashlib import blake2b  # a millisecond, which a process without a key need not pay

        self.key = blake2b(key=config.keys.key[:64], person=_PERSON).digest()


PROMPT_KEY: Final = PromptKey()
