"""A real Jaeger with our rendered files: what it took is found, whole, also after a kill."""

from __future__ import annotations

from pathlib import Path

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2_grpc

from spanwise.deploy.jaeger import compile_jaeger, setting
from spanwise.plan import Plan
from spanwise.semconv import attributes as attr
from tests.deploy.collector.trace import Trace, request
from tests.stack.deadline import until
from tests.stack.http import answers
from tests.stack.jaeger_api import JaegerApi
from tests.stack.port import free_ports
from tests.stack.process import Process
from tests.stack.server import program


MODEL = "gpt-4o"


class Jaeger(Process):
    """Jaeger with the rendered file `name`, on ports of its own; every setting of the file is set."""

    def __init__(self, name: str, folder: Path) -> None:
        (artefact,) = (artefact for artefact in compile_jaeger(Plan()) if artefact.path.stem == name)
        file = folder / "jaeger.yaml"
        file.write_text(artefact.text, encoding="utf-8")
        otlp, query, query_grpc, health, telemetry = free_ports(5)
        self.endpoint = f"127.0.0.1:{otlp}"
        self.api = JaegerApi(f"http://127.0.0.1:{query}")
        super().__init__(
            "jaeger",
            [program("jaeger"), "--config", f"file:{file}"],
            log=folder / "jaeger.log",
            is_ready=lambda: (
                answers(f"http://127.0.0.1:{health}/status") and answers(f"{self.api.url}/api/v3/services")
            ),
            env={
                setting.OTLP_PORT.name: str(otlp),
                setting.QUERY_PORT.name: str(query),
                setting.QUERY_GRPC_PORT.name: str(query_grpc),
                setting.HEALTH_PORT.name: str(health),
                setting.TELEMETRY_PORT.name: str(telemetry),
                setting.DIRECTORY.name: str(folder / "traces"),
            },
        )

    def take(self, trace: Trace) -> str:
        """Send `trace`, which is taken when this returns; its id."""
        sent = request(trace, service="shop")
        with grpc.insecure_channel(self.endpoint) as channel:
            stub = trace_service_pb2_grpc.TraceServiceStub(channel)  # type: ignore[no-untyped-call]
            stub.Export(sent, timeout=20)
        return sent.resource_spans[0].scope_spans[0].spans[0].trace_id.hex()


@pytest.mark.parametrize("name", ["jaeger", "memory"])
def test_what_it_took_is_found_and_whole(name: str, tmp_path: Path) -> None:
    """By service and by model; all spans, with content of sixty thousand characters uncut and numbers as numbers."""
    text = "x" * 60_000
    called = {attr.GEN_AI_REQUEST_MODEL: MODEL, attr.GEN_AI_USAGE_INPUT_TOKENS: 7, attr.GEN_AI_INPUT_MESSAGES: text}
    with Jaeger(name, tmp_path) as jaeger:
        trace_id = jaeger.take(Trace("call", called, more=8))
        jaeger.take(Trace("other"))
        found = until(lambda: jaeger.api.trace_ids("shop", {attr.GEN_AI_REQUEST_MODEL: MODEL}), within_s=20, what="it")
        spans = jaeger.api.trace(trace_id)
    assert found == {trace_id}
    assert len(spans) == 10
    (span,) = (span for span in spans if span.name == "call")
    assert span.attributes[attr.GEN_AI_INPUT_MESSAGES] == text
    assert span.attributes[attr.GEN_AI_USAGE_INPUT_TOKENS] == 7


def test_what_it_took_is_there_after_a_kill(tmp_path: Path) -> None:
    """On disk: every span that was taken before the kill is found after it."""
    with Jaeger("jaeger", tmp_path) as jaeger:
        taken = [jaeger.take(Trace(f"call {number}")) for number in range(50)]
        jaeger.kill()
        jaeger.start()
        missing = [trace_id for trace_id in taken if len(jaeger.api.trace(trace_id)) != 2]
    assert missing == []
