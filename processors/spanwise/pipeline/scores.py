"""Scores on their way through the pipeline: measured once, then cleaned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spanwise.pipeline import counters
from spanwise.pipeline.driver import Pipeline, pipeline_version
from spanwise.record import AttributeValue
from spanwise.redact import DROPPED, may_stay
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.record import ScoreRecord

_SHORT: Final = (attr.GEN_AI_EVALUATION_NAME, attr.GEN_AI_EVALUATION_SCORE_LABEL, attr.GEN_AI_RESPONSE_ID)
"""Texts of a score that are words or ids: without them it says nothing."""


def process(pipeline: Pipeline, score: ScoreRecord) -> ScoreRecord:
    """`score` measured and without secrets and personal data: what a collector and a command call. Never raises.

    One that says it was processed is not measured again. It is still cleaned: a mark on what came over a network is
    only a claim. When cleaning fails or content is withheld the comment is gone; the number, and safe words, stay.
    """
    resource = score.resource.attributes
    measure(pipeline, score.attributes, resource)
    attributes = pipeline.clean_attributes(score.attributes, resource)
    if attributes is None:
        counters.dropped(pipeline.lost)
        attributes = remains(pipeline, score.attributes)
    attributes[attr.SPANWISE_PROCESSED] = pipeline_version()
    return replace(score, attributes=attributes)


def measure(
    pipeline: Pipeline, attributes: Mapping[str, AttributeValue], resource: Mapping[str, AttributeValue]
) -> None:
    """Measure the result of an evaluation, whose event has `attributes`, unless that was done before."""
    if attr.SPANWISE_PROCESSED not in attributes:
        pipeline.score(attributes, resource)


def remains(pipeline: Pipeline, attributes: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """What of the result of an evaluation can stay when nobody can say whether it is clean."""
    kept = {key: value for key, value in attributes.items() if may_stay(key, value)}
    for name in _SHORT:
        text = attributes.get(name)
        if isinstance(text, str) and text and (clean := pipeline.clean_text(text)) != DROPPED:
            kept[name] = clean
    kept[attr.SPANWISE_CONTENT_DROPPED] = pipeline.withheld or "redaction failed"
    return kept
