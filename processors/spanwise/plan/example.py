"""A few lines of YAML that set one key."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from spanwise.plan.outline import Keys, Line, outline
from spanwise.plan.schema import FILE, written
from spanwise.policy.entry import ANY_NAME, Entry, Kind


FOLDER: Final = Path(__file__).parent.parent / "policy" / "examples"
EXAMPLES: Final = ("startup", "regulated", "platform")
"""The worked examples, each a whole policy."""

_MOST_ROWS: Final = 40


def example(line: Line) -> str:
    """YAML that sets the key of `line`: from a worked example that sets it, else made of its default or its form."""
    import yaml

    value = next((found for name in EXAMPLES if (found := _at(_policy(name), line.keys)) is not None), None)
    nested = _nested(line.keys, _made(line.entry)) if value is None else value
    text = yaml.safe_dump(nested, sort_keys=False, default_flow_style=False, allow_unicode=True, width=100)
    rows = text.splitlines()
    return "\n".join(rows if len(rows) <= _MOST_ROWS else [*rows[:_MOST_ROWS], "..."]) + "\n"


def example_text(name: str, *, is_copy: bool = False) -> str:
    """The worked example `name`, comments included; a copy looks for the schema in its own directory."""
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return text.replace(f"=../{FILE}", f"={FILE}", 1) if is_copy else text


@functools.cache
def _policy(name: str) -> object:
    from spanwise.policy.document import parse

    return parse(example_text(name).encode()).value


def _at(value: object, keys: Keys) -> object:
    """`value` with nothing in it but the way to `keys`; `None` where it does not have them."""
    if not keys:
        return value
    if isinstance(value, list):
        return next(([found] for item in value if (found := _at(item, keys)) is not None), None)
    if not isinstance(value, Mapping):
        return None
    for key, inner in value.items():
        if keys[0] in {key, ANY_NAME} and (found := _at(inner, keys[1:])) is not None:
            return {key: found}
    return None


def _nested(keys: Keys, value: object) -> object:
    """`value` below `keys`, lists where the outline has lists."""
    recorder, levels = outline(), []
    for key in keys:
        entry = recorder.entries[key]
        name = recorder.accepted_names[0] if key == ANY_NAME and recorder.accepted_names else key.lower()
        levels.append((name if key == ANY_NAME else key, entry.kind is Kind.SECTIONS))
        recorder = entry.inner or recorder
    for index, (name, is_list) in enumerate(reversed(levels)):
        value = {name: [value] if is_list and index else value}
    return value


def _made(entry: Entry) -> object:
    """A value that the key accepts."""
    if entry.has_default:
        return written(entry)
    if entry.accepted:
        return entry.accepted[0]
    if entry.inner is not None:
        return _mapping(entry)
    if entry.kind in {Kind.INTEGER, Kind.NUMBER, Kind.DECIMAL}:
        return 1 if entry.least is None or entry.least <= 1 <= (entry.most or 1) else float(entry.least)
    plain = {Kind.BOOLEAN: True, Kind.DAY: "2026-01-31", Kind.DAYS: "30d"}
    return plain.get(entry.kind) or _spoken(entry)


def _mapping(entry: Entry) -> object:
    assert entry.inner is not None
    wanted = {key: _made(each) for key, each in entry.inner.entries.items() if each.required and key != ANY_NAME}
    for count in entry.inner.counts:
        if count.least and not any(key in wanted for key in count.keys):
            wanted[count.keys[0]] = _made(entry.inner.entries[count.keys[0]])
    return [wanted] if entry.kind is Kind.SECTIONS else wanted


def _spoken(entry: Entry) -> str:
    """The example that stands in the words of a form, after `as in`; a plain word where it has none."""
    _, found, after = (entry.form.wanted if entry.form else "").partition("as in ")
    return after.split(",")[0].split(" ")[0].strip("'\"") if found else "text"
