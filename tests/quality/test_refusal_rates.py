"""Refusals by their words: what the README says of precision and recall holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spanwise.quality import config
from spanwise.quality.compile import OUTPUT, problems, render
from tests.quality.corpus import corpus, phrasings
from tests.quality.precision import rates, refusals


README = Path(__file__).parents[2] / "processors/spanwise/quality/README.md"
ROW = re.compile(r"^\| (\w+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", re.MULTILINE)


def test_the_phrases_are_compiled() -> None:
    """`phrases.json` is what `phrases.yaml` says, and every language answers its examples."""
    assert OUTPUT.read_text("utf-8") == render()
    assert problems() == []


def test_every_language_of_the_policy_has_phrases() -> None:
    """A language that a policy may name is one that is known, and the other way round."""
    assert {sample.language for sample in phrasings(held_out=False)} == set(config.LANGUAGES)
    assert {sample.language for sample in phrasings(held_out=True)} == set(config.LANGUAGES)


@pytest.mark.parametrize("held_out", [False, True])
def test_published_rates_hold(held_out: bool) -> None:
    """Of the corpus at a tenth of its size, precision and recall are those of the README within 0.03."""
    published = {row[0]: row[3:5] if held_out else row[1:3] for row in ROW.findall(README.read_text("utf-8"))}
    found = rates(corpus(phrasings(held_out=held_out), variants=20), refusals())
    assert set(published) == set(found)
    for key, one in found.items():
        assert one.precision == pytest.approx(float(published[key][0]), abs=0.03), key
        assert one.recall == pytest.approx(float(published[key][1]), abs=0.03), key


def test_what_is_held_out_was_not_written_from() -> None:
    """No phrasing stands in both sets."""
    written = {sample.text for sample in phrasings(held_out=False)}
    assert written.isdisjoint(sample.text for sample in phrasings(held_out=True))


def test_a_long_answer_is_no_refusal() -> None:
    """Who answers in 3,000 characters has not declined, whatever the first sentence says."""
    text = "I can't help with that."
    assert refusals().find(text) == "en"
    assert refusals().find(text + " Here is what you can do instead." * 100) is None
