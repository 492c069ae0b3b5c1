"""What calls of the `cohere` SDK leave follows the conventions, before and after the pipeline."""

from __future__ import annotations

import contextlib

import pytest

from spanwise.pipeline import Pipeline
from spanwise.record.sdk import from_readable
from spanwise.semconv import check
from spanwise.semconv.checker import Severity
from tests.emulator import Emulator
from tests.instrument.cohere.sdk import ERROR, RELEASE, TOOL, attempts, client
from tests.instrument.cohere.test_cohere_tap import CALLS, CHAT, STREAMS
from tests.instrument.telemetry import Telemetry


UNSAID = frozenset({"genai_expected_attribute_missing"})
"""What the API does not say: which model answered, and the id of an embedding."""


@pytest.mark.parametrize("content", ["NO_CONTENT", "SPAN_ONLY"])
def test_no_violation(telemetry: Telemetry, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    """The checker finds nothing that is wrong in any operation, whole, streamed, with tools, refused or broken off."""
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", content)
    for api, name, arguments, _ in CALLS:
        with client(emulator, api=api) as sdk:
            getattr(sdk, name)(**arguments)
    for api, name, arguments, _ in STREAMS:
        with client(emulator, api=api) as sdk:
            list(getattr(sdk, name)(**arguments))
    # Documents came with a later release of version 2.
    given = {"documents": [{"id": "d", "data": {"text": "A parcel is near."}}]} if RELEASE >= (5, 13) else {}
    with client(emulator) as sdk:
        sdk.chat(**CHAT, tools=[TOOL], temperature=0.5, k=3, seed=7, stop_sequences=["x"])
        sdk.chat(**CHAT, **given)
    for scenario in ("error_400", "stream_error", "length"):
        with client(emulator, scenario) as sdk, contextlib.suppress(ERROR):
            list(sdk.chat_stream(**CHAT, request_options=attempts(0)))
    raw = telemetry.spans()
    assert len(raw) == len(CALLS) + len(STREAMS) + 5
    pipeline = Pipeline()
    for spans in (raw, [pipeline.process(from_readable(span)) for span in raw]):
        violations = [found for found in check(spans).findings if found.severity is Severity.VIOLATION]
        assert [found for found in violations if found.id not in UNSAID] == []
