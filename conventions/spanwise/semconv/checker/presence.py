"""Attributes that a sample should have and has not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from spanwise.semconv.checker.condition import Facts, applies
from spanwise.semconv.checker.rule import Note, Rule
from spanwise.semconv.definitions import TEMPLATES
from spanwise.semconv.descriptor import Level, Use


_RULES: Final = {
    Level.REQUIRED: Rule.REQUIRED_ATTRIBUTE_NOT_PRESENT,
    Level.CONDITIONALLY_REQUIRED: Rule.CONDITIONALLY_REQUIRED_ATTRIBUTE_NOT_PRESENT,
    Level.RECOMMENDED: Rule.RECOMMENDED_ATTRIBUTE_NOT_PRESENT,
    Level.OPT_IN: Rule.OPT_IN_ATTRIBUTE_NOT_PRESENT,
}


def missing(uses: Iterable[Use], facts: Facts) -> Iterator[Note]:
    """A note for each of `uses` that `facts` lacks, except where its condition is known not to hold."""
    for use in uses:
        if _present(use.attribute, facts):
            continue
        wanted = applies(use, facts)
        if wanted is not False:
            yield Note(_RULES[use.level], use.attribute, _sentence(use, certain=wanted is True), wanted is True)


def unexpectedly_missing(uses: Iterable[Use], facts: Facts) -> Iterator[Note]:
    """A note for each attribute that upstream's conformance suite demands of a whole, successful call."""
    if facts.unfinished:
        return
    for use in uses:
        if use.expected and not _present(use.attribute, facts) and applies(use, facts) is True:
            yield Note(Rule.GENAI_EXPECTED_ATTRIBUTE_MISSING, use.attribute, "expected of every successful call")


def _present(name: str, facts: Facts) -> bool:
    if name in TEMPLATES:
        prefix = f"{name}."
        return any(key.startswith(prefix) for key in facts.attributes)
    return facts.has(name)


def _sentence(use: Use, *, certain: bool) -> str:
    level = "required" if use.level is Level.CONDITIONALLY_REQUIRED else use.level.value.replace("_", "-")
    if not use.condition:
        return f"{level}, and absent"
    return f"{level} {'because' if certain else 'when'} {use.condition}, and absent"
