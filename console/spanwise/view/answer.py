"""What paths answer."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, TypeAlias

from spanwise.view import alerts, calls, prompts, reports, sessions, trace
from spanwise.view.asked import Asked
from spanwise.view.document import document
from spanwise.view.refusal import Refusal
from spanwise.view.source import Source


Answer: TypeAlias = Callable[[Source, Asked], dict[str, object]]
"""What a path of data says; raises `Refusal`."""

API: Final = "/api/"

ANSWERS: Final[Mapping[str, Answer]] = {
    "overview": calls.overview,
    "facets": calls.facets,
    "calls": calls.calls,
    "traces": calls.traces,
    "sessions": sessions.sessions,
    "session": sessions.session,
    "prompts": prompts.prompts,
    "prompt-difference": lambda _source, asked: prompts.difference(asked),
    "reports": reports.reports,
    "alerts": lambda source, _asked: alerts.alerts(source),
}
"""By the part of the path after `/api/`; a trace and a span have their ids there, too."""

PAGES: Final = frozenset({"", "calls", "traces", "trace", "sessions", "session", "prompts", "reports", "alerts"})
"""First parts of paths that the page itself answers."""


def answer(source: Source, path: str, query: str) -> bytes:
    """The JSON that `path` under `/api/` gives.

    Raises:
        Refusal: there is no such path, a parameter is not accepted, or the store cannot answer.
    """
    name, *ids = path.split("/")
    if name == "trace" and len(ids) == 1:
        return document(trace.trace(source, ids[0]))
    if name == "span" and len(ids) == 2:
        return document(trace.span(source, *ids))
    found = ANSWERS.get(name)
    if found is None or ids:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such path")
    return document(found(source, Asked.read(query)))


def tag(source: Source, path: str, query: str) -> str:
    """Changes when the answer may have: with the store, with the question, and with time where that is in it."""
    every_s = _PASSES_S.get(path) or (60 if "range=" in query else None)
    passed = int(time.time() // every_s) if every_s else 0
    return hashlib.sha256(f"{source.stamp()} {passed} {path}?{query}".encode("utf-8", "replace")).hexdigest()[:20]


_PASSES_S: Final = {"alerts": 5, "prompt-difference": 1, "reports": 60}
"""Seconds after which an answer is another although the store is the same."""
