"""Between OTLP log records and `ScoreRecord`.

Of all log records only the results of evaluations are read; the others are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from spanwise.record.otlp import any_value, value
from spanwise.record.received import MAX_INT64, MalformedRequest, ReceivedLogs
from spanwise.record.score import SCOPE, ScoreRecord, problem
from spanwise.record.span import AttributeValue, Resource
from spanwise.semconv import events


_NO_ID: Final = b""


def parse(body: bytes | bytearray) -> ExportLogsServiceRequest:
    """The request in `body`.

    Raises:
        MalformedRequest: `body` is no such message, holds invalid UTF-8, or nests deeper than 100 messages.
    """
    message = ExportLogsServiceRequest()
    try:
        message.MergeFromString(cast("bytes", body))
    except DecodeError:
        raise MalformedRequest("the body is not an OTLP logs request in protobuf") from None
    return message


def scores(request: ExportLogsServiceRequest) -> ReceivedLogs:
    """The results of evaluations in `request`. About 10 us for each; other records cost next to nothing."""
    found: list[ScoreRecord] = []
    others = rejected = 0
    reason = ""
    for resource_logs in request.resource_logs:
        resource = Resource(
            _attributes(resource_logs.resource.attributes),
            resource_logs.schema_url,
            resource_logs.resource.dropped_attributes_count,
        )
        for scope_logs in resource_logs.scope_logs:
            for log in scope_logs.log_records:
                if log.event_name != events.GEN_AI_EVALUATION_RESULT:
                    others += 1
                    continue
                score = _score(log, resource)
                wrong = _wrong_ids(len(log.trace_id), len(log.span_id)) or problem(score)
                if wrong:
                    rejected += 1
                    reason = reason or wrong
                else:
                    found.append(score)
    return ReceivedLogs(found, others, rejected, reason)


def request(records: Sequence[ScoreRecord]) -> ExportLogsServiceRequest:
    """One request with all `records`, in their order; neighbours with one resource share its message."""
    message = ExportLogsServiceRequest()
    resource: Resource | None = None
    for record in records:
        if resource is None or record.resource is not resource:
            resource = record.resource
            target = message.resource_logs.add(schema_url=resource.schema_url)
            target.resource.attributes.extend(_pairs(dict(resource.attributes)))
            target.scope_logs.add(scope=InstrumentationScope(name=SCOPE))
        message.resource_logs[-1].scope_logs[0].log_records.append(_log(record))
    return message


def _score(log: LogRecord, resource: Resource) -> ScoreRecord:
    return ScoreRecord(
        int.from_bytes(log.trace_id, "big"),
        int.from_bytes(log.span_id, "big"),
        min(log.time_unix_nano or log.observed_time_unix_nano, MAX_INT64),
        _attributes(log.attributes),
        resource,
    )


def _wrong_ids(trace_bytes: int, span_bytes: int) -> str:
    if trace_bytes not in {0, 16}:
        return "a trace id is not 16 bytes"
    return "" if span_bytes in {0, 8} else "a span id is not 8 bytes"


def _log(record: ScoreRecord) -> LogRecord:
    return LogRecord(
        time_unix_nano=record.time_unix_nano,
        observed_time_unix_nano=record.time_unix_nano,
        trace_id=record.trace_id.to_bytes(16, "big") if record.trace_id else _NO_ID,
        span_id=record.span_id.to_bytes(8, "big") if record.span_id else _NO_ID,
        event_name=events.GEN_AI_EVALUATION_RESULT,
        attributes=_pairs(record.attributes),
    )


def _attributes(pairs: Sequence[KeyValue]) -> dict[str, AttributeValue]:
    return {pair.key: value(pair.value) for pair in pairs}


def _pairs(attributes: dict[str, AttributeValue]) -> list[KeyValue]:
    return [KeyValue(key=key, value=any_value(item)) for key, item in attributes.items()]
