"""OpenTelemetry Collector: one file a role, for the slim distribution that tests run and for the contrib image."""

from spanwise.deploy.collector.compiler import compile_collector, role_files
from spanwise.deploy.collector.release import CONTRIB, RELEASES, SLIM, Component, Release


__all__ = ["CONTRIB", "RELEASES", "SLIM", "Component", "Release", "compile_collector", "role_files"]
