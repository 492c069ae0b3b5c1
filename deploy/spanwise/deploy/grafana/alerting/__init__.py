"""Alerts of Grafana: the rules that Prometheus has, contact points, quiet hours; policies on request."""

from __future__ import annotations

from spanwise.deploy.grafana.alerting.compile import alerting


__all__ = ["alerting"]
