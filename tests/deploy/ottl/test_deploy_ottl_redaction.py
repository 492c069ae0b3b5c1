"""The carried redaction rules: no more than ours find, and what is refused says why."""

from __future__ import annotations

import random
from typing import Any

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from spanwise.deploy.collector.ottl.portable_pattern import UnportableError, portable, words
from spanwise.deploy.collector.ottl.redaction import MOST_STEMS, REDACTION, Rule, compiled, rules_of
from spanwise.redact import RedactConfig
from spanwise.redact.budget import Budget
from spanwise.redact.catalogue import catalogue
from spanwise.redact.compile import examples
from spanwise.redact.scanner import Scanner


ALL = 10**6
"""Stems enough for every rule."""

RULES: tuple[Rule, ...] = tuple(rules_of(RedactConfig(), most_stems=ALL))
OURS = {rule.id: Scanner([rule]) for rule in catalogue() if rule.id in {each.id for each in RULES}}
TEXTS = [example.data.decode() for example in examples() if example.rule in OURS]
GLUE = ["", " ", ", ", '"', '": "', "\n", "\\n", "-", "_", "}, {", "é", "数", "x", "7", "/", "="]


def _taken(rule: Rule, text: str) -> list[tuple[int, int]]:
    """The values, as bytes, that the rule's expression takes."""
    found = []
    for match in re2.finditer(rule.expression, text):
        start, end = match.end(2), match.start(3)
        found.append((len(text[:start].encode()), len(text[:end].encode())))
    return found


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_no_expression_takes_what_our_rule_leaves(seed: int) -> None:
    """Examples of all rules in pieces, in rows and in strange company: a value taken there is within one taken here."""
    chance = random.Random(seed)
    pieces = []
    for _ in range(chance.randint(1, 6)):
        text = chance.choice(TEXTS)
        cut = chance.randint(0, len(text))
        pieces += [chance.choice((text, text[:cut], text[cut:])), chance.choice(GLUE)]
    text = "".join(pieces)
    for rule in RULES:
        ours = [(hit.start, hit.end) for hit in OURS[rule.id].hits(text.encode(), Budget(10_000))]
        for start, end in _taken(rule, text):
            assert any(low <= start and end <= high for low, high in ours), (rule.id, text, text.encode()[start:end])


def test_every_positive_example_has_a_word_of_its_rule() -> None:
    """What is looked for before an expression is tried stands in everything that it finds."""
    by_id = {rule.id: rule for rule in RULES}
    for example in examples():
        rule = by_id.get(example.rule)
        if rule is not None and example.positive:
            text = example.data.decode().lower()
            assert any(word in text for word in rule.words), (rule.id, text)


def test_carried_and_refused_are_all_rules() -> None:
    """Every rule is on one of the two lists, and those that need more than an expression on the second."""
    result = compiled(RedactConfig(), most_stems=ALL)
    refused = {refusal.what: refusal.why for refusal in result.refused}
    assert {*result.names, *refused} == {rule.id for rule in catalogue()}
    assert set(result.names).isdisjoint(refused)
    for rule in catalogue():
        if rule.find or rule.validate or rule.entropy_bits or rule.unless or rule.across:
            assert rule.id in refused
    assert "check digits" in refused["ar_cbu"]
    assert "function" in refused["email"]
    assert len(result.names) > 40


def test_with_few_words_the_surest_rules_are_carried() -> None:
    """What is looked for in all content is bounded: secrets first; what is left out fits with fewer kinds."""
    default = compiled(RedactConfig())
    refused = {refusal.what: refusal.why for refusal in default.refused}
    assert {"age_key", "otp_secret", "card_code"} <= set(default.names)
    assert "fewer kinds" in refused["driving_licence"]
    assert compiled(RedactConfig(kinds=("driving_licence",))).names == ("driving_licence",)
    assert len({stem for rule in rules_of(RedactConfig()) for stem in rule.stems}) <= MOST_STEMS


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"key=(?P<value>[^\s]+)", "quotes"),
        (r"key=(?P<value>.{3})", "quotes"),
        (r"key=(?P<value>[a-z\\]{3})", "quotes"),
        (r"key=(?P<value>a\s?b)", "quotes"),
        (r"(?:a|b(?P<value>c))", "inside of another group"),
        (r"a|b(?P<value>c)", "alternatives"),
        (r"(a)b", "group of its own"),
        (r"[\xc3-\xc5][\x80-\xbf]", "bytes"),
        (r"a\xc3(?P<value>b)", "bytes"),
    ],
)
def test_patterns_that_cannot_be_said_are_refused(pattern: str, why: str) -> None:
    """Each with its reason; nothing is guessed."""
    with pytest.raises(UnportableError, match=why):
        portable(pattern)


