"""`catalogue`: every rule that ships with this distribution."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

import orjson

from spanwise.redact.finder import finder
from spanwise.redact.matcher import Matcher
from spanwise.redact.rule import FREE, RawRule, Rule, Validate


_FILE: Final = Path(__file__).with_name("rules.json")


@functools.cache
def entries() -> tuple[RawRule, ...]:
    """All rules as data, in the order in which they are asked: id, kind, family, brief, source, and how they match."""
    return tuple(orjson.loads(_FILE.read_bytes())["rules"])


@functools.cache
def catalogue() -> tuple[Rule, ...]:
    """All rules, compiled; made once."""
    return tuple(rule_of(raw) for raw in entries())


def rule_of(raw: RawRule) -> Rule:
    """The rule that one entry of `rules.json` describes.

    Raises:
        KeyError, AttributeError: it names a validator or finder that does not exist.
    """
    gate: str = raw["gate"]
    pattern: str | None = raw.get("pattern")
    unless: str | None = raw.get("unless")
    return Rule(
        id=raw["id"],
        kind=raw["kind"],
        family=raw["family"],
        gate=gate.encode(),
        places=tuple((head.encode(), tail.encode()) for head, tail in raw["places"]),
        ignore_case=raw.get("ignore_case", False),
        free_before=raw.get("before", FREE) == FREE,
        free_behind=raw.get("behind", FREE) == FREE,
        pattern=None if pattern is None else Matcher(pattern.encode()),
        value_group=raw.get("value", 0),
        find=finder(raw["finder"]) if "finder" in raw else None,
        entropy_bits=float(raw.get("entropy", 0)),
        validate=_validator(raw["validator"]) if "validator" in raw else None,
        unless=None if unless is None else Matcher(unless.encode()),
        across=raw.get("across", False),
        keys=raw.get("keys", ""),
    )


def _validator(name: str) -> Validate:
    from spanwise.redact.validator import VALIDATORS

    return VALIDATORS[name]
