"""`Reader`: typed answers, defaults for what is refused, and complaints that say what to do."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.policy import Form, Reader, dotted


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


WORD = Form("[a-z]+", "small letters")


def test_days_are_whole_and_have_one_form() -> None:
    """30d is thirty days; hours, fractions, signs and zero are refused."""
    assert Reader({"k": "30d"}).days("k", 7) == 30
    for wrong in ("36h", "0d", "-1d", "1.5d", "٣d", "10000d", 30, None, "030d", "30d\n"):
        reader = Reader({"k": wrong})
        assert reader.days("k", 7) == 7
        assert only_complaint(reader).endswith("; accepted: whole days from 1d to 9999d.")


def test_forms_are_of_the_whole_text() -> None:
    """A text or item of another form is refused with what is wanted; one that may hold a secret is not repeated."""
    reader = Reader({"k": "a1", "l": ["ok", "a1"], "s": "hunter2", "n": "ok\n"})
    assert reader.text("k", None, form=WORD) is None
    assert reader.texts("l", form=WORD) == ()
    assert reader.text("s", None, form=Form("x", "an x", secret=True)) is None
    assert reader.text("n", None, form=WORD) is None
    assert [f"{dotted(path)}: {message}" for path, message in reader.problems] == [
        "k: found 'a1'; accepted: small letters.",
        "l[1]: found 'a1'; accepted: small letters.",
        "s: accepted: an x.",
        "n: found 'ok\\n'; accepted: small letters.",
    ]


def test_required_keys_are_missed() -> None:
    """A key that may not be left out is complained of once, in the words of what must stand there."""
    reader = Reader({"present": 1})
    assert reader.integer("absent", None, least=0, most=1, required="a number") is None
    assert reader.integer("present", None, least=0, most=1, required="a number") == 1
    reader.finish()
    assert only_complaint(reader) == "absent: is missing; accepted is a number."


def test_accepted_items_and_names() -> None:
    """Words of a list and keys of a mapping are compared with what is accepted, read only when there is one."""
    reader = Reader({"l": ["red", "gren"], "m": {"red": 1, "gren": 2}})
    colours = ("red", "green")
    assert reader.texts("l", accepted=colours, called="a colour") == ()
    assert reader.section("m").names(lambda: colours, called="a colour") == ["red"]
    assert Reader({"l": []}).texts("l", accepted=lambda: pytest.fail("nobody asked")) == ()
    assert Reader({}).names(lambda: pytest.fail("nobody asked")) == []
    assert [f"{dotted(path)}: {message}" for path, message in reader.problems] == [
        "l[1]: found 'gren', not a colour. Did you mean green? Accepted: red, green.",
        "m.gren: not a colour. Did you mean green? Accepted: red, green.",
    ]


@pytest.mark.parametrize(
    ("given", "is_right"), [({}, False), ({"a": 1}, True), ({"b": 1}, True), ({"a": 1, "b": 1}, False)]
)
def test_one_of_two_keys(given: dict[str, int], is_right: bool) -> None:
    """Neither and both are one complaint about the mapping."""
    reader = Reader(given)
    assert reader.count_of(("a", "b"), least=1, most=1, message="one of a and b.") is is_right
    assert [message for _, message in reader.problems] == ([] if is_right else ["one of a and b."])


def test_a_forbidden_key_is_not_repeated() -> None:
    """The value of a key that must not be there is in no message, and the key is complained of once."""
    reader = Reader({"password": "hunter2"})
    reader.forbids("password", "put it in a file.")
    reader.finish()
    assert only_complaint(reader) == "password: put it in a file."


def test_either_shape() -> None:
    """A mapping is read as one, everything else by the other reader."""
    for value, expected in (({"x": 1}, ["x"]), (["y"], ["y"]), ("z", ["z"])):
        reader = Reader({"k": value})
        found = reader.either("k", mapping=lambda inner: inner.keys(), otherwise=lambda: [*reader.texts("k")])  # noqa: B023
        assert found == expected


def test_soundness_is_of_one_mapping() -> None:
    """A complaint about a mapping, or inside it, makes it and those around it unsound, and no other."""
    reader = Reader({"a": {"n": 7}, "b": {}})
    first, second = reader.section("a"), reader.section("b")
    first.integer("n", 0, least=0, most=1)
    assert (reader.is_sound, first.is_sound, second.is_sound) == (False, False, True)


def test_false_turns_a_number_off() -> None:
    """False and nothing else."""
    assert Reader({"k": False}).is_off("k")
    assert not Reader({"k": 0}).is_off("k") and not Reader({}).is_off("k")


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
        reader.days("k", 1),
        reader.texts("k", accepted=("x",)),
        reader.section("k").names(("x",)),
    )
    assert len(answers) == 14
    assert all(message for _, message in reader.problems)
