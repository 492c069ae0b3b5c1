"""Redaction of log records, around the log processor a logger provider already has."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from opentelemetry.sdk._logs import LoggerProvider, ReadWriteLogRecord
from opentelemetry.util.types import AnyValue

from spanwise.pipeline.driver import Pipeline
from spanwise.record import AttributeValue
from spanwise.semconv import attributes as attr


def install(provider: LoggerProvider, pipeline: Pipeline) -> bool:
    """Whether every log record of `provider` is now redacted before its processors see it.

    GenAI events carry the same content as spans, through another door. When redaction of a record fails, its body and
    every attribute that is not known to be safe are dropped.
    """
    processor = provider._multi_log_record_processor
    if hasattr(processor, "_spanwise_redacts"):
        return False
    following = processor.on_emit
    vars(processor).update(_spanwise_redacts=True, on_emit=_on_emit(following, pipeline))
    return True


def uninstall(provider: LoggerProvider) -> None:
    """Leave `provider` as it was."""
    for name in ("_spanwise_redacts", "on_emit"):
        vars(provider._multi_log_record_processor).pop(name, None)


def _on_emit(
    following: Callable[[ReadWriteLogRecord], None], pipeline: Pipeline
) -> Callable[[ReadWriteLogRecord], None]:
    def on_emit(record: ReadWriteLogRecord) -> None:
        _redact(record, pipeline)
        following(record)

    return on_emit


def _redact(record: ReadWriteLogRecord, pipeline: Pipeline) -> None:
    log = record.log_record
    attributes: dict[str, AttributeValue] = dict(log.attributes or {})
    holder: AttributeValue = {"body": log.body, "attributes": attributes}
    cleaned = pipeline.clean_value(holder)
    if not isinstance(cleaned, dict):
        safe = {key: value for key, value in attributes.items() if key in attr.SAFE}
        cleaned = {"body": None, "attributes": {**safe, attr.SPANWISE_CONTENT_DROPPED: "redaction failed"}}
    log.body = cast("AnyValue", cleaned["body"])
    log.attributes = cast("dict[str, AnyValue]", cleaned["attributes"])
