"""Kubernetes: resources of the OpenTelemetry operator, the same as plain manifests, network policies, and an image."""

from spanwise.deploy.kubernetes.compiler import compile_kubernetes


__all__ = ["compile_kubernetes"]
