"""`RedactConfig`: what to take out and how much to read."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Self

from spanwise.policy import Reader
from spanwise.redact.kinds import ALL


MAX_SPAN_BYTES = 64 * 1024 * 1024
"""Upper end of `max_span_bytes`: one span may not occupy a thread for longer than about a second."""


@dataclass(frozen=True, slots=True)
class RedactConfig:
    """Settings of the redactor.

    Attributes:
        kinds: Kinds to take out, see `spanwise.redact.kinds`.
        max_span_bytes: Bytes of text read per span; what is beyond is dropped, never passed on unread.
    """

    kinds: tuple[str, ...] = ALL
    max_span_bytes: int = 4 * 1024 * 1024

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The settings of a policy's section; complaints go to `reader`."""
        default = cls()
        kinds = reader.texts("kinds", default.kinds)
        for kind in kinds:
            if kind not in ALL:
                reader.complain("kinds", _unknown(kind).removeprefix("kinds: "))
        size = reader.integer("max_span_bytes", default.max_span_bytes, least=1024, most=MAX_SPAN_BYTES)
        reader.finish()
        return cls(tuple(kind for kind in kinds if kind in ALL), size)

    def validate(self) -> list[str]:
        """One sentence per mistake, naming the key, what was found and what is accepted; empty when all is well."""
        kinds: object = self.kinds
        if not isinstance(kinds, tuple | list):
            problems = [f"kinds: found {kinds!r}, accepted is a list of: {', '.join(ALL)}."]
        else:
            problems = [_unknown(kind) for kind in kinds if kind not in ALL]
        size: object = self.max_span_bytes
        if isinstance(size, bool) or not isinstance(size, int) or not 1024 <= size <= MAX_SPAN_BYTES:
            problems.append(
                f"max_span_bytes: found {size!r}, accepted is a whole number from 1024 to {MAX_SPAN_BYTES}."
            )
        return problems


def _unknown(kind: object) -> str:
    near = difflib.get_close_matches(str(kind), ALL, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"kinds: found {kind!r}, accepted are {', '.join(ALL)}.{hint}"
