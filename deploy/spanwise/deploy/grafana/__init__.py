"""Grafana: data sources, dashboards, alert rules, contact points."""

from spanwise.deploy.grafana.compiler import compile_grafana


__all__ = ["compile_grafana"]
