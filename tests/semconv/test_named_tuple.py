"""Descriptors are named tuples, although `typing` has no part in them."""

from __future__ import annotations

import pickle

import pytest

from spanwise.semconv.descriptor import Level, Span, Use


def test_fields_and_defaults() -> None:
    """Fields are in the order of the class body, defaults are the class body's."""
    assert Use._fields == ("attribute", "level", "condition", "sampling", "expected", "values")
    assert Use("a", Level.OPT_IN) == ("a", "opt_in", "", False, False, ())
    assert Use("a", level=Level.REQUIRED, expected=True).expected


def test_a_missing_field_is_an_error() -> None:
    """A field without a default has to be given."""
    with pytest.raises(TypeError, match="level"):
        Use("a")  # type: ignore[call-arg]


def test_descriptors_cannot_be_changed() -> None:
    """A descriptor is shared by the whole process."""
    with pytest.raises(AttributeError):
        Use("a", Level.OPT_IN).level = Level.REQUIRED  # type: ignore[misc]


def test_descriptors_travel() -> None:
    """A descriptor survives pickling, is hashable, and shows its class and fields."""
    use = Use("a", Level.OPT_IN, values=("x",))
    assert pickle.loads(pickle.dumps(use)) == use
    assert len({use, Use("a", Level.OPT_IN, values=("x",))}) == 1
    assert repr(use).startswith("Use(attribute='a', level=<Level.OPT_IN")


def test_the_class_keeps_its_words() -> None:
    """Docstring, module and annotations are those of the class body."""
    assert (Span.__doc__ or "").startswith("A span type")
    assert Span.__module__ == "spanwise.semconv.descriptor"
    assert list(Span.__annotations__) == list(Span._fields)
