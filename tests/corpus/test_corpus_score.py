"""The evaluator judges as its documentation says."""

# ruff: noqa: E501

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpus import Label, Text, corpus
from tests.corpus.__main__ import main, sample
from tests.corpus.align import Taken, align
from tests.corpus.presidio import Presidio, merged
from tests.corpus.score import Score, score, survives


def text(marked: str, family: str = "contact", kind: str = "email") -> Text:
    """A text in which the parts between « and » are planted."""
    labels: list[Label] = []
    plain = ""
    for number, part in enumerate(marked.replace("»", "«").split("«")):
        if number % 2:
            labels.append(Label(len(plain), len(plain) + len(part), family, kind))
        plain += part
    return Text(plain, tuple(labels), "chat", "en_US", "plain")


def judged(texts: list[Text], taken: list[list[Taken]], by: str = "family") -> Score:
    """The score of what was taken."""
    return score(texts, taken, by=by, family=lambda kind: kind.partition("/")[0])


ALIGNED = [
    ("to joe@x.org now", "to [EMAIL] now", ["joe@x.org"]),
    ("joe@x.org", "[EMAIL]", ["joe@x.org"]),
    ("a joe@x.org, ann@x.org", "a [EMAIL], [EMAIL]", ["joe@x.org", "ann@x.org"]),
    ("call +1 415 555 0132 joe@x.org", "call [PHONE] [EMAIL]", ["+1 415 555 0132", "joe@x.org"]),
    ('{"card":4111111111111111,"a":1}', '{"card":"[CARD]","a":1}', ["4111111111111111"]),
    ('{"t":"caf\\u00e9 joe@x.org"}', '{"t":"café [EMAIL]"}', ["joe@x.org"]),
    ('{"t":"joe\\u0040x.org, caf\\u00e9"}', '{"t":"[EMAIL], café"}', ["joe\\u0040x.org"]),
    ("nothing here", "nothing here", []),
    ("all of it is dropped", "[DROPPED]", ["all of it is dropped"]),
]


@pytest.mark.parametrize(("before", "after", "values"), ALIGNED)
def test_what_was_taken_is_told_from_the_output(before: str, after: str, values: list[str]) -> None:
    """Labels in the output stand for exactly the characters that are missing, in JSON that was written anew as well."""
    planted = [(before.index(value), before.index(value) + len(value)) for value in values]
    taken = align(before, after, ("email", "phone", "card"), planted)
    assert [before[one.start : one.end] for one in taken] == values


def test_what_was_taken_inside_base64_is_told_from_the_output() -> None:
    """A run of base64 that was decoded, cleaned and encoded again counts only where it changed."""
    before, after = (f"data: {base64.b64encode(part.encode()).decode()}" for part in
                     ("my address is joe.smith@example.com, thanks", "my address is [EMAIL], thanks"))  # fmt: skip
    (taken,) = align(before, after, ("email",), [])
    run = before[6:]
    value = base64.b64decode(run[(taken.start - 6) // 4 * 4 : -(-(taken.end - 6) // 4) * 4])
    assert b"joe.smith@example.com" in value
    assert len(value) < 27
    assert taken.kind == "email"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["joe@example.com", "4111 1111", "x@y.zz"]), st.text(" ,.abc@1", min_size=1, max_size=8)
        ),
        max_size=5,
    )
)
def test_alignment_finds_every_planted_value(parts: list[tuple[str, str]]) -> None:
    """When exactly the planted values were replaced, exactly they are reported."""
    before = after = ""
    planted: list[tuple[int, int]] = []
    for value, gap in parts:
        planted.append((len(before), len(before) + len(value)))
        before, after = before + value + gap, after + "[EMAIL]" + gap
    assert [(one.start, one.end) for one in align(before, after, ("email",), planted)] == planted


SURVIVORS = [
    ("«joe@example.com»", [(0, 15)], False),
    ("«joe@example.com»", [], True),
    ("«joe@example.com»", [(0, 12)], False),
    ("«joe@example.com»", [(0, 11)], False),
    ("«joe@example.com»", [(0, 8)], True),
    ("«4111-1111-1111-1111»", [(0, 14)], True),
    ("«4111-1111-1111-1111»", [(0, 16)], False),
    ("«4111-1111-1111-1111»", [(0, 6), (8, 19)], False),
    ("«abc»", [], True),
    ("«abc»", [(0, 1)], False),
    ("«12\u200b34»", [], True),
]


