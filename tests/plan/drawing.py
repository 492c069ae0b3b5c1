"""Hypothesis strategies that draw whole policies, right ones and wrong ones, from the outline."""

from __future__ import annotations

from typing import Any, TypeAlias

from hypothesis import strategies as st

from spanwise.plan.outline import outline
from spanwise.policy.entry import ANY_NAME, Entry, Kind
from spanwise.policy.recorder import Recorder


Json: TypeAlias = Any
"""A value of a YAML file."""

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from(["30d", "0d", "10000d", "2026-01-31", "2026-02-30", "host:1", "x\n", "0.5", "1e3", "1e400", " 1"]),
)
JUNK = st.one_of(SCALARS, st.lists(SCALARS, max_size=2), st.dictionaries(st.text(max_size=4), SCALARS, max_size=2))
NAMES = st.text("abcXYZ019-_. #\n", min_size=1, max_size=8)


def policies() -> st.SearchStrategy[Json]:
    """Policies of a few sections, most of them nearly right."""
    return _mapping(outline(), depth=0)


def _mapping(recorder: Recorder, *, depth: int) -> st.SearchStrategy[Json]:
    @st.composite
    def draw_mapping(draw: st.DrawFn) -> Json:
        entries = {key: entry for key, entry in recorder.entries.items() if key != ANY_NAME}
        keys = [key for key, entry in entries.items() if entry.required and draw(st.integers(0, 9)) > 0]
        keys += draw(st.lists(st.sampled_from(sorted(entries)), max_size=4 if depth else 3)) if entries else []
        for count in recorder.counts:
            if draw(st.integers(0, 9)) > 0:
                keys = [key for key in keys if key not in count.keys] + [draw(st.sampled_from(count.keys))]
        drawn = {key: draw(_value(entries[key], depth=depth + 1)) for key in dict.fromkeys(keys)}
        if (named := recorder.entries.get(ANY_NAME)) is not None:
            names = NAMES if recorder.accepted_names is None else st.sampled_from(recorder.accepted_names) | NAMES
            for name in draw(st.lists(names, max_size=2)):
                drawn[name] = draw(_value(named, depth=depth + 1))
        if draw(st.integers(0, 19)) == 0:
            drawn[draw(NAMES)] = draw(JUNK)
        return drawn

    return draw_mapping()


def _value(entry: Entry, *, depth: int) -> st.SearchStrategy[Json]:
    right = _right(entry, depth=depth)
    if entry.can_be_off:
        right |= st.just(value=False)
    if entry.otherwise is not None:
        right |= _right(entry.otherwise, depth=depth)
    # One value in a dozen is anything at all.
    return st.integers(0, 11).flatmap(lambda luck: JUNK if luck == 0 else right)


def _right(entry: Entry, *, depth: int) -> st.SearchStrategy[Json]:
    if entry.inner is not None:
        mapping = _mapping(entry.inner, depth=depth)
        return st.lists(mapping, max_size=2) if entry.kind is Kind.SECTIONS else mapping
    if entry.accepted:
        word = st.sampled_from(entry.accepted)
        return word | st.lists(word, max_size=3) if entry.kind is Kind.TEXTS else word
    text = st.text(max_size=10) if entry.form is None else st.from_regex(rf"\A(?:{entry.form.pattern})\Z")
    if entry.kind is Kind.TEXTS:
        return text | st.lists(text, max_size=3)
    if entry.kind in {Kind.INTEGER, Kind.NUMBER, Kind.DECIMAL}:
        return _number(entry)
    plain = {
        Kind.BOOLEAN: st.booleans(),
        Kind.DAY: st.dates().map(str),
        Kind.DAYS: st.integers(1, 9999).map("{}d".format),
    }
    return plain.get(entry.kind, text)


def _number(entry: Entry) -> st.SearchStrategy[Json]:
    least, most = entry.least, entry.most
    assert least is not None and most is not None
    whole = st.integers(int(least) - 1, int(most) + 1)
    broken = st.floats(float(least) / 2 - 1, float(most) * 2, allow_nan=False)
    numbers = whole | broken
    return numbers | numbers.map(str) if entry.kind is Kind.DECIMAL else numbers
