"""`Reader`: typed answers, defaults for what is refused, and complaints that say what to do."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.policy import Reader, dotted


HUNDRED = Decimal(100)


def only_complaint(reader: Reader) -> str:
    """The one complaint of `reader`, as a user sees it without line."""
    (problem,) = reader.problems
    return f"{dotted(problem.path)}: {problem.message}"


def test_absent_keys_have_their_defaults() -> None:
    """Every getter gives the default, of whatever type, and nobody complains."""
    reader = Reader(None)
    assert reader.boolean("a", True) is True
    assert reader.text("a", None) is None
    assert reader.choice("a", ("x",), None) is None
    assert reader.integer("a", None, least=0, most=1) is None
    assert reader.number("a", None, least=0, most=1) is None
    assert reader.decimal("a", None, least=Decimal(0), most=HUNDRED) is None
    assert reader.day("a", None) is None
    assert reader.texts("a", ("x",)) == ("x",)
    assert reader.section("a").keys() == []
    assert reader.sections("a") == []
    assert reader.named("a") == {}
    reader.finish()
    assert reader.problems == []


def test_values_arrive_in_their_types() -> None:
    """What is accepted is what was written."""
    reader = Reader({"b": False, "t": "x", "i": 3, "n": 2, "d": "0.10", "f": 0.1, "day": "2026-01-31", "one": "x"})
    assert reader.boolean("b", True) is False
    assert reader.text("t", "") == "x"
    assert reader.integer("i", 0, least=0, most=3) == 3
    assert isinstance(reader.number("n", 0.0, least=0, most=3), float)
    assert str(reader.decimal("d", None, least=Decimal(0), most=HUNDRED)) == "0.10"
    assert reader.decimal("f", None, least=Decimal(0), most=HUNDRED) == Decimal("0.1")
    assert reader.day("day", None) == date(2026, 1, 31)
    assert reader.texts("one") == ("x",)
    assert Reader({"day": date(2026, 1, 31)}).day("day", None) == date(2026, 1, 31)
    assert reader.problems == []


@pytest.mark.parametrize(
    "wrong", ["abc", True, None, [], {}, float("nan"), "NaN", "inf", 101, -1, "1_0", "٣", "1e99999999"]
)
def test_what_is_no_decimal_is_refused(wrong: object) -> None:
    """No NaN, no infinity, no boolean, no digits of other scripts, no exponent that would fill the memory."""
    reader = Reader({"p": wrong})
    assert reader.decimal("p", None, least=Decimal(0), most=HUNDRED) is None
    assert only_complaint(reader).endswith("; accepted: a decimal number from 0 to 100.")


@pytest.mark.parametrize("wrong", [True, "3", 2.5, None, 10**50, -1])
def test_what_is_no_whole_number_is_refused(wrong: object) -> None:
    """Booleans, texts and fractions are no whole numbers, and bounds hold."""
    reader = Reader({"n": wrong})
    assert reader.integer("n", 7, least=0, most=9) == 7
    assert only_complaint(reader).endswith("; accepted: a whole number from 0 to 9.")


@pytest.mark.parametrize("wrong", ["31.01.2026", "20260131", "2026-02-30", 20260131, datetime(2026, 1, 31), None])
def test_what_is_no_day_is_refused(wrong: object) -> None:
    """One form of date, and only days that exist."""
    reader = Reader({"d": wrong})
    assert reader.day("d", None) is None
    assert only_complaint(reader).endswith("; accepted: a day as in 2026-01-31.")


def test_text_that_yaml_made_a_number_says_how_to_fix_it() -> None:
    """A tenant called 42 needs quotes; the message says so."""
    reader = Reader({"tenant": 42})
    assert reader.text("tenant", "") == ""
    assert only_complaint(reader) == "tenant: found 42; accepted: text; put it in quotes."


def test_nested_readers_share_complaints_and_know_their_paths() -> None:
    """Sections, lists of sections and named sections complain into one list, each with its whole path."""
    reader = Reader({"a": {"b": [{"x": 1}, None, 3]}, "n": {"user.id": {"y": 1}}})
    for inner in reader.section("a").sections("b"):
        inner.finish()
    for inner in reader.named("n").values():
        inner.finish()
    assert [f"{dotted(path)}: {message}" for path, message in reader.problems] == [
        "a.b[2]: found 3; accepted is a mapping of keys.",
        "a.b[1]: found nothing; accepted is a mapping of keys.",
        "a.b[0].x: not a key. Accepted: none.",
        "n['user.id'].y: not a key. Accepted: none.",
    ]


def test_finish_names_each_stranger_once() -> None:
    """A key that somebody already complained about is not reported again, and asked-for keys are listed."""
    reader = Reader({"size": 3, "siez": 4, "other": 5})
    assert reader.integer("size", 0, least=0, most=9) == 3
    reader.complain("other", "not today.")
    reader.finish()
    assert [problem.message for problem in reader.problems] == [
        "not today.",
        "not a key. Did you mean size? Accepted: size.",
    ]


def test_a_message_is_short_and_printable() -> None:
    """Long values are cut, control characters are written as escapes, long lists of names end in a count."""
    reader = Reader({"c": "\x1b[31m" + "x" * 500, "e" * 300: 1})
    reader.choice("c", [f"name{n}" for n in range(200)], None)
    reader.finish()
    lines = [f"{dotted(path)}: {message}" for path, message in reader.problems]
    assert all(line.isprintable() and len(line) < 500 for line in lines)
    assert "and 176 more" in lines[0]


Json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(Json)
def test_no_value_makes_a_getter_raise(value: object) -> None:
    """Anything a file can hold is either accepted in its type or refused with a complaint."""
    reader = Reader({"k": value})
    answers = (
        reader.boolean("k", False),
        reader.text("k", None),
        reader.choice("k", ("x",), None),
        reader.integer("k", None, least=-5, most=5),
        reader.number("k", None, least=-5, most=5),
        reader.decimal("k", None, least=Decimal(-5), most=Decimal(5)),
        reader.day("k", None),
        reader.texts("k"),
        tuple(reader.section("k").keys()),
        tuple(reader.sections("k")),
        tuple(reader.named("k")),
    )
    assert len(answers) == 11
    assert all(message for _, message in reader.problems)
