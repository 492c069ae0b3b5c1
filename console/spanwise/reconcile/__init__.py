"""Invoices and usage exports compared with stored calls, and the difference explained to the last digit."""

from spanwise.reconcile.comparison import Comparison, GroupBy, Period, compare
from spanwise.reconcile.invoice import Category, Invoice, InvoiceLine, Kind, Problem
from spanwise.reconcile.model_name import canonical
from spanwise.reconcile.part import Reason
from spanwise.reconcile.reading import read_invoice
from spanwise.reconcile.sentence import notes, sentences, verdict
from spanwise.reconcile.table import comparison_table, document


__all__ = [
    "Category",
    "Comparison",
    "GroupBy",
    "Invoice",
    "InvoiceLine",
    "Kind",
    "Period",
    "Problem",
    "Reason",
    "canonical",
    "compare",
    "comparison_table",
    "document",
    "notes",
    "read_invoice",
    "sentences",
    "verdict",
]
