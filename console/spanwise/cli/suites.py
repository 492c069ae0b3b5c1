"""Instrumentations that are installed side by side, and what they count twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from opentelemetry.instrumentation.environment_variables import OTEL_PYTHON_DISABLED_INSTRUMENTATIONS

from spanwise.cli.check import Check, Verdict
from spanwise.cli.installation import installed_version


GROUP: Final = "opentelemetry_instrumentor"

_OURS: Final = "spanwise"

HTTP: Final = frozenset({"aiohttp", "httpx", "httpx2", "requests"})
"""Libraries that carry calls of SDKs, as most programs have one. Instrumentations of them by others make spans of
requests, which are no second span of a model call."""

_COOPERATING: Final = "opentelemetry-instrumentation-genai-"
"""The official suite: it and ours mark a call in the context, and the inner one stands aside."""

_TRACES_ITSELF_FROM: Final = 2
"""Major version of the Anthropic SDK from which it makes spans of its own."""


def suite_checks(environ: Mapping[str, str], found: Iterable[EntryPoint] | None = None) -> list[Check]:
    """What the instrumentations `found` (those installed when not given) mean for the number of spans."""
    off = {name.strip() for name in environ.get(OTEL_PYTHON_DISABLED_INSTRUMENTATIONS, "").split(",")}
    everything = sorted(entry_points(group=GROUP) if found is None else found, key=lambda entry: entry.name)
    if "*" in off:
        text = f"{OTEL_PYTHON_DISABLED_INSTRUMENTATIONS} is *: nothing is instrumented"
        return [Check("instrumentations", Verdict.PROBLEM, text, f"unset {OTEL_PYTHON_DISABLED_INSTRUMENTATIONS}")]
    active = [entry for entry in everything if entry.name not in off]
    checks = [Check("instrumentations", Verdict.OK, _listed(active))]
    checks += [
        Check(name, Verdict.PROBLEM, "switched off by name", f"take it out of {OTEL_PYTHON_DISABLED_INSTRUMENTATIONS}")
        for name in sorted(off)
        if name.startswith(f"{_OURS}-")
    ]
    return [*checks, *_collisions(active), *_doubles(active, off), *_anthropic_itself()]


def ours(found: Iterable[EntryPoint]) -> list[EntryPoint]:
    """Those of `found` that are our instrumentors."""
    return [entry for entry in found if _distribution(entry) == _OURS]


def _listed(active: list[EntryPoint]) -> str:
    own = {_subject(entry) for entry in ours(active)}
    names = [f"spanwise ({', '.join(sorted(own))})"] if own else []
    return ", ".join([*names, *(_label(entry) for entry in active if _distribution(entry) != _OURS)]) or "none"


def _subject(entry: EntryPoint) -> str:
    return entry.name.removeprefix(f"{_OURS}-")


def _collisions(active: list[EntryPoint]) -> list[Check]:
    by_name: dict[str, list[EntryPoint]] = defaultdict(list)
    for entry in active:
        by_name[entry.name].append(entry)
    return [
        Check(
            f"name {name}",
            Verdict.NOTE,
            f"used by {', '.join(_distribution(entry) for entry in sharing)}",
            f"{OTEL_PYTHON_DISABLED_INSTRUMENTATIONS}={name} switches all of them off",
        )
        for name, sharing in by_name.items()
        if len(sharing) > 1
    ]


def _doubles(active: list[EntryPoint], off: set[str]) -> list[Check]:
    checks = []
    recorded = {_subject(entry) for entry in ours(active)} - HTTP
    for entry in active:
        provider = _provider(entry, recorded)
        if provider is None or _distribution(entry) == _OURS:
            continue
        if _distribution(entry).startswith(_COOPERATING):
            found = f"{_distribution(entry)} records {provider} as well; each call is counted once"
            checks.append(Check(f"second {provider} suite", Verdict.NOTE, found))
        else:
            found = f"{_distribution(entry)} records {provider} as well: two spans for one call, of which one counts"
            disabled = ",".join(sorted({*off, entry.name} - {""}))
            fix = f"set {OTEL_PYTHON_DISABLED_INSTRUMENTATIONS}={disabled} to have one"
            checks.append(Check(f"second {provider} suite", Verdict.NOTE, found, fix))
    return checks


def _anthropic_itself() -> list[Check]:
    found = installed_version("anthropic")
    major = (found or "0").partition(".")[0]
    if not major.isdigit() or int(major) < _TRACES_ITSELF_FROM:
        return []
    text = f"its SDK {found} makes spans of its own; spanwise stands in for them"
    return [Check("anthropic", Verdict.NOTE, text)]


def _provider(entry: EntryPoint, recorded: Iterable[str]) -> str | None:
    # `openai-agents` and the like instrument a framework, whose model calls are still one span each.
    names = {_joined(entry.name), _joined(_distribution(entry))}
    fitting = [it for it in recorded if any(name.endswith(_joined(it)) for name in names)]
    return max(fitting, key=len, default=None)


def _joined(name: str) -> str:
    # llama-index, llama_index, llamaindex
    return name.lower().replace("-", "").replace("_", "")


def _distribution(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.module


def _label(entry: EntryPoint) -> str:
    return f"{entry.name} ({_distribution(entry)})"
