"""The rules as data: what is committed is what the sources say, and every example holds."""

from __future__ import annotations

from collections import Counter

import pytest

from spanwise.redact import compile as source
from spanwise.redact.budget import Budget
from spanwise.redact.catalogue import catalogue, entries
from spanwise.redact.scanner import Scanner


def test_rules_are_generated() -> None:
    """`rules.json` is what `make generate` writes."""
    assert source.OUTPUT.read_text("utf-8") == source.render()


def test_every_example_holds() -> None:
    """Each rule takes out exactly what its own examples mark, and nothing that is not marked in anybody's."""
    assert list(source.failures()) == []


def test_families_are_complete() -> None:
    """Every family has rules, and there are at least 150 kinds of secrets."""
    kinds = Counter(family for family, _ in {(entry["family"], entry["kind"]) for entry in entries()})
    assert set(kinds) == set(source.FAMILIES)
    assert kinds["secret"] >= 150


def test_every_rule_says_what_it_is() -> None:
    """A sentence and a source stand beside each rule, for those who ask why something was taken out."""
    for entry in entries():
        assert entry["brief"].endswith("."), entry["id"]
        assert len(entry["source"]) >= 5, entry["id"]


@pytest.mark.parametrize("example", [one for one in source.examples() if one.positive], ids=lambda one: one.rule)
def test_the_gate_misses_nothing_a_rule_finds(example: source.Example) -> None:
    """The gate of all rules together suspects every text that one rule alone finds something in."""
    assert ALL.suspects(example.data)
    assert ALL.hits(example.data, Budget(1000))


ALL = Scanner(catalogue())
