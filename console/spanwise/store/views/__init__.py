"""Views: the questions to the store that have names, for `spanwise report`, `spanwise sql` and other programs."""

from spanwise.store.views.catalogue import VIEWS, define, keep
from spanwise.store.views.cost import COST_BY
from spanwise.store.views.view import Column, Kind, View


__all__ = ["COST_BY", "VIEWS", "Column", "Kind", "View", "define", "keep"]
