"""The embedded store: spans in one DuckDB file that any number of processes share.

DuckDB itself is imported when a file is first opened.
"""

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
from spanwise.store.store import Store
from spanwise.store.stored_call import StoredCall, StoredPrice


__all__ = [
    "CostRow",
    "Dimension",
    "ErrorRow",
    "LatencyRow",
    "LedgerRow",
    "NewPrice",
    "RepricingRow",
    "Store",
    "StoreConfig",
    "StoreCounts",
    "StoreError",
    "StoredCall",
    "StoredDocuments",
    "StoredPrice",
    "StoredSpan",
    "TraceRow",
    "cost_amount",
    "default_path",
    "error_type",
    "is_model_call",
]