def test_a_turned_class_takes_fewer_characters_there() -> None:
    """Letters beyond ASCII, commas and braces do not stand between a word and its value; the value keeps its form."""
    form = portable(r"(?i)caf\xc3\xa9[^0-9]{0,8}\S(?P<value>[0-9]{4})x")
    assert form.before == r"caf(?-i:é)[^0-9,{}\x{80}-\x{10ffff}]{0,8}[^\s,{}\x{80}-\x{10ffff}]"
    assert (form.value, form.behind, form.flags) == ("[0-9]{4}", "x", "(?i)")


def test_words_are_read_out_of_heads() -> None:
    """Optional signs are spelled out; one alternative that is too short, or has a choice in it, leaves no word."""
    assert words(r"(?:rg[ _\-]?n|\{X\}|Caf\xc3\xa9)") == ["café", "rg n", "rg-n", "rg_n", "rgn", "{x}"]
    assert words(r"(?:longer|long|id#)") == ["id#", "long"]
    assert words("", r":\d{2}(?P<value>x)(?:yyy)?:::") == [":::"]
    assert words("", r"ab?(?P<value>x)|:::") is None
    assert words(r"(?:long|id)") is None
    assert words(r"(?:x(?:a|b)long)") is None
    assert words("") is None


def test_what_the_policy_allows_is_not_taken() -> None:
    """A list of values that stay is more than an expression can look at: the kinds it is for are refused."""
    some = compiled(RedactConfig(allow={"bank_account": ["12345678"]}))
    assert "bank_account" not in some.names
    assert compiled(RedactConfig(allow={"any": ["x*y*z"]})).names == ()


def test_environments_become_conditions() -> None:
    """A kind that is kept in one environment is masked in the others."""
    config = RedactConfig(environments={"test": RedactConfig(actions={"ar_dni": "keep"})})
    rule = next(rule for rule in rules_of(config, most_stems=ALL) if rule.id == "ar_dni")
    assert rule.where == 'resource.attributes["deployment.environment.name"] != "test"'
    only = RedactConfig(kinds=("card",), environments={"live": RedactConfig()})
    rule = next(rule for rule in rules_of(only, most_stems=ALL) if rule.id == "ar_dni")
    assert rule.where == '(resource.attributes["deployment.environment.name"] == "live")'


def test_actions_that_only_a_process_has_are_refused() -> None:
    """Drop, partial, hash and pseudonym need the value or the text around it; kept kinds are nobody's business."""
    result = compiled(RedactConfig(actions={"default": "hash", "ar_dni": "keep", "us_mbi": "mask"}))
    assert result.names
    assert set(result.names) <= {"us_mbi", "us_mbi_named"}
    refused = {refusal.what: refusal.why for refusal in result.refused}
    assert "the action hash" in refused["bank_account"]
    assert "ar_dni" not in refused


def test_attributes_are_dropped_kept_or_left_to_a_process() -> None:
    """A dropped one is written over, a kept one is not read, and what needs a key or a pattern is refused."""
    config = RedactConfig(attributes={"a.b": "drop", "gen_ai.input.*": "keep", "c.*": "drop", "user.id": "hash"})
    result = compiled(config)
    groups: list[Any] = result.processors[REDACTION]["trace_statements"]
    assert groups[0]["statements"] == ['set(span.attributes["a.b"], "[DROPPED]") where span.attributes["a.b"] != nil']
    assert "gen_ai.input.messages" not in str(groups)
    assert {refusal.what for refusal in result.refused} >= {"attribute c.*", "attribute user.id"}
