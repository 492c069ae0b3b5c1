"""The data sources that dashboards and alert rules ask."""

from __future__ import annotations

from enum import Enum
from typing import Final


PROMETHEUS_UID: Final = "spanwise-prometheus"
TEMPO_UID: Final = "spanwise-tempo"
JAEGER_UID: Final = "spanwise-jaeger"


class Source(Enum):
    """A kind of data source; its value is Grafana's name of the type."""

    PROMETHEUS = "prometheus"
    TEMPO = "tempo"
    JAEGER = "jaeger"

    @property
    def uid(self) -> str:
        """The fixed identifier under which it is provisioned."""
        return {"prometheus": PROMETHEUS_UID, "tempo": TEMPO_UID, "jaeger": JAEGER_UID}[self.value]

    @property
    def variable(self) -> str:
        """The variable of a dashboard that holds the chosen one: Prometheus is the usual, so it needs no name."""
        return "datasource" if self is Source.PROMETHEUS else self.value

    def document(self) -> dict[str, object]:
        """How a panel names it. Through a variable, so that a dashboard also works where it is imported by hand."""
        return {"type": self.value, "uid": f"${{{self.variable}}}"}

    def target(self, expression: str) -> dict[str, object]:
        """What a query is besides its source, for a search of traces."""
        if self is Source.TEMPO:
            return {"queryType": "traceql", "query": expression, "limit": 20, "tableType": "traces"}
        return {"queryType": "search", "tags": expression, "limit": 20}
