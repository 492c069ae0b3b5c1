"""The finished spans of one test."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan

from spanwise.semconv.checker import Group, Report, Severity, check, is_genai


MAX_SPANS: Final = 100_000
"""How many spans one recording keeps."""

_SHOWN: Final = 20


class RecordedSpans:
    """Finished spans in the order of their end, from any thread. Spans that were not sampled do not arrive here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spans: list[ReadableSpan] = []
        self._left_out = 0

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        """All recorded spans."""
        with self._lock:
            return tuple(self._spans)

    @property
    def genai(self) -> tuple[ReadableSpan, ...]:
        """The recorded spans that are about GenAI or MCP."""
        return tuple([span for span in self.spans if is_genai(span.attributes or {})])

    def add(self, span: ReadableSpan) -> None:
        """Keep `span`; beyond 100 000 spans it is only counted."""
        with self._lock:
            if len(self._spans) < MAX_SPANS:
                self._spans.append(span)
            else:
                self._left_out += 1

    def clear(self) -> None:
        """Forget what was recorded so far."""
        with self._lock:
            self._spans.clear()
            self._left_out = 0

    def check(self, *, ignore: Collection[str] = (), severities: Mapping[str, str] | None = None) -> Report:
        """The findings about the recorded spans; see `spanwise.semconv.checker.check`."""
        return check(self.spans, ignore=ignore, severities=severities)

    def assert_conforms(
        self,
        *,
        fail_on: str = Severity.VIOLATION,
        ignore: Collection[str] = (),
        severities: Mapping[str, str] | None = None,
        at_least: int = 1,
    ) -> None:
        """Fail the test when a recorded span differs from the conventions.

        `fail_on` is the mildest severity that fails: violation, improvement or information. `ignore` and `severities`
        are those of `check`. Fewer than `at_least` spans about GenAI or MCP fail too, because a test that recorded
        nothing shows nothing.

        Raises:
            AssertionError: with the findings, grouped, worst first. It holds no content of messages.
            ValueError: `fail_on` is no severity, or a rule does not exist.
        """
        __tracebackhide__ = True
        threshold = Severity(fail_on)
        report = self.check(ignore=ignore, severities=severities)
        seen = len(self.genai)
        if seen < at_least:
            raise AssertionError(f"{seen} spans about GenAI or MCP were recorded, expected at least {at_least}")
        if self._left_out:
            raise AssertionError(f"{self._left_out} spans were not recorded: more than {MAX_SPANS} in one test")
        if report.reaches(threshold):
            raise AssertionError(_message(report, threshold))


def _message(report: Report, threshold: Severity) -> str:
    order = list(Severity)
    groups = [one for one in report.groups() if order.index(one.severity) <= order.index(threshold)]
    lines = [f"{len(groups)} differences from the GenAI conventions:", *[_line(group) for group in groups[:_SHOWN]]]
    if len(groups) > _SHOWN:
        lines.append(f"  and {len(groups) - _SHOWN} more")
    return "\n".join(lines)


def _line(group: Group) -> str:
    about = f" {group.attribute}" if group.attribute else ""
    return (
        f"  {group.severity.value} {group.id}{about} x{group.count}: {group.example.message} ({group.example.subject})"
    )
