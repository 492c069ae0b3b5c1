"""`PrometheusApi`: what the tests ask a Prometheus."""

from __future__ import annotations

from dataclasses import dataclass

from tests.stack.http import Json, get


@dataclass(frozen=True, slots=True)
class PrometheusApi:
    """A client of the HTTP API at `url`, which has no slash at its end."""

    url: str

    def query(self, expression: str, *, at_s: float | None = None) -> list[dict[str, Json]]:
        """The samples of an instant query, each with `metric` and `value`; now, or at a time in Unix seconds."""
        when = {} if at_s is None else {"time": str(at_s)}
        answer = get(f"{self.url}/api/v1/query", query=expression, **when)
        assert answer["status"] == "success", answer
        result: list[dict[str, Json]] = answer["data"]["result"]
        return result

    def value(self, expression: str, *, at_s: float | None = None) -> float | None:
        """The value of an expression that has at most one sample; `None` when it has none."""
        found = self.query(expression, at_s=at_s)
        assert len(found) <= 1, found
        return float(found[0]["value"][1]) if found else None

    def alerts(self) -> list[dict[str, Json]]:
        """The alerts that are pending or firing now."""
        result: list[dict[str, Json]] = get(f"{self.url}/api/v1/alerts")["data"]["alerts"]
        return result

    def rules(self) -> list[dict[str, Json]]:
        """Every rule with its health and last error."""
        groups = get(f"{self.url}/api/v1/rules")["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]
