"""The environment of a program under `spanwise run`."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from opentelemetry.environment_variables import OTEL_LOGS_EXPORTER, OTEL_METRICS_EXPORTER, OTEL_TRACES_EXPORTER
from opentelemetry.sdk.environment_variables import (
    OTEL_BSP_SCHEDULE_DELAY,
    OTEL_CONFIG_FILE,
    OTEL_EXPORTER_OTLP_ENDPOINT,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT,
    OTEL_EXPORTER_OTLP_METRICS_ENDPOINT,
    OTEL_EXPORTER_OTLP_PROTOCOL,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    OTEL_RESOURCE_ATTRIBUTES,
    OTEL_SERVICE_NAME,
)

from spanwise.semconv import attributes as attr
from spanwise.semconv import environment


_SIGNALS: Final = (
    (OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT),
    (OTEL_METRICS_EXPORTER, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT),
    (OTEL_LOGS_EXPORTER, OTEL_EXPORTER_OTLP_LOGS_ENDPOINT),
)

_GRPC_PORT: Final = 4317
"""OTLP's registered port for gRPC; 4318 is the one for HTTP."""

_OPTIONS_WITH_VALUE: Final = frozenset({"-X", "-W", "--check-hash-based-pycs"})


def child_environment(
    environ: Mapping[str, str], command: Sequence[str], run_endpoint: str | None, policy: Path | None = None
) -> dict[str, str]:
    """`environ` for `command`: instrumented on start-up, under `policy`, its spans sent to `run_endpoint`.

    Whatever the user has set stays. Without an OTLP endpoint nothing else is exported, so nothing waits for a back
    end that is not there; with one, the user's own export goes on beside ours.
    """
    child = dict(environ)
    child.pop(environment.SPANWISE_RUN_ENDPOINT, None)
    if run_endpoint is not None:
        child[environment.SPANWISE_RUN_ENDPOINT] = run_endpoint
    if policy is not None:
        # Programs that it starts in other directories are under the same policy.
        child[environment.SPANWISE_POLICY] = str(policy.absolute())
    child["PYTHONPATH"] = _python_path(child.get("PYTHONPATH", ""))
    if not child.get(OTEL_CONFIG_FILE):
        _choose_exporters(child)
    child.setdefault(OTEL_BSP_SCHEDULE_DELAY, "500")
    child.setdefault(environment.SPANWISE_EXIT_TIMEOUT_S, "1")
    if not child.get(OTEL_SERVICE_NAME) and not _names_service(child.get(OTEL_RESOURCE_ATTRIBUTES, "")):
        child[OTEL_SERVICE_NAME] = service_name(command)
    return child


def service_name(command: Sequence[str]) -> str:
    """A name for what `command` runs: the script or module where it is Python, else the program."""
    program = Path(command[0]).name
    if not program.startswith(("python", "pypy")):
        return program
    arguments = iter(command[1:])
    for argument in arguments:
        if argument == "-m":
            return next(arguments, program)
        if argument in _OPTIONS_WITH_VALUE:
            next(arguments, None)
        elif argument in {"-c", "-"}:
            return program
        elif not argument.startswith("-"):
            return Path(argument).stem or program
    return program


def _python_path(python_path: str) -> str:
    """`python_path` as opentelemetry-instrument arranges it: its start-up hook first, then the working directory."""
    # Found without importing it: it would be set up in this process too, and costs 40 ms.
    spec = importlib.util.find_spec("opentelemetry.instrumentation.auto_instrumentation")
    assert spec is not None
    assert spec.origin is not None
    hook = str(Path(spec.origin).resolve().parent)
    entries = [entry for entry in python_path.split(os.pathsep) if entry and entry != hook]
    here = str(Path.cwd())
    return os.pathsep.join([hook, *([] if here in entries else [here]), *entries])


def _choose_exporters(child: MutableMapping[str, str]) -> None:
    for exporter, own_endpoint in _SIGNALS:
        endpoint = child.get(own_endpoint) or child.get(OTEL_EXPORTER_OTLP_ENDPOINT)
        child.setdefault(exporter, "otlp" if endpoint else "none")
        if endpoint:
            child.setdefault(OTEL_EXPORTER_OTLP_PROTOCOL, "grpc" if _port(endpoint) == _GRPC_PORT else "http/protobuf")


def _port(endpoint: str) -> int | None:
    try:
        return urlsplit(endpoint).port
    except ValueError:
        return None


def _names_service(resource_attributes: str) -> bool:
    return any(pair.partition("=")[0].strip() == attr.SERVICE_NAME for pair in resource_attributes.split(","))
