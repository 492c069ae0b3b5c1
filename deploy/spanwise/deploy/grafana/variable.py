"""Template variables: what the reader of a dashboard may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spanwise.deploy.grafana.source import Source


EVERYTHING: Final = ".*"
"""What `All` stands for. It also matches series that lack the label, so a dashboard works where nobody sets it."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A choice of values of one label.

    Attributes:
        name: Stands as `$name` in queries.
        title: What the reader sees.
        about: What it means.
        label: The label whose values are offered.
        series: The series that has them.
        after: Matchers of variables before it, so that only what is left is offered.
    """

    name: str
    title: str
    about: str
    label: str
    series: str
    after: tuple[str, ...] = ()

    @property
    def matcher(self) -> str:
        """The condition that it puts on a series."""
        return f'{self.label}=~"${self.name}"'

    def document(self) -> dict[str, object]:
        """What Grafana reads."""
        chosen = f"{{{', '.join(self.after)}}}" if self.after else ""
        query = f"label_values({self.series}{chosen}, {self.label})"
        return {
            "type": "query",
            "name": self.name,
            "label": self.title,
            "description": self.about,
            "datasource": Source.PROMETHEUS.document(),
            "definition": query,
            "query": {"qryType": 1, "query": query, "refId": "PrometheusVariableQueryEditor-VariableQuery"},
            "refresh": 2,
            "sort": 1,
            "multi": True,
            "includeAll": True,
            "allValue": EVERYTHING,
            "current": {"text": ["All"], "value": ["$__all"]},
            "options": [],
            "hide": 0,
            "skipUrlSync": False,
        }


def source_variable(source: Source) -> dict[str, object]:
    """The choice of a data source, the provisioned one unless the reader takes another."""
    title = source.value.capitalize()
    return {
        "type": "datasource",
        "name": source.variable,
        "label": title,
        "query": source.value,
        "regex": "",
        "refresh": 1,
        "multi": False,
        "includeAll": False,
        "current": {"text": title, "value": source.uid},
        "options": [],
        "hide": 0,
        "skipUrlSync": False,
    }
