"""One span sent the whole way, from an instrumented process to a collector."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Final

from opentelemetry.environment_variables import OTEL_TRACES_EXPORTER

from spanwise.cli.check import Check, Verdict
from spanwise.cli.child_environment import child_environment
from spanwise.record import SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


TIMEOUT_S: Final = 30.0

_NAME: Final = "spanwise doctor"

# The pipeline leaves spans alone that have nothing to do with models.
_ATTRIBUTES: Final = {attr.GEN_AI_OPERATION_NAME: values.GEN_AI_OPERATION_NAME_INVOKE_AGENT}

_PROGRAM: Final = f"""
from opentelemetry import trace
with trace.get_tracer("spanwise.doctor").start_as_current_span({_NAME!r}, attributes={_ATTRIBUTES!r}):
    pass
"""

_WHAT: Final = "test span"


class _Arrivals:
    """Remembers the spans that a collector hands over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: list[SpanRecord] = []

    def __call__(self, records: Sequence[SpanRecord]) -> None:
        with self._lock:
            self._records.extend(records)

    def probe(self) -> SpanRecord | None:
        with self._lock:
            return next((record for record in self._records if record.name == _NAME), None)


def probe_check(environ: Mapping[str, str]) -> Check:
    """Whether a span made in a child process, set up as `spanwise run` does, arrives here and is processed.

    The span is not stored and goes to no other back end. Takes about a second, at most 30.
    """
    from spanwise.collector import Collector

    arrivals = _Arrivals()
    collector = Collector(sink=arrivals)
    try:
        collector.start()
    except OSError as error:
        return Check(_WHAT, Verdict.PROBLEM, f"no collector can listen on 127.0.0.1 ({error.strerror})")
    try:
        trouble = _run_program(child_environment(environ, [sys.executable], collector.http_url), environ)
    finally:
        collector.stop(5)
    return trouble or _judged(arrivals.probe())


def _run_program(child: dict[str, str], environ: Mapping[str, str]) -> Check | None:
    if not environ.get(OTEL_TRACES_EXPORTER):
        child[OTEL_TRACES_EXPORTER] = "none"
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", _PROGRAM], env=child, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Check(_WHAT, Verdict.PROBLEM, f"a small instrumented program did not end within {TIMEOUT_S:g} s")
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return Check(
            _WHAT, Verdict.PROBLEM, f"a small instrumented program failed with {done.returncode}: {last[:200]}"
        )
    return None


def _judged(record: SpanRecord | None) -> Check:
    if record is None:
        fix = "look for an error with: OTEL_LOG_LEVEL=debug spanwise run --summary python -c pass"
        return Check(_WHAT, Verdict.PROBLEM, "made in a child process, but it did not arrive", fix)
    if attr.SPANWISE_PROCESSED not in record.attributes:
        return Check(_WHAT, Verdict.PROBLEM, "arrived, but the pipeline had not processed it")
    return Check(_WHAT, Verdict.OK, "made in a child process, processed, received")
