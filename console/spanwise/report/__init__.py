"""Query results as tables, trees and sentences for a terminal, and as JSON.

rich is imported by the functions that draw, and not before.
"""

from spanwise.report.cost import cost_notes, cost_table
from spanwise.report.document import json_document
from spanwise.report.listing import errors_table, latency_table, repricings_table, traces_table
from spanwise.report.tally import RunSummary, RunTally
from spanwise.report.terminal import console
from spanwise.report.text import plain
from spanwise.report.trace import trace_summary, trace_table


__all__ = [
    "RunSummary",
    "RunTally",
    "console",
    "cost_notes",
    "cost_table",
    "errors_table",
    "json_document",
    "latency_table",
    "plain",
    "repricings_table",
    "trace_summary",
    "trace_table",
    "traces_table",
]
