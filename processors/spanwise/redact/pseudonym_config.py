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
        """The settings of a policy's section; `None`, and a complaint to `reader`, when there is no usable key.

        The key of a policy for another machine is not looked for; the answer is `None` then too.
        """
        file = reader.text("key_file", "", longest=4096, about="The file that holds the key; relative to the policy.")
        variable = reader.text("key_env", "", longest=256, about="The environment variable that holds the key.")
        tenant = reader.text(
            "tenant", "", longest=256, about="The tenant all values belong to; without it, each span's own."
        )
        which = "accepted is one of key_file and key_env, which say where the key is."
        reader.count_of(("key_file", "key_env"), least=1, most=1, message=which)
        reader.finish()
        if not reader.is_sound or not reader.here:
            return None
        from spanwise.redact.key_ring import KeyRing, KeyRingError

        try:
            if file:
                return cls(KeyRing.from_file(reader.directory / Path(file).expanduser()), tenant)
            return cls(KeyRing.from_environment(variable, os.environ), tenant)
        except KeyRingError as error:
            reader.complain("key_file" if file else "key_env", str(error))
            return None
