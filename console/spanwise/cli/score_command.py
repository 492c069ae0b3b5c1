"""What `spanwise score` does: scores into the store, or to the collector of the run around this process."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.command import CommandError
from spanwise.cli.output import say
from spanwise.cli.questions import QuestionError, the_one
from spanwise.cli.run import run_config
from spanwise.cli.score_file import read_scores, value_of
from spanwise.cli.score_source import ScoreSource
from spanwise.policy import find_policy
from spanwise.record import ScoreRecord
from spanwise.record import score as form
from spanwise.report import plain
from spanwise.report.quantity import counted
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment
from spanwise.store import Store


if TYPE_CHECKING:
    from spanwise.pipeline import Pipeline

WRONG_USE: Final = 2
SOME_BAD: Final = 1

_BATCH: Final = 5_000
_SHOWN: Final = 20
_LOGS: Final = "/v1/logs"


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What scores are about, beside the trace, and who gives them. Empty texts say nothing."""

    span: str
    response_id: str
    comment: str
    source: ScoreSource
    user: str
    store: Path | None


def give_scores(said: Sequence[str], options: ScoreOptions) -> int:
    """Give the scores `said`, as `name=value`, to the trace before them or to what `options` name; 0.

    Raises:
        CommandError: they are not of this form, or nothing is named that they could be about.
        StoreError: the store cannot be used.
    """
    wanted, pairs = ("", said) if "=" in said[0] else (said[0], said[1:])
    if not pairs:
        raise CommandError("there is no score; accepted is NAME=VALUE, as helpful=1", WRONG_USE)
    store = Store(options.store)
    try:
        trace_id, span_id = _target(store, wanted, options)
        scores = [_score(pair, trace_id, span_id, options) for pair in pairs]
    except (QuestionError, TypeError, ValueError) as error:
        raise CommandError(str(error), WRONG_USE) from None
    place = deliver(scores, options.store, os.environ)
    about = f"trace {trace_id:032x}" if trace_id else f"response {plain(options.response_id)}"
    say(f"{counted(len(scores), 'score')} for {about}, in {place}; next: spanwise trace {wanted or 'last'}")
    return 0


def import_scores(file: Path, source: ScoreSource, store: Path | None) -> int:
    """Give the scores in `file`. The exit code: 0, 1 when lines of it are bad, 2 when none is good.

    Raises:
        CommandError: the file cannot be read.
        StoreError: the store cannot be used; what was written before stays, and is not written twice by another try
            where lines say their time.
    """
    found = read_scores(file, source)
    say(*(f"{file}: {plain(problem, 300)}" for problem in found.problems[:_SHOWN]))
    if len(found.problems) > _SHOWN:
        say(f"{file}: and {len(found.problems) - _SHOWN:,} more bad lines")
    if found.ignored:
        say(f"{file}: not read: {', '.join(plain(name, 40) for name in sorted(found.ignored)[:_SHOWN])}")
    if not found.scores:
        say(f"spanwise: {file}: no score in it, nothing was written")
        return WRONG_USE
    place = deliver(found.scores, store, os.environ)
    bad = f", {counted(len(found.problems), 'line')} left out" if found.problems else ""
    say(f"{counted(len(found.scores), 'score')} in {place}{bad}")
    return SOME_BAD if found.problems else 0


def deliver(scores: Sequence[ScoreRecord], path: Path | None, environ: Mapping[str, str]) -> str:
    """Hand `scores` on, cleaned; the place where they are now, in words.

    Inside `spanwise run` that is the collector of the run, which writes its store. Elsewhere, or with a `path`, it is
    the store itself: any number of processes write it by turns, a collector among them.

    Raises:
        PolicyError: the policy, which says what is redacted, has mistakes; nothing was written.
        StoreError: the store cannot be used.
    """
    from spanwise.pipeline import Pipeline

    endpoint = environ.get(environment.SPANWISE_RUN_ENDPOINT, "")
    pipeline = Pipeline(run_config(find_policy(environ)))
    store = Store(path)
    sent = bool(endpoint) and path is None
    for start in range(0, len(scores), _BATCH):
        clean = _cleaned(scores[start : start + _BATCH], pipeline)
        sent = sent and _sent(clean, endpoint)
        if not sent:
            store.write_scores(clean)
    return "the store of this run" if sent else str(store.path)


def _cleaned(scores: Sequence[ScoreRecord], pipeline: Pipeline) -> list[ScoreRecord]:
    from spanwise.pipeline.scores import process

    return [process(pipeline, score) for score in scores]


def _sent(scores: Sequence[ScoreRecord], endpoint: str) -> bool:
    from spanwise.pipeline.loopback import Loopback
    from spanwise.record.otlp_logs import request

    loopback = Loopback(endpoint)
    taken = loopback.send(_LOGS, request(scores).SerializeToString())
    loopback.close()
    return taken


def _target(store: Store, wanted: str, options: ScoreOptions) -> tuple[int, int]:
    """Trace and span ids of what is meant; 0 for what is not named."""
    if not wanted and not options.response_id:
        raise ValueError("there is no trace; accepted is a trace id, the beginning of one, last, or --response-id")
    if options.span and options.response_id:
        raise ValueError("--span and --response-id both name a call; give one of them")
    if not wanted:
        if options.span:
            raise ValueError("--span is a span of a trace; give the trace as well")
        return 0, 0
    trace_id = wanted.lower() if len(wanted) == 32 else _known(store, wanted)
    found = form.trace_id(trace_id)
    return found, _span_id(store, trace_id, options.span) if options.span else 0


def _known(store: Store, wanted: str) -> str:
    if wanted != "last":
        return the_one(store, wanted)
    last = store.last_trace_id()
    if last is None:
        raise ValueError(f"no traces in {store.path} yet; next: spanwise run python app.py")
    return last


def _span_id(store: Store, trace_id: str, wanted: str) -> int:
    if len(wanted) == 16:
        return form.span_id(wanted, "--span")
    found = [span.span_id for span in store.trace(trace_id) if span.span_id.startswith(wanted.lower())]
    if len(found) != 1:
        which = "no span begins" if not found else f"{len(found)} spans begin"
        raise ValueError(f"{which} with {plain(wanted, 16)} in trace {trace_id[:12]}; give 16 digits, or more of them")
    return int(found[0], 16)


def _score(pair: str, trace_id: int, span_id: int, options: ScoreOptions) -> ScoreRecord:
    name, equals, text = pair.partition("=")
    if not equals:
        raise ValueError(f"{plain(pair, 40)} is no score; accepted is NAME=VALUE, as helpful=1")
    attributes = form.said(
        name, value_of(text), comment=options.comment or None, source=options.source, user=options.user or None
    )
    if options.response_id:
        attributes[attr.GEN_AI_RESPONSE_ID] = form.response_id(options.response_id, "--response-id")
    return ScoreRecord(trace_id, span_id, time.time_ns(), attributes)
