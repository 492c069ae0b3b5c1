"""A suite's spans as its program makes them, without what differs from run to run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.dialects.suite import PROGRAMS, Suite, environment
from tests.emulator import Emulator


Json: TypeAlias = Any
"""A parsed OTLP document."""

TIMEOUT_S: Final = 120

MAX_VECTOR: Final = 64
"""Longer arrays are embeddings, of which three numbers are enough."""

_SWITCHES: Final = {
    "TRACELOOP_TRACE_CONTENT": "true",
    "TRACELOOP_TELEMETRY": "false",
    "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT": "SPAN_ONLY",
    "OTEL_SEMCONV_STABILITY_OPT_IN": "gen_ai_latest_experimental",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "DO_NOT_TRACK": "1",
    "NO_PROXY": "127.0.0.1",
}
"""Content on, telemetry of their own off."""

_VARYING: Final = (
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:1"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "2026-01-01T00:00:00Z"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "uuid"),
    (re.compile(r"\bemu-\d+\b"), "emu-1"),
    (
        re.compile(r"\b(chatcmpl|msg|toolu|call|req|fp|resp|lc_run-|run-|lc)[-_][A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*"),
        r"\1_1",
    ),
    (re.compile(r"(?<=File \")[^\"]*/"), ""),
    (re.compile(r"0x[0-9a-f]{6,}"), "0x1"),
    (re.compile(r"(_ms\\*\"): ?[0-9.e-]+"), r"\1: 1"),
    (re.compile(r"\"created\": ?\d+"), '"created": 1'),
)
_TIMING: Final = re.compile(
    r"time|duration|latency|ttft|tbt|_ms$|tokens_per_second|runtime|platform|revision|hash|hostname|thread"
)
_PLACES: Final = re.compile(
    r"\.port$|created|stack_?trace|python|sdk.version|\.pid$|run_id|call_id|lib_version|revision_id"
)


def record(suite: Suite) -> Json:
    """The scrubbed spans of `suite`'s program, run in its environment against the emulator.

    Raises:
        AssertionError: the program failed.
    """
    python = environment(suite.distributions)
    with Emulator() as emulator, tempfile.TemporaryDirectory() as folder:
        inherited = {
            key: value for key, value in os.environ.items() if not key.startswith(("OTEL_", "SPANWISE_", "LANG"))
        }
        recorded = Path(folder) / "recording.json"
        ran = subprocess.run(
            [str(python), str(PROGRAMS / f"with_{suite.name}.py")],
            env={
                **inherited,
                **_SWITCHES,
                "OPENAI_BASE_URL": emulator.openai_url,
                "OPENAI_API_BASE": emulator.openai_url,
                "OPENAI_API_KEY": "k",
                "ANTHROPIC_BASE_URL": emulator.anthropic_url,
                "ANTHROPIC_API_KEY": "k",
                "RECORDING": str(recorded),
                "PYTHONHASHSEED": "0",
            },
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-3000:]
        return scrubbed(json.loads(recorded.read_text("utf-8")))


def scrubbed(document: Json) -> Json:
    """`document` with small numbers for ids, whole seconds for times, and constants for what varies."""
    spans = sorted(
        (
            (scope.get("scope", {}).get("name", ""), span)
            for resource in document["resourceSpans"]
            for scope in resource["scopeSpans"]
            for span in scope["spans"]
        ),
        key=lambda pair: int(pair[1]["startTimeUnixNano"]),
    )
    ids = {span["spanId"]: f"{number:016x}" for number, (_, span) in enumerate(spans, 1)}
    traces = {span["traceId"]: "" for _, span in spans}
    traces = {trace: f"{number:032x}" for number, trace in enumerate(traces, 1)}
    by_scope: dict[str, list[Json]] = {}
    for number, (scope, span) in enumerate(spans):
        by_scope.setdefault(scope, []).append(_span(span, number, ids, traces))
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "dialect"}}]},
                "scopeSpans": [{"scope": {"name": name}, "spans": found} for name, found in sorted(by_scope.items())],
            }
        ]
    }


def _span(span: Json, number: int, ids: dict[str, str], traces: dict[str, str]) -> Json:
    found = {
        "traceId": traces[span["traceId"]],
        "spanId": ids[span["spanId"]],
        "name": span["name"],
        "kind": span.get("kind", "SPAN_KIND_INTERNAL"),
        "startTimeUnixNano": str(1_800_000_000_000_000_000 + number * 2_000_000_000),
        "endTimeUnixNano": str(1_800_000_001_000_000_000 + number * 2_000_000_000),
        "attributes": _attributes(span.get("attributes", [])),
    }
    if parent := ids.get(span.get("parentSpanId", "")):
        found["parentSpanId"] = parent
    if span.get("events"):
        found["events"] = [
            {
                "name": event["name"],
                "timeUnixNano": found["startTimeUnixNano"],
                "attributes": _attributes(event.get("attributes", [])),
            }
            for event in span["events"]
        ]
    if span.get("status"):
        found["status"] = json.loads(_steady(json.dumps(span["status"])))
    return found


def _attributes(attributes: list[Json]) -> list[Json]:
    return sorted((_attribute(entry) for entry in attributes), key=lambda entry: str(entry["key"]))


def _attribute(entry: Json) -> Json:
    key, value = entry["key"], entry.get("value", {})
    if _TIMING.search(key) or _PLACES.search(key):
        value = {kind: _constant(kind) for kind in value}
    elif len(value.get("arrayValue", {}).get("values", ())) > MAX_VECTOR:
        value = {"arrayValue": {"values": value["arrayValue"]["values"][:3]}}
    return {"key": key, "value": json.loads(_steady(json.dumps(value)))}


def _constant(kind: str) -> Json:
    return {"stringValue": "varies", "intValue": "1", "doubleValue": 0.5, "boolValue": True}.get(kind, {"values": []})


def _steady(text: str) -> str:
    for pattern, constant in _VARYING:
        text = pattern.sub(constant, text)
    return text
