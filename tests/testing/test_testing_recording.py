"""Recording the spans of a test, and failing it with what is wrong."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

from spanwise import testing
from spanwise.testing import record_spans, recording


CALL: Any = {
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
}


def call(provider: TracerProvider, **changes: object) -> None:
    """Make the span of one model call through `provider`."""
    attributes = {**CALL, **{name.replace("__", "."): value for name, value in changes.items()}}
    with provider.get_tracer("t").start_as_current_span("chat llama-4", kind=SpanKind.CLIENT, attributes=attributes):
        pass


def test_conforming_spans() -> None:
    """A test whose spans conform passes."""
    provider = TracerProvider()
    with record_spans(provider) as recorded:
        call(provider)
    recorded.assert_conforms()
    recorded.assert_conforms(fail_on="improvement")
    assert [span.name for span in recorded.spans] == ["chat llama-4"]


def test_failure_names_the_findings() -> None:
    """A failure says rule, attribute, how often, why and on which span; nothing milder than what failed it."""
    provider = TracerProvider()
    with record_spans(provider) as recorded:
        call(provider, gen_ai__foo=1)
        call(provider, gen_ai__foo=2)
    with pytest.raises(AssertionError) as failure:
        recorded.assert_conforms()
    assert str(failure.value).splitlines() == [
        "1 differences from the GenAI conventions:",
        "  violation missing_attribute gen_ai.foo x2: not in the registry (chat llama-4)",
    ]


def test_ignored_and_changed_rules() -> None:
    """A suite leaves out rules, changes their severity, and says how strict it is."""
    provider = TracerProvider()
    with record_spans(provider) as recorded:
        call(provider, gen_ai__foo=1)
    recorded.assert_conforms(ignore=["missing_attribute"])
    recorded.assert_conforms(severities={"missing_attribute": "improvement"})
    with pytest.raises(AssertionError, match="improvement missing_attribute"):
        recorded.assert_conforms(severities={"missing_attribute": "improvement"}, fail_on="improvement")
    with pytest.raises(ValueError, match="mild"):
        recorded.assert_conforms(fail_on="mild")
    with pytest.raises(ValueError, match="no such rule"):
        recorded.assert_conforms(ignore=["typo"])


def test_nothing_recorded_is_no_success() -> None:
    """A test that made no model call has shown nothing, unless it says that it makes none."""
    provider = TracerProvider()
    with record_spans(provider) as recorded, provider.get_tracer("t").start_as_current_span("GET /"):
        pass
    assert (len(recorded.spans), len(recorded.genai)) == (1, 0)
    with pytest.raises(AssertionError, match="0 spans about GenAI"):
        recorded.assert_conforms()
    recorded.assert_conforms(at_least=0)


def test_spans_of_other_threads() -> None:
    """Spans are recorded whichever thread ends them."""
    provider = TracerProvider()
    with record_spans(provider) as recorded:
        threads = [threading.Thread(target=call, args=(provider,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    recorded.assert_conforms(at_least=8)


def test_recordings_are_apart() -> None:
    """Each recording has what ended in its block, however they overlap, and what comes later is not added."""
    provider, other = TracerProvider(), TracerProvider()
    with record_spans(provider) as outer:
        call(provider)
        with record_spans(provider) as inner:
            call(provider)
            call(other)
        call(provider)
    call(provider)
    assert (len(outer.spans), len(inner.spans)) == (3, 1)


def test_clear() -> None:
    """What was recorded can be forgotten."""
    provider = TracerProvider()
    with record_spans(provider) as recorded:
        call(provider)
        recorded.clear()
        assert recorded.spans == ()


def test_one_processor_for_any_number_of_tests() -> None:
    """A provider that lives as long as the suite gets one processor, and is not kept alive by it."""
    provider = TracerProvider(shutdown_on_exit=False)
    for _ in range(50):
        with record_spans(provider):
            pass
    assert len(provider._active_span_processor._span_processors) == 1
    gone = weakref.ref(provider)
    del provider
    gc.collect()
    assert gone() is None


def test_too_many_spans_are_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, and a partial recording is not called conforming."""
    monkeypatch.setattr(recording, "MAX_SPANS", 2)
    provider = TracerProvider()
    with record_spans(provider) as recorded:
        for _ in range(3):
            call(provider)
    assert len(recorded.spans) == 2
    with pytest.raises(AssertionError, match="1 spans were not recorded"):
        recorded.assert_conforms()


def test_imports() -> None:
    """`spanwise.testing` needs the conventions and the SDK, and nothing else of Spanwise; the plugin only pytest."""
    code = (
        "import sys\n{0}\n"
        "own = sorted({{'.'.join(name.split('.')[:2]) for name in sys.modules if name.startswith('spanwise.')}})\n"
        "print(own, 'pytest' in sys.modules, 'opentelemetry' in sys.modules)"
    )

    def imported(statement: str) -> str:
        command = [sys.executable, "-c", code.format(statement)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    everything = "from spanwise.testing import *"
    assert imported(everything) == "['spanwise.semconv', 'spanwise.testing'] False True"
    assert imported("import spanwise.testing.plugin") == "['spanwise.testing'] True False"


def test_misspelt_name() -> None:
    """A name that is not there is an AttributeError like everywhere else."""
    with pytest.raises(AttributeError, match="no attribute 'record_span'"):
        _ = testing.record_span  # type: ignore[attr-defined]


def test_spans_are_given_back_in_order() -> None:
    """Spans stand in the order of their end."""
    provider = TracerProvider()
    with record_spans(provider) as recorded:
        tracer = provider.get_tracer("t")
        with tracer.start_as_current_span("outer"), tracer.start_as_current_span("inner"):
            pass
    assert [span.name for span in recorded.spans] == ["inner", "outer"]
