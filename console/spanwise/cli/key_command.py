"""`spanwise redact --new-key`: a key for pseudonyms."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from spanwise.cli.command import CommandError
from spanwise.cli.output import say
from spanwise.cli.redact_options import WRONG_USE


def show_new_key(files: Sequence[str]) -> int:
    """Print a line for the top of the key file, under an id that is not in the key file named, if any; 0.

    Raises:
        CommandError: more than one file was named, or the file is no key file.
    """
    from spanwise.redact.key_ring import KeyRing, KeyRingError, new_line

    if len(files) > 1:
        raise CommandError("--new-key takes one key file at most", WRONG_USE)
    taken: tuple[str, ...] = ()
    if files:
        try:
            ring = KeyRing.from_file(Path(files[0]))
        except KeyRingError as error:
            raise CommandError(f"{files[0]}: {error}", WRONG_USE) from None
        taken = (ring.key_id, *ring.past)
    sys.stdout.write(f"{new_line(taken)}\n")
    say("put this line at the top of the key file, which only you may read (chmod 400); nothing keeps a copy")
    return 0
