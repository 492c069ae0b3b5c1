"""Writes what is generated from the registry: modules, JSON schemas and reference pages.

Run as `python -m spanwise.semconv.generate` (`make generate`). Needs PyYAML, which only developers have.
"""

from spanwise.semconv.generate.output import ROOT, render, write
from spanwise.semconv.generate.registry import Registry, RegistryError


__all__ = ["ROOT", "Registry", "RegistryError", "render", "write"]
