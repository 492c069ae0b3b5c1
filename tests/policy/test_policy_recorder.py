"""`Recorder`: the same readers, and what they asked for instead of what they read."""

from __future__ import annotations

import inspect
from decimal import Decimal

from spanwise.policy import Form, Reader
from spanwise.policy.entry import ANY_NAME, Count, Kind
from spanwise.policy.recorder import Recorder


WORD = Form("[a-z]+", "small letters")


def test_a_recorder_has_the_interface_of_a_reader() -> None:
    """Every public method takes the same arguments with the same defaults, so no section can tell the two apart."""
    for name, method in inspect.getmembers(Reader, inspect.isfunction):
        if not name.startswith("_"):
            mine = inspect.signature(getattr(Recorder, name))
            assert mine == inspect.signature(method), name


def test_every_getter_is_overridden() -> None:
    """A getter that a recorder inherited would read nothing and write nothing down."""
    public = {name for name, _ in inspect.getmembers(Reader, inspect.isfunction) if not name.startswith("_")}
    # What is passed on as it stands is in no policy.
    assert public - {"anything"} <= set(vars(Recorder))


def test_what_is_asked_for_is_written_down() -> None:
    """Kind, default, bounds, words, form and variable; every getter gives its default."""
    recorder = Recorder()
    assert recorder.boolean("b", True, about="B.", variable="V") is True
    assert recorder.text("t", "x", longest=9, form=WORD) == "x"
    assert recorder.choice("c", lambda: ("p", "q"), None, required="one") is None
    assert recorder.integer("i", 3, least=1, most=5) == 3
    assert recorder.decimal("d", None, least=Decimal(0), most=Decimal(1)) is None
    assert recorder.days("y", 7) == 7
    assert not recorder.is_off("n") and recorder.number("n", 0.5, least=0, most=1) == 0.5
    entries = recorder.entries
    assert [entry.kind.name for entry in entries.values()] == [
        "BOOLEAN",
        "TEXT",
        "CHOICE",
        "INTEGER",
        "DECIMAL",
        "DAYS",
        "NUMBER",
    ]
    assert (entries["b"].about, entries["b"].variable, entries["b"].default) == ("B.", "V", True)
    assert (entries["t"].most, entries["t"].form) == (9, WORD)
    assert (entries["c"].accepted, entries["c"].required) == (("p", "q"), "one")
    assert entries["n"].can_be_off and not entries["i"].can_be_off


def test_mappings_lists_and_names_are_walked_once() -> None:
    """A list has one item, a mapping of names the one name that stands for all, and a choice of shapes both."""
    recorder = Recorder()
    (item,) = recorder.sections("list", most=4)
    item.boolean("x", False)
    for name, inner in recorder.named("named", form=WORD, defaults="as above").items():
        assert name == ANY_NAME
        inner.integer("y", 1, least=0, most=2)
    recorder.either("either", mapping=lambda section: section.keys(), otherwise=lambda: [*recorder.texts("either")])
    listed, named, either = (recorder.entries[key] for key in ("list", "named", "either"))
    assert listed.inner and list(listed.inner.entries) == ["x"] and listed.most == 4
    assert named.inner and named.inner.name_form == WORD
    each = named.inner.entries[ANY_NAME].inner
    assert each and each.entries["y"].defaults == "as above" and not each.entries["y"].has_default
    assert either.kind is Kind.SECTION and either.otherwise and either.otherwise.kind is Kind.TEXTS


def test_nothing_is_sound_and_nothing_is_wrong() -> None:
    """No section acts on what it seems to have read, and no complaint is heard."""
    recorder = Recorder()
    assert recorder.count_of(("a", "b"), least=1, most=1, message="x")
    recorder.forbids("password", "x")
    recorder.complain(None, "x")
    recorder.complain_at((), "x")
    recorder.finish()
    assert not recorder.is_sound and recorder.problems == [] and recorder.has("anything")
    assert recorder.counts == [Count(("a", "b"), 1, 1)]
