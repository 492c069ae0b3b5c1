"""The bodies of OTLP answers."""

from __future__ import annotations

import orjson
from google.protobuf.duration_pb2 import Duration
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsPartialSuccess, ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceResponse,
)

from spanwise.collector.refusal import Refusal
from spanwise.record.received import Received, ReceivedLogs


def accepted(received: Received, *, is_json: bool) -> bytes:
    """An `ExportTraceServiceResponse`; its partial success is set only when spans were rejected, as OTLP demands."""
    if is_json:
        partial = {"rejectedSpans": str(received.rejected), "errorMessage": received.reason}
        return orjson.dumps({"partialSuccess": partial} if received.rejected else {})
    if not received.rejected:
        return b""
    partial_success = ExportTracePartialSuccess(rejected_spans=received.rejected, error_message=received.reason)
    return ExportTraceServiceResponse(partial_success=partial_success).SerializeToString()


def accepted_logs(received: ReceivedLogs, *, is_json: bool) -> bytes:
    """An `ExportLogsServiceResponse`, which says how many log records were not kept and why."""
    count = received.rejected + received.others
    reason = received.reason or "only results of evaluations are kept here"
    if is_json:
        partial = {"rejectedLogRecords": str(count), "errorMessage": reason}
        return orjson.dumps({"partialSuccess": partial} if count else {})
    if not count:
        return b""
    partial_success = ExportLogsPartialSuccess(rejected_log_records=count, error_message=reason)
    return ExportLogsServiceResponse(partial_success=partial_success).SerializeToString()


def refused(refusal: Refusal, *, is_json: bool) -> bytes:
    """A `google.rpc.Status`; in protobuf with `RetryInfo` where trying again helps."""
    if is_json:
        return orjson.dumps({"code": refusal.code, "message": refusal.message})
    status = Status(code=refusal.code, message=refusal.message)
    if refusal.retry_after_s is not None:
        status.details.add().Pack(RetryInfo(retry_delay=Duration(seconds=refusal.retry_after_s)))
    return bytes(status.SerializeToString())
