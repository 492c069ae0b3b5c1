"""The commands that read the store: reports and traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.report import (
    console,
    cost_notes,
    cost_table,
    errors_table,
    latency_table,
    trace_summary,
    trace_table,
    traces_table,
)
from spanwise.store import Dimension, Store


LAST: Final = "last"

_ID_DIGITS: Final = frozenset("0123456789abcdefABCDEF")


class QuestionError(Exception):
    """A question that has no answer as it was asked; the message says why."""


def show_cost(store: Store, by: Dimension, since: datetime | None, *, as_json: bool) -> None:
    """Print what calls cost by one dimension."""
    rows = store.cost(by, since)
    if as_json:
        show_json([{by.value: row.key, **_without_key(asdict(row))} for row in rows])
        return
    if not rows:
        _say_empty(store, "model calls", since)
        return
    show_table(cost_table(rows, by))
    say(*cost_notes(rows))
    say(f"next: spanwise report cost --by {_next_dimension(by)}, or spanwise traces")


def show_errors(store: Store, since: datetime | None, *, as_json: bool) -> None:
    """Print failed calls by error class and model."""
    rows = store.errors(since)
    if as_json:
        show_json(rows)
    elif rows:
        show_table(errors_table(rows))
        say(f"next: spanwise trace {rows[0].last_trace_id[:12]}")
    elif store.counts().calls:
        say("no model call failed; next: spanwise report latency")
    else:
        _say_empty(store, "model calls", since)


def show_latency(store: Store, since: datetime | None, *, as_json: bool) -> None:
    """Print how long calls took, by model."""
    rows = store.latency(since)
    if as_json:
        show_json(rows)
    elif rows:
        show_table(latency_table(rows))
        say("next: spanwise report errors, or spanwise traces")
    else:
        _say_empty(store, "model calls", since)


def show_traces(store: Store, limit: int, since: datetime | None, *, as_json: bool) -> None:
    """Print the newest traces."""
    rows = store.traces(limit, since)
    if as_json:
        show_json(rows)
    elif rows:
        show_table(traces_table(rows))
        say(f"next: spanwise trace {rows[0].trace_id[:12]}")
    else:
        _say_empty(store, "traces", since)


def show_trace(store: Store, wanted: str, *, as_json: bool) -> None:
    """Print one trace as a tree; `wanted` is its id, the beginning of it, or `last`.

    Raises:
        QuestionError: no trace or several are meant.
    """
    if wanted == LAST:
        trace_id = store.last_trace_id()
        if trace_id is None:
            if as_json:
                show_json([])
            else:
                _say_empty(store, "traces", None)
            return
    else:
        trace_id = _the_one(store, wanted)
    spans = store.trace(trace_id)
    if as_json:
        documents = store.documents(trace_id)
        # A span may arrive between the two reads.
        show_json([{**asdict(it), **asdict(documents[it.span_id])} for it in spans if it.span_id in documents])
        return
    screen = console()
    screen.print(trace_table(spans, ascii_only=screen.options.ascii_only))
    say(trace_summary(spans), "next: spanwise traces, or spanwise report cost --by model")


def _the_one(store: Store, wanted: str) -> str:
    if not wanted or set(wanted) - _ID_DIGITS or len(wanted) > 32:
        raise QuestionError("a trace id is 1 to 32 hexadecimal digits, or the word last")
    found: Sequence[str] = store.trace_ids(wanted, 3)
    if not found:
        raise QuestionError(f"no trace begins with {wanted} in {store.path}; see: spanwise traces")
    if len(found) > 1:
        shared = next(place for place, digits in enumerate(zip(*found, strict=True)) if len(set(digits)) > 1)
        names = ", ".join(trace_id[: shared + 4] for trace_id in found)
        raise QuestionError(f"several traces begin with {wanted}: {names}; give more digits")
    return found[0]


def _say_empty(store: Store, what: str, since: datetime | None) -> None:
    if since is not None and store.counts().spans:
        say(f"no {what} in that time; leave out --since to see all")
    else:
        say(f"no {what} in {store.path} yet; next: spanwise run python app.py")


def _without_key(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != "key"}


def _next_dimension(by: Dimension) -> Dimension:
    return Dimension.USER if by is Dimension.MODEL else Dimension.MODEL
