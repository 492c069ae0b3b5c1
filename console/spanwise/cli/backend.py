"""Whether a configured OTLP endpoint answers, and whether the store does."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.sdk.environment_variables import OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT

from spanwise.cli.check import Check, Verdict
from spanwise.report.quantity import counted
from spanwise.store import Store, StoreError


TIMEOUT_S: Final = 1.0


def endpoint_check(environ: Mapping[str, str]) -> Check:
    """Whether the OTLP endpoint for traces takes a connection. Nothing is sent; at most one second.

    Only host and port are shown: the rest of an endpoint may hold a secret.
    """
    variable = next((name for name in _VARIABLES if environ.get(name)), None)
    if variable is None:
        return Check("OTLP endpoint", Verdict.OK, "not set; spans stay in the local store")
    try:
        parts = urlsplit(environ[variable] if "//" in environ[variable] else f"//{environ[variable]}")
        host, port = parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        host, port = None, 0
    if not host:
        return Check("OTLP endpoint", Verdict.PROBLEM, f"{variable} is not a URL", "write http://host:4318")
    try:
        socket.create_connection((host, port), TIMEOUT_S).close()
    except OSError as error:
        reason = (error.strerror or str(error) or type(error).__name__).lower()
        fix = f"start the collector or correct {variable}"
        return Check("OTLP endpoint", Verdict.PROBLEM, f"{host}:{port} does not answer ({reason})", fix)
    return Check("OTLP endpoint", Verdict.OK, f"{host}:{port} takes connections ({variable})")


def store_check(store: Store) -> Check:
    """Whether the store can be read, and how much it holds."""
    if not store.path.exists():
        return Check("store", Verdict.OK, f"{store.path} (not there yet; spanwise run makes it)")
    try:
        counts = store.counts()
    except StoreError as error:
        sentence, _, fix = str(error).rpartition("; ")
        return Check("store", Verdict.PROBLEM, sentence or str(error), fix)
    size_mib = counts.bytes / 1024 / 1024
    found = f"{store.path}: {counted(counts.spans, 'span')}, {counted(counts.calls, 'model call')}, {size_mib:.1f} MiB"
    return Check("store", Verdict.OK, found)


_VARIABLES: Final = (OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_EXPORTER_OTLP_ENDPOINT)
