"""What calls of the `mistralai` SDK leave follows the conventions, before and after the pipeline."""

from __future__ import annotations

import contextlib

import pytest

from spanwise.pipeline import Pipeline
from spanwise.record.sdk import from_readable
from spanwise.semconv import check
from spanwise.semconv.checker import Severity
from tests.emulator import Emulator
from tests.instrument.mistralai.sdk import ERRORS, TOOL, UNREADABLE, client, method
from tests.instrument.mistralai.test_mistralai_tap import CALLS, CHAT, STREAMS
from tests.instrument.telemetry import Telemetry


UNSAID = frozenset({"genai_expected_attribute_missing", "genai_operation_name_unknown"})
"""What the API does not say, tokens of OCR and ids of conversations, and an operation the conventions do not name."""


@pytest.mark.parametrize("content", ["NO_CONTENT", "SPAN_ONLY"])
def test_no_violation(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    """The checker finds nothing that is wrong in any operation, whole, streamed, with tools, refused or broken off."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", content)
    with client(emulator) as sdk:
        for path, arguments, _, _ in CALLS:
            method(sdk, path)(**arguments)
        for path, arguments, _ in STREAMS:
            list(method(sdk, path)(**arguments))
        sdk.chat.complete(**CHAT, tools=[TOOL], temperature=0.5, random_seed=7, stop=["x"])
    for scenario in ("error_400", "stream_error", "length"):
        with client(emulator, scenario) as sdk, contextlib.suppress(*UNREADABLE, ERRORS.SDKError):
            list(sdk.chat.stream(**CHAT))
    raw = telemetry.spans()
    assert len(raw) == len(CALLS) + len(STREAMS) + 4
    pipeline = Pipeline()
    for spans in (raw, [pipeline.process(from_readable(span)) for span in raw]):
        violations = [found for found in check(spans).findings if found.severity is Severity.VIOLATION]
        assert [found for found in violations if found.id not in UNSAID] == []
