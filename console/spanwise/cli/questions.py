"""The commands that show traces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.report import (
    console,
    trace_summary,
    trace_table,
    traces_table,
)
from spanwise.report.score import by_span, score_notes
from spanwise.store import Store, StoredDocuments, StoredScore, StoredSpan


LAST: Final = "last"

_ID_DIGITS: Final = frozenset("0123456789abcdefABCDEF")


class QuestionError(Exception):
    """A question that has no answer as it was asked; the message says why."""


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
        trace_id = the_one(store, wanted)
    spans, scores = store.trace(trace_id), store.scores(trace_id=trace_id)
    if as_json:
        show_json(_documents(spans, store.documents(trace_id), scores))
        return
    screen = console()
    screen.print(trace_table(spans, scores, ascii_only=screen.options.ascii_only))
    whole = score_notes(by_span(scores).get(None, ()))
    say(
        trace_summary(spans),
        *(f"trace {note}" for note in whole),
        "next: spanwise traces, or spanwise report cost --by model",
    )


def _documents(
    spans: Sequence[StoredSpan], documents: Mapping[str, StoredDocuments], scores: Sequence[StoredScore]
) -> list[dict[str, object]]:
    """Each span with all it carries and its scores; those of the whole trace are at the first span, with no span id."""
    scored = by_span(scores)
    found = []
    for span in spans:
        # A span may arrive between the two reads.
        if span.span_id in documents:
            own = [*scored.pop(None, ()), *scored.get(span.span_id, ())]
            found.append({**asdict(span), **asdict(documents[span.span_id]), "scores": [asdict(it) for it in own]})
    return found


def the_one(store: Store, wanted: str) -> str:
    """The id of the one stored trace that begins with `wanted`.

    Raises:
        QuestionError: none or several do.
    """
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
