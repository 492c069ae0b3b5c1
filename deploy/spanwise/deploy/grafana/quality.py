"""The page about what models answer: scores, how answers end, and what redaction took out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spanwise.alert.behaviour import LOW_SCORE
from spanwise.alert.calls import REFUSALS, TRUNCATION
from spanwise.alert.telemetry import REDACT, REDACTION_FAILURES
from spanwise.deploy.grafana import link
from spanwise.deploy.grafana.dashboard import Dashboard, Row
from spanwise.deploy.grafana.limit import ceiling, floor, threshold
from spanwise.deploy.grafana.panel import BARS, BLUE, HEATMAP, TIME_SERIES, Panel, Query, Step, legend, stat
from spanwise.deploy.grafana.promql import PER_HOUR, RANGE, Histogram, increase, named, or_none, or_zero, rate, share
from spanwise.deploy.grafana.vocabulary import (
    ERROR,
    EVALUATION,
    FINISH_REASON,
    MODEL,
    PROMPT,
    SERVICE,
    VERSION,
    Vocabulary,
    series,
)
from spanwise.deploy.series import label_name
from spanwise.semconv import attributes as attr
from spanwise.semconv import metrics, values


if TYPE_CHECKING:
    from spanwise.plan import Plan

_ENDED: Final = series(metrics.SPANWISE_RESPONSES)
_SCORE: Final = series(metrics.SPANWISE_SCORE)
_TAKEN_OUT: Final = series(metrics.SPANWISE_PIPELINE_REDACTIONS)
_ERRORS: Final = series(metrics.SPANWISE_PIPELINE_ERRORS)
_DROPPED: Final = series(metrics.SPANWISE_PIPELINE_DROPPED)
_KIND: Final = label_name(attr.SPANWISE_REDACTION_KIND)
_STEP: Final = label_name(attr.SPANWISE_STEP)
_REASON: Final = label_name(attr.SPANWISE_REASON)
_REFUSED: Final = "|".join((values.SPANWISE_FINISH_REASON_CONTENT_FILTER, values.SPANWISE_FINISH_REASON_REFUSAL))


def quality(plan: Plan, words: Vocabulary) -> Dashboard:
    """How good answers are, how they end, and what was kept out of telemetry."""
    return Dashboard(
        uid=words.uid("quality"),
        title=words.title("Quality and safety"),
        about="Scores of evaluations, refusals, answers cut off, and secrets and personal data that were taken out.",
        rows=(
            Row("Now", _now(plan, words)),
            Row("Scores of evaluations", _scores(plan, words)),
            Row("How answers end", _endings(plan, words)),
            Row("Secrets and personal data", _privacy(words)),
        ),
        variables=words.variables,
        since="now-24h",
        refresh="5m",
        tags=words.tags,
    )


def _scores_of(words: Vocabulary) -> Histogram:
    # An evaluation knows its service and, where the policy allows it, its prompt, but no model.
    known = {PROMPT, VERSION}
    own = tuple(one.matcher for one in words.variables if one.label in known)
    return Histogram(_SCORE, (*words.of_process, *own))


def _ratio(words: Vocabulary, reasons: str, *, of: tuple[str, ...] = (), window: str = RANGE) -> str:
    chosen = (*words.of_calls, f'{FINISH_REASON}=~"{reasons}"')
    return share(rate(_ENDED, chosen, of=of, window=window), rate(_ENDED, words.of_calls, of=of, window=window))


def _now(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    scores = _scores_of(words)
    failures = increase(_ERRORS, (*words.of_process, f'{_STEP}="{REDACT}"'))
    return (
        stat(
            "Mean score",
            "Of all evaluations in the time shown, out of 1. Red: below what the policy accepts.",
            scores.mean(window=RANGE),
            "percentunit",
            steps=floor(threshold(plan, LOW_SCORE.thresholds[0].key)),
            instant=True,
        ),
        stat(
            "Evaluations",
            "How many scores that mean is made of. A handful says nothing.",
            scores.count(window=RANGE, function="increase"),
            decimals=0,
            instant=True,
        ),
        stat(
            "Declined",
            "Share of answers that the model refused or a filter of the provider stopped, in the time shown.",
            _ratio(words, _REFUSED),
            "percentunit",
            steps=ceiling(threshold(plan, REFUSALS.thresholds[0].key)),
            instant=True,
        ),
        stat(
            "Cut off",
            "Share of answers that a limit of tokens ended in the middle. Raise the limit, or ask for less.",
            _ratio(words, values.SPANWISE_FINISH_REASON_LENGTH),
            "percentunit",
            steps=ceiling(threshold(plan, TRUNCATION.thresholds[0].key)),
            instant=True,
        ),
        stat(
            "Taken out",
            "Values of secrets and personal data that redaction replaced, in the time shown.",
            or_zero(increase(_TAKEN_OUT, words.of_process)),
            steps=(Step(BLUE),),
            decimals=0,
            instant=True,
        ),
        stat(
            "Failures of redaction",
            "What could not be read was dropped, not passed on. Anything above 0 wants a look: see Pipeline health.",
            or_zero(failures),
            steps=ceiling(threshold(plan, REDACTION_FAILURES.thresholds[0].key)),
            decimals=0,
            instant=True,
        ),
    )


def _scores(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    scores = _scores_of(words)
    line = floor(threshold(plan, LOW_SCORE.thresholds[0].key))
    mean = named(scores.mean(of=(EVALUATION, PROMPT, VERSION), window="1h"), PROMPT, "(no prompt)")
    return (
        Panel(
            TIME_SERIES,
            "Mean score by evaluation",
            "Over an hour, out of 1. The dashed line is where an alert rings.",
            (Query(scores.mean(of=(EVALUATION,), window="1h"), legend(EVALUATION)),),
            "percentunit",
            steps=line,
            lines=True,
            most=1,
            links=(link.traces("Poor answers", f"span.{attr.GEN_AI_EVALUATION_SCORE_VALUE} < 0.5"),),
        ),
        Panel(
            TIME_SERIES,
            "Mean score by prompt version",
            "Over an hour. Compare a new version with the one before it. Versions need the labels gen_ai.prompt.name "
            "and gen_ai.prompt.version in measure.labels; without them there is one line for each evaluation.",
            (Query(mean, legend(EVALUATION, PROMPT, VERSION)),),
            "percentunit",
            steps=line,
            lines=True,
            most=1,
        ),
        Panel(
            HEATMAP,
            "Scores",
            "How many evaluations a second fell into each tenth. A mean of 0.8 may be all good or four in five.",
            (Query(scores.buckets(window="1h"), "{{le}}"),),
            "percentunit",
        ),
    )


def _endings(plan: Plan, words: Vocabulary) -> tuple[Panel, ...]:
    panels = [
        Panel(
            TIME_SERIES,
            "How answers end",
            "stop: the model was done. tool_call: it wants a tool. length: cut off. content_filter and refusal: "
            "declined. error: the call failed.",
            (Query(rate(_ENDED, words.of_calls, of=(FINISH_REASON,)), legend(FINISH_REASON)),),
            "reqps",
            stacked="percent",
        )
    ]
    for title, reasons, alert, about in (
        ("Declined by model", _REFUSED, REFUSALS, "Share of answers refused by the model or stopped by a filter."),
        ("Cut off by model", values.SPANWISE_FINISH_REASON_LENGTH, TRUNCATION, "Share of answers ended by a limit."),
    ):
        panels.append(
            Panel(
                TIME_SERIES,
                title,
                f"{about} Over 30 minutes; the dashed line is where an alert rings.",
                (Query(_ratio(words, reasons, of=(MODEL,), window="30m"), legend(MODEL)),),
                "percentunit",
                steps=ceiling(threshold(plan, alert.thresholds[0].key)),
                lines=True,
                links=(link.of_model(f'span.{attr.GEN_AI_RESPONSE_FINISH_REASONS} =~ ".*({reasons}).*"'),),
            )
        )
    return tuple(panels)


def _privacy(words: Vocabulary) -> tuple[Panel, ...]:
    taken = rate(_TAKEN_OUT, words.of_process, of=(_KIND,))
    kinds = increase(_TAKEN_OUT, words.of_process, of=(_KIND,))
    dropped = rate(_DROPPED, words.of_process, of=(SERVICE, _REASON))
    failed = rate(_ERRORS, (*words.of_process, f'{_STEP}="{REDACT}"'), of=(SERVICE, ERROR))
    return (
        Panel(
            TIME_SERIES,
            "Taken out by kind, per hour",
            "Values that redaction replaced by a label before anything left the process. A new kind of secret in "
            "prompts is a leak upstream: find where it is put there.",
            (Query(f"{PER_HOUR} {taken}", legend(_KIND)),),
            "short",
            stacked="normal",
        ),
        Panel(
            BARS,
            "Kinds",
            "The twenty most frequent kinds in the time shown.",
            (Query(f"sort_desc(topk(20, {kinds}))", legend(_KIND), instant=True),),
            "short",
            steps=(Step(BLUE),),
            decimals=0,
        ),
        Panel(
            TIME_SERIES,
            "Content dropped and redaction failed, per hour",
            "Items that lost content because it could not be read safely. The reason says which bound or failure.",
            (
                Query(or_none(f"{PER_HOUR} {dropped}", _REASON), f"dropped {legend(SERVICE, _REASON)}"),
                Query(or_none(f"{PER_HOUR} {failed}", ERROR), f"failed {legend(SERVICE, ERROR)}"),
            ),
            "short",
        ),
    )
