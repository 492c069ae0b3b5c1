"""Whether telemetry follows the GenAI conventions of this registry.

`check` takes OTLP/JSON or spans in memory and gives a `Report`. The rules and their ids are those of OpenTelemetry
Weaver's live check and of upstream's conformance suite.
"""

from spanwise.semconv.checker.checking import Telemetry, check, inspect_stream
from spanwise.semconv.checker.classify import is_genai
from spanwise.semconv.checker.finding import Finding, Signal
from spanwise.semconv.checker.inspection import MAX_FINDINGS, Inspection
from spanwise.semconv.checker.problem import Problem, UnreadableTelemetry
from spanwise.semconv.checker.report import Group, Report
from spanwise.semconv.checker.rule import SEVERITIES, Rule, Severity


__all__ = [
    "MAX_FINDINGS",
    "SEVERITIES",
    "Finding",
    "Group",
    "Inspection",
    "Problem",
    "Report",
    "Rule",
    "Severity",
    "Signal",
    "Telemetry",
    "UnreadableTelemetry",
    "check",
    "inspect_stream",
    "is_genai",
]