@pytest.mark.parametrize(("marked", "taken", "expected"), SURVIVORS)
def test_a_value_survives_when_four_characters_in_a_row_do(
    marked: str, taken: list[tuple[int, int]], expected: bool
) -> None:
    """Letters and digits count, punctuation and invisible characters do not; of a shorter value all must be there."""
    planted = text(marked)
    assert survives(planted.text, planted.labels[0], [Taken(*place, "x") for place in taken]) is expected


def test_counts_of_a_score() -> None:
    """Found and missed values, right and false redactions, altered clean texts and characters add up."""
    texts = [
        text("to «joe@example.com», «ann@example.com»"),
        text("nothing at all"),
        text("or «Ann»", "name", "person"),
    ]
    result = judged(
        texts, [[Taken(3, 18, "contact/email")], [Taken(0, 7, "contact/phone")], [Taken(3, 6, "contact/person")]]
    )
    assert (result.total.planted, result.total.found, result.total.right, result.total.wrong) == (2, 1, 2, 1)
    assert (result.texts, result.clean, result.altered) == (3, 2, 1)
    assert result.over == 7
    assert result.outside == 3 + 2 + 14 + 3
    assert result.groups["contact"].recall == 0.5
    assert result.groups["contact"].precision == 0.5
    assert [(miss.what, miss.value) for miss in result.misses] == [("missed", "ann@example.com"), ("false", "nothing")]


@pytest.mark.parametrize("by", ["family", "kind", "locale", "noise", "template"])
def test_extremes(by: str) -> None:
    """Who takes nothing finds nothing and alters nothing; who takes everything finds all and alters every clean text."""
    texts = list(corpus(60))
    nothing = judged(texts, [[] for _ in texts], by)
    everything = judged(texts, [[Taken(0, len(one.text), "secret/x")] for one in texts], by)
    assert (nothing.total.recall, nothing.total.precision, nothing.altered, nothing.over) == (0.0, 1.0, 0, 0)
    assert everything.total.recall == 1.0
    assert everything.over == everything.outside
    assert 0 < everything.total.precision < 1
    assert sum(tally.planted for tally in nothing.groups.values()) == nothing.total.planted


def test_overlapping_results_of_presidio_are_one_redaction() -> None:
    """What overlaps something surer is counted once, under the surer kind."""
    found = [
        Taken(5, 9, "CREDIT_CARD"),
        Taken(0, 6, "PHONE_NUMBER"),
        Taken(20, 22, "IP_ADDRESS"),
        Taken(8, 12, "US_SSN"),
    ]
    assert merged(found) == [Taken(0, 12, "CREDIT_CARD"), Taken(20, 22, "IP_ADDRESS")]


def test_presidio_is_judged_by_what_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names, dates and what is less sure than asked do not count; versions and time are what the child said."""
    lines = [{"name": "presidio-analyzer 9", "seconds": 1.5, "entities": []},
             [[0, 4, "EMAIL_ADDRESS", 1.0], [6, 9, "PERSON", 1.0], [10, 12, "DATE_TIME", 1.0], [13, 15, "US_SSN", 0.05]]]  # fmt: skip
    engine = Presidio(python=None, which="all", least_score=0.4)  # type: ignore[arg-type]

    def answered(texts: Iterable[Text]) -> list[str]:
        return [json.dumps(line) for line in lines]

    monkeypatch.setattr(engine, "_lines", answered)
    taken: Iterator[list[Taken]] = engine.taken([])
    assert list(taken) == [[Taken(0, 4, "EMAIL_ADDRESS")]]
    assert (engine.name, engine.seconds) == ("presidio-analyzer 9, score >= 0.4", 1.5)
    assert engine.family("US_SSN") == "national"


def test_a_sample_is_the_same_for_the_same_seed() -> None:
    """A sample keeps the order of the corpus and depends on the seed alone."""
    texts = list(corpus(100))
    assert sample(texts, 10, 1) == sample(texts, 10, 1) != sample(texts, 10, 2)
    places = [texts.index(one) for one in sample(texts, 10, 1)]
    assert places == sorted(places)


def test_the_command_prints_a_table_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m tests.corpus` judges the redactor; `--json` has the same figures; `--misses` shows made-up values."""
    assert main(["--texts", "40", "--misses", "3", "--by", "kind"]) == 0
    table = capsys.readouterr().out
    assert "| kind | planted |" in table
    assert "40 texts" in table
    assert main(["--texts", "40", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["texts"] == 40
    assert set(figures["total"]) == {"planted", "found", "right", "false", "recall", "precision"}
