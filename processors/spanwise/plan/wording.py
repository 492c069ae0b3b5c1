"""What is accepted under a key, and what holds without it, in words."""

from __future__ import annotations

from decimal import Decimal

from spanwise.plan.schema import written
from spanwise.policy.entry import ANY_NAME, Bound, Entry, Kind
from spanwise.policy.problem import listed
from spanwise.policy.reader import LONGEST_TEXT, MOST_ITEMS
from spanwise.policy.recorder import Recorder


def accepted(entry: Entry) -> str:
    """What may stand under a key: `a whole number from 1 to 120`."""
    words = _accepted(entry)
    if entry.can_be_off:
        words = f"{words}, or false for never"
    return words if entry.otherwise is None else f"{accepted(entry.otherwise)}; or {words}"


def default(entry: Entry) -> str:
    """What holds without the key: `nothing`, `as in redact`, `30d`; empty where only its keys have one."""
    if entry.required:
        return "must be there"
    if entry.defaults:
        return entry.defaults
    if not entry.has_default:
        return "" if entry.inner is not None else "nothing"
    value = written(entry)
    if isinstance(value, list):
        return listed([str(item) for item in value])
    return str(value).lower() if isinstance(value, bool) else f"{value}"


def _accepted(entry: Entry) -> str:
    least, most = _plain(entry.least), _plain(entry.most)
    match entry.kind:
        case Kind.TEXT:
            size = "" if entry.most == LONGEST_TEXT else f" of at most {most} characters"
            return f"text{size}: {entry.form.wanted}" if entry.form else f"text{size}"
        case Kind.CHOICE:
            return listed(entry.accepted or ())
        case Kind.INTEGER | Kind.NUMBER | Kind.DECIMAL:
            return f"{entry.kind.value} from {least} to {most}"
        case Kind.DAYS:
            return f"whole days from {least}d to {most}d"
        case Kind.DAY:
            return "a day as in 2026-01-31"
        case Kind.TEXTS:
            return _list(entry)
        case Kind.SECTIONS:
            return "a list of mappings" if entry.most == MOST_ITEMS else f"a list of at most {most} mappings"
        case Kind.SECTION:
            assert entry.inner is not None
            return _mapping(entry.inner)
        case Kind.BOOLEAN:
            return "true, false"


def _list(entry: Entry) -> str:
    size = "" if entry.most == MOST_ITEMS else f", at most {_plain(entry.most)}"
    if entry.accepted is not None:
        return f"one or a list of: {listed(entry.accepted)}{size}"
    return f"a text or a list of texts{size}: {entry.form.wanted}" if entry.form else f"a text or a list of texts{size}"


def _mapping(recorder: Recorder) -> str:
    if ANY_NAME not in recorder.entries:
        return f"a mapping with {listed(list(recorder.entries))}"
    if recorder.accepted_names is not None:
        return f"a mapping, whose keys are: {listed(recorder.accepted_names)}"
    form = f": {recorder.name_form.wanted}" if recorder.name_form else ""
    return f"a mapping, whose keys are names of your own{form}"


def _plain(bound: Bound | None) -> str:
    if isinstance(bound, Decimal):
        return f"{bound:f}"
    return f"{bound:g}" if isinstance(bound, float) else f"{bound}"
