"""OTLP over gRPC. Importing this imports grpc."""

from __future__ import annotations

from collections.abc import Callable
from concurrent import futures
from typing import TYPE_CHECKING, Any, TypeAlias

import grpc
from google.rpc import code_pb2
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

_METHOD = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
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
        self._server.add_generic_rpc_handlers((_Handlers(self._export),))
        self.port: int = self._server.add_insecure_port(f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
        if not self.port:
            raise OSError(f"cannot listen on {host}:{port} for gRPC")

    def start(self) -> None:
        """Serve."""
        self._server.start()

    def stop(self, timeout_s: float) -> None:
        """Refuse new calls; let those in progress end within `timeout_s`."""
        self._server.stop(timeout_s).wait(timeout_s)

    def _export(self, body: bytes, context: Context) -> bytes:
        try:
            with self._intake.lease() as lease:
                lease.grow(len(body))
                received = self._intake.take(body, is_json=False)
        except Refusal as refusal:
            self._intake.refused()
            details = (("grpc-status-details-bin", reply.refused(refusal, is_json=False)),)
            context.set_trailing_metadata(details)
            context.abort(_STATUS.get(refusal.code, grpc.StatusCode.INTERNAL), refusal.message)
            raise
        return reply.accepted(received, is_json=False) or ExportTraceServiceResponse().SerializeToString()


class _Handlers(_GenericHandler):
    """One method, its messages left as bytes."""

    def __init__(self, export: Callable[[bytes, Context], bytes]) -> None:
        self._handler = grpc.unary_unary_rpc_method_handler(export)

    def service(self, handler_call_details: Context) -> Context:
        """The handler of the called method, if it is ours."""
        return self._handler if handler_call_details.method == _METHOD else None
