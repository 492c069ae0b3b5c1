"""`Refusal`: something of a policy that a Collector cannot do, and `Carried`: what it can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


Processors: TypeAlias = Mapping[str, Mapping[str, Any]]
"""Processors of a Collector's configuration, by name: the YAML border of this package."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that stays with the process.

    Attributes:
        what: Its name: a rule, a model, an entry of the policy.
        why: One sentence.
        effect: What the Collector does instead.
    """

    what: str
    why: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was compiled.

    Attributes:
        processors: In the order in which they belong into a pipeline.
        names: What they carry.
        refused: What they do not.
    """

    processors: Processors
    names: tuple[str, ...]
    refused: tuple[Refusal, ...]
