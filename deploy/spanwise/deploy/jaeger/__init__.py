"""Jaeger v2: traces by id and by attribute, kept as long as the policy says."""

from spanwise.deploy.jaeger.compiler import compile_jaeger


__all__ = ["compile_jaeger"]
