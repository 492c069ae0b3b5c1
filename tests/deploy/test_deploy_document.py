"""`document.dump`: what is written is what is read, and a reader sees comments where they belong."""

from __future__ import annotations

from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spanwise.deploy.document import Path, Value, dump


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.text(alphabet=" \n\t#:-'\"{}[]|>&*!%@`,abc019é", max_size=30)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_is_read_as_it_was_written(value: Value) -> None:
    """Every text, number, truth value and nesting comes back equal and of its type."""
    assert yaml.safe_load(dump(value)) == value


@given(st.dictionaries(st.text(max_size=20), VALUES, min_size=1, max_size=4), st.text(max_size=200))
def test_a_comment_changes_nothing(value: dict[str, Value], comment: str) -> None:
    """Whatever a comment says, the value is the same."""
    where = next(iter(value))
    comments: dict[Path, str] = {(): comment, (where,): comment}
    assert yaml.safe_load(dump(value, comments)) == value


def test_the_order_is_kept_and_comments_stand_above() -> None:
    """A document as a person would write it."""
    value: Value = {
        "receivers": {"otlp": {"protocols": {"grpc": {"endpoint": "127.0.0.1:4317"}}}},
        "processors": ["memory_limiter", "batch"],
        "policies": [{"name": "errors", "codes": ["ERROR"], "wait": "30s"}, {"name": "on", "share": Decimal("0.05")}],
        "expr": "sum by (le) (rate(x[5m]))\n  > 0\n",
        "empty": {},
        "image": "grafana/grafana:13.3.0",
    }
    comments = {
        (): "About the file.",
        ("receivers",): "Loopback only.",
        ("policies", 0, "name"): "Errors first.",
        ("policies", 1): "The rest.",
    }
    assert dump(value, comments) == (
        "# About the file.\n"
        "# Loopback only.\n"
        "receivers:\n"
        "  otlp:\n"
        "    protocols:\n"
        "      grpc:\n"
        "        endpoint: 127.0.0.1:4317\n"
        "processors: [memory_limiter, batch]\n"
        "policies:\n"
        "  # Errors first.\n"
        "  - name: errors\n"
        "    codes: [ERROR]\n"
        "    wait: 30s\n"
        "  # The rest.\n"
        "  - name: 'on'\n"
        "    share: 0.05\n"
        "expr: |\n"
        "  sum by (le) (rate(x[5m]))\n"
        "    > 0\n"
        "empty: {}\n"
        "image: grafana/grafana:13.3.0\n"
    )


@pytest.mark.parametrize("text", ["yes", "No", "on", "~", "1e3", "0x1f", "1_000", "12:30:45", "2026-11-25", "", "4317"])
def test_what_a_reader_could_take_for_something_else_is_quoted(text: str) -> None:
    """Readers of YAML 1.1 and of 1.2 get the text."""
    assert dump(text)[0] in "'\""


def test_an_empty_list_is_written_however_long_its_key_is() -> None:
    """There is no block of nothing."""
    assert dump({"k" * 200: []}) == f"{'k' * 200}: []\n"


def test_a_small_number_has_no_exponent() -> None:
    """YAML 1.1 takes `1e-05` for a text."""
    assert dump([Decimal("0.00001"), 1e-05, 1e22]) == "[0.00001, 0.00001, 10000000000000000000000.0]\n"


def test_a_comment_of_nothing_is_refused() -> None:
    """A renamed key cannot lose its comment unseen."""
    with pytest.raises(ValueError, match="endpont"):
        dump({"endpoint": 1}, {("endpont",): "x"})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_numbers_are_finite(value: Value) -> None:
    """No engine reads them alike."""
    with pytest.raises(ValueError, match="finite"):
        dump(value)


def test_only_yaml_values_are_written() -> None:
    """A set has no order and bytes no text."""
    for wrong in ({1, 2}, b"x", {"a": object()}, {1: 2}):
        with pytest.raises(TypeError):
            dump(wrong)  # type: ignore[arg-type]
