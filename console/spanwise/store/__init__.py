"""The embedded store: spans in one DuckDB file that any number of processes share.

DuckDB itself is imported when a file is first opened.
"""

from typing import TYPE_CHECKING

from spanwise.store.answer import MAX_ROWS, Answer, Value
from spanwise.store.config import StoreConfig, default_path
from spanwise.store.error import StoreError
from spanwise.store.repricing import NewPrice, RepricingRow
from spanwise.store.result import (
    CostRow,
    Dimension,
    ErrorRow,
    LatencyRow,
    LedgerRow,
    StoreCounts,
    StoredDocuments,
    StoredSpan,
    TraceRow,
)
from spanwise.store.row import cost_amount, error_type, is_model_call
from spanwise.store.score import StoredScore
from spanwise.store.statement import StatementError
from spanwise.store.store import Store
from spanwise.store.stored_call import StoredCall, StoredPrice
from spanwise.store.views.view import Column, Kind, View


if TYPE_CHECKING:
    from spanwise.store.views import VIEWS


__all__ = [
    "MAX_ROWS",
    "VIEWS",
    "Answer",
    "Column",
    "CostRow",
    "Dimension",
    "ErrorRow",
    "Kind",
    "LatencyRow",
    "LedgerRow",
    "NewPrice",
    "RepricingRow",
    "StatementError",
    "Store",
    "StoreConfig",
    "StoreCounts",
    "StoreError",
    "StoredCall",
    "StoredDocuments",
    "StoredPrice",
    "StoredScore",
    "StoredSpan",
    "TraceRow",
    "Value",
    "View",
    "cost_amount",
    "default_path",
    "error_type",
    "is_model_call",
]


def __getattr__(name: str) -> object:
    # The views are many; who only writes spans does without.
    if name != "VIEWS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from spanwise.store.views import VIEWS

    return VIEWS
