"""Prometheus: the rules of a policy, their unit tests, and the server's configuration."""

from __future__ import annotations

from spanwise.deploy.prometheus.compile import compile_prometheus


__all__ = ["compile_prometheus"]
