"""Query results as tables, trees and sentences for a terminal, as JSON and CSV, as pages and charts.

rich and matplotlib are imported by the functions that draw, and not before.
"""

from spanwise.report.csv_document import csv_document
from spanwise.report.document import json_document
from spanwise.report.listing import repricings_table, traces_table
from spanwise.report.tally import RunSummary, RunTally
from spanwise.report.terminal import console
from spanwise.report.text import plain
from spanwise.report.trace import trace_summary, trace_table


__all__ = [
    "RunSummary",
    "RunTally",
    "console",
    "csv_document",
    "json_document",
    "plain",
    "repricings_table",
    "trace_summary",
    "trace_table",
    "traces_table",
]
