"""The budgets of a pipeline: how its host has them kept, and calls refused."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from spanwise.semconv import environment


if TYPE_CHECKING:
    from spanwise.pipeline.driver import Pipeline
    from spanwise.pipeline.keeper import Keeper

_SALT: Final = secrets.token_bytes(16)


def keep_budgets(pipeline: Pipeline, environ: Mapping[str, str], *, collects: bool = False) -> Keeper | None:
    """Have the sums of `pipeline` kept, from now on; `None` when its policy has no budgets.

    Args:
        pipeline: the pipeline, which accounts for spans.
        environ: names the file, and the collector around a program.
        collects: whether this is the collector, which adds up what processes send.
    """
    if pipeline.budget is None or not pipeline.budget.ledger.budgets:
        return None
    from spanwise.budget.sums_file import SumsFile, sums_path
    from spanwise.pipeline.keeper import Keeper

    collector = "" if collects else environ.get(environment.SPANWISE_RUN_ENDPOINT, "")
    path = sums_path(environ)
    keeper = Keeper(pipeline.budget, None if path is None else SumsFile(path), collector)
    pipeline.budget.quiet = bool(collector)
    keeper.start()
    return keeper


def key_cleaner(clean: Callable[[Mapping[str, str]], Mapping[str, object]]) -> Callable[[str, str], str]:
    """What makes a value that may stand in a key, a file and a log of one that a call says.

    Redaction may make values equal, as two addresses that become `[EMAIL]`. They still have budgets of their own here,
    under names that mean nothing and end with the process; a pseudonym of the policy means the same everywhere.

    Args:
        clean: redacts attributes as those of a span.
    """

    def cleaned(name: str, value: str) -> str:
        found = clean({name: value}).get(name)
        if found == value or (isinstance(found, str) and "~" in found):
            return str(found)
        return f"[REDACTED~{blake2b(value.encode('utf-8', 'replace'), digest_size=8, key=_SALT).hexdigest()}]"

    return cleaned
