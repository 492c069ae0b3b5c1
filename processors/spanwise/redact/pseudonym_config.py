"""`PseudonymConfig`: where the key of pseudonyms is, and whose they are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from spanwise.policy import Reader


if TYPE_CHECKING:
    from spanwise.redact.key_ring import KeyRing


@dataclass(frozen=True, slots=True)
class PseudonymConfig:
    """How pseudonyms are made.

    Attributes:
        keys: the current key and the ids of past ones.
        tenant: the tenant all values belong to; empty to take `spanwise.tenant` of each span.
    """

    keys: KeyRing
    tenant: str = ""

    @classmethod
    def read(cls, reader: Reader) -> Self | None:
        """The settings of a policy's section; `None`, and a complaint to `reader`, when there is no usable key."""
        file = reader.text("key_file", "", longest=4096)
        variable = reader.text("key_env", "", longest=256)
        tenant = reader.text("tenant", "", longest=256)
        reader.finish()
        if bool(file) == bool(variable):
            if not reader.problems or reader.problems[-1].path[: len(reader.path)] != reader.path:
                reader.complain(None, "accepted is one of key_file and key_env, which say where the key is.")
            return None
        from spanwise.redact.key_ring import KeyRing, KeyRingError

        try:
            if file:
                return cls(KeyRing.from_file(reader.directory / Path(file).expanduser()), tenant)
            return cls(KeyRing.from_environment(variable, os.environ), tenant)
        except KeyRingError as error:
            reader.complain("key_file" if file else "key_env", str(error))
            return None
