"""A value against a schema: agrees with the reference implementation, and is bounded."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.quality.schema_check import TooMuchError, mismatch


LEAF = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "ab", "abc"]) | st.just(1.5)
VALUES = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
)
TYPES = st.sampled_from(["object", "array", "string", "integer", "number", "boolean", "null"])


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | st.lists(TYPES, min_size=1, max_size=2, unique=True),
            "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "additionalProperties": st.booleans() | inner,
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "enum": st.lists(VALUES, min_size=1, max_size=3),
            "const": VALUES,
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "oneOf": st.lists(inner, min_size=1, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "pattern": st.sampled_from(["^a", "b$", "x"]),
            "minimum": st.integers(-2, 2),
            "exclusiveMaximum": st.integers(-2, 2),
            "minLength": st.integers(0, 2),
            "maxItems": st.integers(0, 2),
            "minProperties": st.integers(0, 2),
        },
    )


SCHEMAS: st.SearchStrategy[Any] = st.recursive(st.booleans() | st.just({}), _schemas, max_leaves=6)


@given(value=VALUES, schema=SCHEMAS)
def test_agrees_with_the_reference(value: Any, schema: Any) -> None:
    """A value is accepted exactly when `jsonschema` accepts it."""
    assert (mismatch(value, schema) is None) == jsonschema.Draft202012Validator(schema).is_valid(value)


def test_says_the_keyword_and_the_depth() -> None:
    """What is broken is named by its keyword, never by the value."""
    found = mismatch({"a": {"b": "secret"}}, {"properties": {"a": {"properties": {"b": {"type": "integer"}}}}})
    assert found is not None
    assert (found.keyword, found.depth) == ("type", 2)


def test_references_are_followed_within_the_document() -> None:
    """A recursive schema checks a tree; a reference to elsewhere is not followed."""
    tree = {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["name"]}
    assert mismatch({"name": "a", "next": {"name": "b"}}, tree) is None
    assert mismatch({"name": "a", "next": {}}, tree) is not None
    with pytest.raises(TooMuchError):
        mismatch({}, {"$ref": "https://example.com/schema"})


def test_work_is_bounded() -> None:
    """A schema that would double its work at each of 40 steps, and one that turns in a circle, end at the budget."""
    both = {f"s{n}": {"allOf": [{"$ref": f"#/$defs/s{n + 1}"}] * 2} for n in range(40)}
    with pytest.raises(TooMuchError):
        mismatch(1, {"$defs": {**both, "s40": {}}, "$ref": "#/$defs/s0"})
    with pytest.raises(TooMuchError):
        mismatch(1, {"$ref": "#"})


def test_types_of_gemini_are_read() -> None:
    """Types in capitals and `nullable` are what Gemini writes."""
    schema = {"type": "OBJECT", "properties": {"a": {"type": "STRING", "nullable": True}}}
    assert mismatch({"a": None}, schema) is None
    assert mismatch({"a": 1}, schema) is not None
