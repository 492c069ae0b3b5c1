"""Tempo: traces for TraceQL, kept as long as the policy says."""

from spanwise.deploy.tempo.compiler import compile_tempo


__all__ = ["compile_tempo"]
