"""What `spanwise reconcile` can be grouped by."""

from __future__ import annotations

from enum import StrEnum


class ReconcileBy(StrEnum):
    """What a row of a comparison is."""

    MODEL = "model"
    DAY = "day"
