"""OTLP over gRPC. Importing this imports grpc."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent import futures
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import grpc
from google.rpc import code_pb2
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from spanwise.collector import reply
from spanwise.collector.config import CollectorConfig
from spanwise.collector.intake import Intake
from spanwise.collector.refusal import Refusal


if TYPE_CHECKING:
    # Generic in its stubs only.
    _GenericHandler: TypeAlias = grpc.GenericRpcHandler[bytes, bytes]
else:
    _GenericHandler = grpc.GenericRpcHandler

Context: TypeAlias = Any
"""A gRPC servicer context: the library has no types of its own."""

_R = TypeVar("_R")
_R_co = TypeVar("_R_co", covariant=True)


class Take(Protocol[_R_co]):
    """A method of the intake."""

    def __call__(self, body: bytes | bytearray, *, is_json: bool) -> _R_co:
        """What was queued of `body`."""
        ...


_TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
_LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
_STATUS = {
    code_pb2.INVALID_ARGUMENT: grpc.StatusCode.INVALID_ARGUMENT,
    code_pb2.RESOURCE_EXHAUSTED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    code_pb2.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
}


class GrpcServer:
    """Listens for OTLP/gRPC. Compression and framing are grpc's; the body goes to the same intake as over HTTP."""

    def __init__(self, host: str, port: int, intake: Intake, config: CollectorConfig) -> None:
        self._intake = intake
        options = [
            ("grpc.max_receive_message_length", config.max_decoded_bytes),
            ("grpc.max_concurrent_streams", config.max_connections),
            ("grpc.so_reuseport", 0),
        ]
        pool = futures.ThreadPoolExecutor(config.grpc_workers, thread_name_prefix="spanwise-grpc")
        self._server = grpc.server(pool, options=options, maximum_concurrent_rpcs=config.max_connections)
        methods = {_TRACES: self._traces}
        if intake.scoring is not None:
            methods[_LOGS] = self._logs
        self._server.add_generic_rpc_handlers((_Handlers(methods),))
        self.port: int = self._server.add_insecure_port(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        if not self.port:
            raise OSError(f"cannot listen on {host}:{port} for gRPC")

    def start(self) -> None:
        """Serve."""
        self._server.start()

    def stop(self, timeout_s: float) -> None:
        """Refuse new calls; let those in progress end within `timeout_s`."""
        self._server.stop(timeout_s).wait(timeout_s)

    def _traces(self, body: bytes, context: Context) -> bytes:
        received = self._taken(self._intake.take, body, context)
        return reply.accepted(received, is_json=False) or ExportTraceServiceResponse().SerializeToString()

    def _logs(self, body: bytes, context: Context) -> bytes:
        received = self._taken(self._intake.take_logs, body, context)
        return reply.accepted_logs(received, is_json=False) or ExportLogsServiceResponse().SerializeToString()

    def _taken(self, take: Take[_R], body: bytes, context: Context) -> _R:
        try:
            with self._intake.lease() as lease:
                lease.grow(len(body))
                return take(body, is_json=False)
        except Refusal as refusal:
            self._intake.refused()
            details = (("grpc-status-details-bin", reply.refused(refusal, is_json=False)),)
            context.set_trailing_metadata(details)
            context.abort(_STATUS.get(refusal.code, grpc.StatusCode.INTERNAL), refusal.message)
            raise


class _Handlers(_GenericHandler):
    """Methods by their names, their messages left as bytes."""

    def __init__(self, methods: Mapping[str, Callable[[bytes, Context], bytes]]) -> None:
        self._handlers = {name: grpc.unary_unary_rpc_method_handler(method) for name, method in methods.items()}

    def service(self, handler_call_details: Context) -> Context:
        """The handler of the called method, if it is ours."""
        return self._handlers.get(handler_call_details.method)
