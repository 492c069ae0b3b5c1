"""The pytest fixtures in a suite of a user's."""

from __future__ import annotations

import pytest


pytest_plugins = ["pytester"]

CONFTEST = "from spanwise.testing.plugin import genai_spans, genai_tracer_provider\n"
MODEL_CALL = """
from opentelemetry import trace
from opentelemetry.trace import SpanKind

def call(tracer=None, **more):
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "groq",
        "gen_ai.request.model": "llama-4",
        "server.address": "api.groq.com",
        "server.port": 443,
        "gen_ai.response.id": "r-1",
        "gen_ai.response.model": "llama-4",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.usage.input_tokens": 12,
        "gen_ai.usage.output_tokens": 3,
        **more,
    }
    tracer = tracer or trace.get_tracer("app")
    with tracer.start_as_current_span("chat llama-4", kind=SpanKind.CLIENT, attributes=attributes):
        pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty suite that has the fixtures, without telemetry settings of this one."""
    for name in ("OTEL_SDK_DISABLED", "OTEL_TRACES_SAMPLER", "OTEL_PYTHON_TRACER_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(app=MODEL_CALL)
    return pytester


def test_one_line(suite: pytest.Pytester) -> None:
    """One line in a test passes or fails it, with no set-up, and tests do not see each other's spans."""
    suite.makepyfile(
        test_suite="""
        from app import call

        def test_bad(genai_spans):
            call(**{"gen_ai.foo": 1})
            genai_spans.assert_conforms()

        def test_good(genai_spans):
            call()
            genai_spans.assert_conforms()

        def test_without():
            call(**{"gen_ai.foo": 1})

        def test_none(genai_spans):
            genai_spans.assert_conforms()
        """
    )
    result = suite.runpytest_subprocess("-q")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["*violation missing_attribute gen_ai.foo x1*"])
    result.stdout.fnmatch_lines(["*0 spans about GenAI or MCP were recorded*"])
    result.stdout.no_fnmatch_line("*_message(report*")


def test_global_provider_of_the_suite(suite: pytest.Pytester) -> None:
    """A provider the suite has set stays, and its other processors get the spans as well."""
    suite.makepyfile(
        test_suite="""
        from app import call
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import SimpleSpanProcessor
        from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

        exporter = InMemorySpanExporter()
        provider = TracerProvider()
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        trace.set_tracer_provider(provider)

        def test_mine(genai_spans):
            call()
            genai_spans.assert_conforms()
            assert trace.get_tracer_provider() is provider
            assert len(exporter.get_finished_spans()) == 1
        """
    )
    suite.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_another_provider(suite: pytest.Pytester) -> None:
    """A suite names its own provider by overriding one fixture; the global one is then left alone."""
    suite.makepyfile(
        test_suite="""
        import pytest
        from app import call
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider

        provider = TracerProvider()

        @pytest.fixture
        def genai_tracer_provider():
            return provider

        def test_mine(genai_spans):
            call(provider.get_tracer("app"))
            genai_spans.assert_conforms()
            assert len(genai_spans.spans) == 1
            assert isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)
        """
    )
    suite.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_foreign_provider(suite: pytest.Pytester) -> None:
    """A global provider that cannot record is an error that says so."""
    suite.makepyfile(
        test_suite="""
        from opentelemetry import trace

        trace.set_tracer_provider(trace.NoOpTracerProvider())

        def test_mine(genai_spans):
            pass
        """
    )
    result = suite.runpytest_subprocess("-q")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*the global tracer provider is a NoOpTracerProvider, not one of the SDK*"])
