"""`RedactOptions`: what `spanwise redact` was asked for, and the redactor that makes of it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.command import CommandError
from spanwise.policy import find_policy, read_policy


if TYPE_CHECKING:
    from spanwise.redact import RedactConfig, Redactor


WRONG_USE: Final = 2

_FILE_BYTES: Final = 64 * 1024 * 1024
_STRETCH_S: Final = 30.0
"""Seconds that one stretch of a file may take: nobody's request waits, and hostile text is to be read as well."""


@dataclass(frozen=True, slots=True)
class RedactOptions:
    """How files are read and what is told of them.

    Attributes:
        explain: Print where values are, instead of the text without them.
        show_values: Print the values, too; on a terminal only.
        check: Print where values are, a line each, and let the exit code say whether there are any.
        kinds, families: What is looked for; empty for what the policy takes out.
        policy: The policy file, instead of the one that environment and directory choose.
        as_json: Print JSON.
    """

    explain: bool = False
    show_values: bool = False
    check: bool = False
    kinds: Sequence[str] = ()
    families: Sequence[str] = ()
    policy: Path | None = None
    as_json: bool = False


def config_of(policy: Path | None) -> RedactConfig:
    """The settings of redaction in the policy at `policy`, or in the one that applies here, or the defaults.

    Raises:
        PolicyError: the policy has mistakes.
    """
    from spanwise.pipeline import PipelineConfig

    file = policy or find_policy(os.environ)
    return (PipelineConfig() if file is None else PipelineConfig.from_policy(read_policy(file))).redact


def redactor_of(options: RedactOptions) -> Redactor:
    """The redactor that `options` ask for, with bounds that suit files.

    Raises:
        CommandError: a kind or family does not exist.
        PolicyError: the policy has mistakes.
    """
    from spanwise.redact import Redactor

    config = config_of(options.policy)
    wanted = kinds_of(options.kinds, options.families)
    if wanted:
        config = replace(config, kinds=wanted)
    return Redactor(replace(config, max_span_bytes=_FILE_BYTES, max_span_s=_STRETCH_S))


def kinds_of(kinds: Sequence[str], families: Sequence[str]) -> tuple[str, ...]:
    """The kinds that `kinds` and `families` name, each item one name or several with commas between.

    Raises:
        CommandError: a name is not known; the message says which are near.
    """
    from spanwise.redact.kinds import every_kind
    from spanwise.redact.kinds import families as all_families

    known = all_families()
    every = every_kind()
    found = [_known(name, every, "kind", "spanwise redact --rules lists them") for name in _names(kinds)]
    for family in _names(families):
        found += known[_known(family, tuple(known), "family", f"accepted: {', '.join(known)}")]
    return tuple(dict.fromkeys(found))


def _names(items: Sequence[str]) -> list[str]:
    return [name for item in items for name in item.replace(",", " ").split()]


def _known(name: str, accepted: Sequence[str], what: str, advice: str) -> str:
    if name in accepted:
        return name
    near = difflib.get_close_matches(name, accepted, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise CommandError(f"{name[:80]} is not a {what} of value: {hint}{advice}", WRONG_USE)
