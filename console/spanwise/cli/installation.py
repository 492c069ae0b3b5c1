"""What is installed: versions, and who sets the SDK up."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from typing import Final

from opentelemetry.environment_variables import OTEL_TRACES_EXPORTER
from opentelemetry.instrumentation.environment_variables import OTEL_PYTHON_CONFIGURATOR, OTEL_PYTHON_DISTRO
from opentelemetry.sdk.environment_variables import OTEL_CONFIG_FILE, OTEL_SDK_DISABLED

from spanwise.cli.check import Check, Verdict
from spanwise.semconv import environment


_PACKAGES: Final = ("spanwise", "opentelemetry-api", "opentelemetry-sdk")


def version_checks() -> list[Check]:
    """The versions of what takes part in every program."""
    checks = [Check("python", Verdict.OK, platform.python_version())]
    return checks + [Check(name, Verdict.OK, installed_version(name) or "not installed") for name in _PACKAGES]


def installed_version(distribution: str) -> str | None:
    """The version of an installed distribution, `None` when it is not there."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def sdk_checks(environ: Mapping[str, str]) -> list[Check]:
    """Who configures the SDK, and what switches it off."""
    checks = [
        _chosen("distro", "opentelemetry_distro", OTEL_PYTHON_DISTRO, environ),
        _chosen("configurator", "opentelemetry_configurator", OTEL_PYTHON_CONFIGURATOR, environ),
    ]
    if path := environ.get(OTEL_CONFIG_FILE):
        checks.append(
            Check("configuration file", Verdict.OK, f"{OTEL_CONFIG_FILE}={path}; OTEL_* settings are ignored")
        )
    else:
        exporter = environ.get(OTEL_TRACES_EXPORTER) or "none beside the local store"
        checks.append(Check("traces exporter", Verdict.OK, exporter))
    if environ.get(OTEL_SDK_DISABLED, "").strip().lower() == "true":
        found = f"{OTEL_SDK_DISABLED} is true: no spans are made"
        checks.append(Check("SDK", Verdict.PROBLEM, found, f"unset {OTEL_SDK_DISABLED}"))
    if environ.get(environment.SPANWISE_PIPELINE, "").lower() == "off":
        found = f"{environment.SPANWISE_PIPELINE} is off: spans are neither priced nor redacted nor recorded here"
        checks.append(Check("pipeline", Verdict.PROBLEM, found, f"unset {environment.SPANWISE_PIPELINE}"))
    return checks


def content_check(environ: Mapping[str, str]) -> Check:
    """Whether message content is captured."""
    name = environment.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT
    level = environ.get(name, "").strip().upper()
    if level in {"", "NO_CONTENT", "FALSE"}:
        return Check("message content", Verdict.OK, f"not captured ({name}=SPAN_ONLY captures it, redacted)")
    if level in {"SPAN_ONLY", "EVENT_ONLY", "SPAN_AND_EVENT", "TRUE"}:
        return Check("message content", Verdict.OK, f"captured, redacted ({name}={level})")
    fix = f"set {name} to NO_CONTENT, SPAN_ONLY, EVENT_ONLY or SPAN_AND_EVENT"
    return Check("message content", Verdict.PROBLEM, f"{name} has a value that is not known", fix)


def _chosen(what: str, group: str, variable: str, environ: Mapping[str, str]) -> Check:
    found = list(entry_points(group=group))
    wanted = environ.get(variable)
    fitting = [entry for entry in found if wanted in {None, entry.name}]
    if not fitting:
        missing = f"{variable}={wanted} names none that is installed" if wanted else "none installed"
        fix = f"unset {variable}" if wanted else "pip install opentelemetry-distro"
        return Check(what, Verdict.PROBLEM, missing, fix)
    if len(fitting) == 1:
        return Check(what, Verdict.OK, _label(fitting[0]))
    names = ", ".join(_label(entry) for entry in fitting)
    return Check(what, Verdict.PROBLEM, f"several are installed and the first found wins: {names}", f"set {variable}")


def _label(entry: EntryPoint) -> str:
    return f"{entry.name} ({entry.dist.name if entry.dist else entry.module})"
