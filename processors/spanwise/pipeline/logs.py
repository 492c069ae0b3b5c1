"""Redaction of log records, around the log processor a logger provider already has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk._logs import LoggerProvider, ReadWriteLogRecord
from opentelemetry.sdk.resources import Resource

from spanwise.pipeline import counters, pending, scores
from spanwise.pipeline.driver import Pipeline, pipeline_version
from spanwise.pipeline.origin import Origins, plain, sdk
from spanwise.pipeline.redacted import MARK, is_redacted
from spanwise.record import AttributeValue
from spanwise.redact import may_stay
from spanwise.semconv import attributes as attr
from spanwise.semconv import events


def install(provider: LoggerProvider, pipeline: Pipeline) -> bool:
    """Whether every log record of `provider` is now redacted before its processors see it.

    GenAI events carry the same content as spans, through another door. Cleaned are body, attributes, event name,
    severity text, resource and scope. When redaction of a record fails, its body and every attribute that is not known
    to be safe are dropped. The result of an evaluation is measured first. A flush carries out what is pending before.
    """
    processor = provider._multi_log_record_processor
    if is_redacted(provider):
        return False
    following = processor.on_emit
    vars(processor).update(
        {
            MARK: True,
            "on_emit": _on_emit(following, pipeline),
            "force_flush": _force_flush(processor.force_flush),
        }
    )
    return True


def uninstall(provider: LoggerProvider) -> None:
    """Leave `provider` as it was."""
    for name in (MARK, "on_emit", "force_flush"):
        vars(provider._multi_log_record_processor).pop(name, None)


def _on_emit(
    following: Callable[[ReadWriteLogRecord], None], pipeline: Pipeline
) -> Callable[[ReadWriteLogRecord], None]:
    origins = Origins(pipeline)

    def on_emit(record: ReadWriteLogRecord) -> None:
        log = record.log_record
        if log.event_name == events.GEN_AI_EVALUATION_RESULT:
            scores.measure(
                pipeline, plain(log.attributes), plain(record.resource.attributes if record.resource else None)
            )
        _redact(record, pipeline, origins)
        resource = record.resource
        if resource is not None:
            record.resource = origins.resource(resource)
        if record.instrumentation_scope is not None:
            scope = origins.scope(record.instrumentation_scope, resource or Resource.get_empty())
            record.instrumentation_scope = scope
        following(record)

    return on_emit


def _force_flush(following: Callable[[int], bool]) -> Callable[[int], bool]:
    def force_flush(timeout_millis: int = 30_000) -> bool:
        settled = pending.settle(timeout_millis / 1000)
        return following(timeout_millis) and settled

    return force_flush


def _redact(record: ReadWriteLogRecord, pipeline: Pipeline, origins: Origins) -> None:
    log = record.log_record
    given = plain(log.attributes)
    resource = plain(record.resource.attributes if record.resource else None)
    attributes = pipeline.clean_attributes(given, resource)
    body = pipeline.clean_value(log.body, resource)
    failed = attributes is None or (body is None and log.body is not None)
    if attributes is None or failed:
        counters.dropped(pipeline.lost)
        if log.event_name == events.GEN_AI_EVALUATION_RESULT:
            attributes = scores.remains(pipeline, given)
        else:
            attributes = {key: value for key, value in given.items() if may_stay(key, value)}
            attributes[attr.SPANWISE_CONTENT_DROPPED] = pipeline.withheld or "redaction failed"
        body = None
    if log.event_name == events.GEN_AI_EVALUATION_RESULT:
        attributes[attr.SPANWISE_PROCESSED] = pipeline_version()
    log.body = body
    if attributes != given:
        log.attributes = _bounded(attributes, record.dropped_attributes)
    log.event_name = origins.text(log.event_name) if log.event_name else log.event_name
    log.severity_text = origins.text(log.severity_text) if log.severity_text else log.severity_text
    # What it says stands in the attributes; the object itself would be a way around them.
    log.exception = None


def _bounded(attributes: Mapping[str, AttributeValue], dropped: int) -> BoundedAttributes:
    """`attributes` as the SDK keeps them, with the number of those that it had dropped."""
    bounded = BoundedAttributes(attributes=sdk(attributes), immutable=False)
    bounded.dropped += dropped
    return bounded
