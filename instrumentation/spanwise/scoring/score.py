"""`score`: what somebody or something made of an answer."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final, Literal, TypeAlias

from spanwise.instrument.core.orphan import ORPHANS
from spanwise.pipeline.boundary import shield
from spanwise.pipeline.redacted import is_redacted
from spanwise.record import AttributeValue
from spanwise.record.score import SCOPE, said
from spanwise.scoring.target import About, Target
from spanwise.semconv import attributes as attr
from spanwise.semconv import events, values
from spanwise.semconv.schema import SCHEMA_URL


Source: TypeAlias = Literal["human", "code", "llm", "check"]

_logger = logging.getLogger("spanwise.scoring")

_waiting: Final = threading.BoundedSemaphore(1000)
"""Scores that wait for the thread that redacts them; one more is redacted by whoever gives it."""


def score(  # noqa: PLR0913 - one keyword for each thing that can be said
    name: str,
    value: float | bool | str,  # noqa: FBT001 - True is a score
    *,
    trace: str | None = None,
    span: About | None = None,
    response_id: str | None = None,
    comment: str | None = None,
    source: Source = "code",
    user: str | None = None,
) -> None:
    """Give the score `value` for `name` to the current span, or to what is named: later, and from any process.

    Where no span is current it is about the last outermost one that ended in this thread or task, as after the step
    returned; `spanwise.score.target: last_ended` says so. Where there is none, it is left out with a warning.

    It leaves as the convention's event `gen_ai.evaluation.result`, through the global logger provider. Under
    `spanwise run` it is in the store without any set-up. Where no logger provider is set up it goes nowhere, as spans
    would. Where it is redacted, a thread of its own does that: about 20 us on the calling one.

    Args:
        name: the criterion, as `helpful`; at most 128 characters.
        value: a finite number; true or false, which are 1 and 0 with these labels; or text, a label without a number.
        trace: the id of a trace, 32 hexadecimal digits. Alone it means the whole trace.
        span: a span, its context, or its id of 16 hexadecimal digits with `trace`.
        response_id: the provider's id of the answer, as `chatcmpl-...`. It is joined to the call when it is read.
        comment: a reason in words. It is content, and redacted like all content.
        source: who gives the score: `human`, `code`, `llm` or `check`.
        user: an id of the person who gives it. It is pseudonymised where the policy says so.

    Raises:
        TypeError: an argument is of another type.
        ValueError: an argument has another form: no name, a number that is none, a malformed id, two targets.
    """
    attributes = said(name, value, comment=comment, source=source, user=user)
    target = Target.of(trace, span, response_id)
    if not target and (target := Target.last()):
        attributes[attr.SPANWISE_SCORE_TARGET] = values.SPANWISE_SCORE_TARGET_LAST_ENDED
    if not target:
        _logger.warning(
            "spanwise: score(%r): there is no current span, none has ended in this thread or task, and no target is "
            "named; the score is left out. Give it inside the step or after it, or with trace=, span= or response_id=",
            name,
        )
        return
    shield("score", _give, target, attributes)


def _give(target: Target, attributes: dict[str, AttributeValue]) -> None:
    from opentelemetry._logs import LogRecord, get_logger_provider

    if target.response_id:
        attributes[attr.GEN_AI_RESPONSE_ID] = target.response_id
    record = LogRecord(
        timestamp=time.time_ns(),
        context=target.context(),
        event_name=events.GEN_AI_EVALUATION_RESULT,
        attributes=attributes,
    )
    provider = get_logger_provider()
    emit = partial(provider.get_logger(SCOPE, schema_url=SCHEMA_URL).emit, record)
    if not is_redacted(provider) or not _waiting.acquire(blocking=False):
        emit()
        return
    ORPHANS.ready()
    ORPHANS.put(partial(_carry_out, emit))


def _carry_out(emit: Callable[[], None]) -> None:
    _waiting.release()
    shield("score", emit)
