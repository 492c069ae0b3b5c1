"""Docker Compose: Collector, Jaeger, Tempo, Prometheus, Alertmanager and Grafana on one machine."""

from spanwise.deploy.compose.compiler import compile_compose


__all__ = ["compile_compose"]
