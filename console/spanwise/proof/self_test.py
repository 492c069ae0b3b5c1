"""`prove`: values planted in every carrier of real applications, and every sink searched for them."""

from __future__ import annotations

import atexit
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from opentelemetry import metrics as metrics_api
from opentelemetry import trace as trace_api
from opentelemetry._logs import set_logger_provider

from spanwise.collector import Collector
from spanwise.measure.config import CURRENT
from spanwise.pipeline import Pipeline, PipelineConfig, leaving
from spanwise.pipeline.activation import activate
from spanwise.proof.application import Application
from spanwise.proof.canary import Mint
from spanwise.proof.carrier import LOGS, MARK, METRICS, MODEL_NAME, RESOURCE, SPANS
from spanwise.proof.disguise import SPLIT
from spanwise.proof.example import Example, examples
from spanwise.proof.matrix import Leak, Matrix, Seen
from spanwise.proof.planting import MARK_FORM, Planner, Planting
from spanwise.proof.receiver import Receiver
from spanwise.proof.search import Search
from spanwise.proof.telemetry import Consoles, application, bare, our_log, plugged
from spanwise.redact import Redactor
from spanwise.redact.document import looks_like_json
from spanwise.semconv import environment
from spanwise.store import Store


_TIMEOUT_S: Final = 30
_LABEL: Final = re.compile(r"\[[A-Z][A-Z0-9_]*\]")
_PIECE: Final = 5
"""Characters of a value of which nothing may be left."""

_SHORT: Final = 12
"""Characters of a value that chance could put into a timestamp or an id."""

_BESIDE: Final = 6
_LONG: Final = 24
"""Characters of a value that chance makes nowhere, and of a key of which half tells too much."""


class Sink(NamedTuple):
    """Bytes that arrived somewhere, and the signals that were sent there."""

    name: str
    data: bytes
    signals: tuple[str, ...] = ()
    plantings: Sequence[Planting] = ()


def prove(config: PipelineConfig, policy: Path | None = None) -> Matrix:
    """What every sink saw of values planted under the settings `config`, those of the file `policy`. About 10 s.

    One application is instrumented as `opentelemetry-instrument` does it, one exports through the exporter plug-in, one
    knows nothing of us and sends to our collector. Everything stays on this machine. To be called once in a process:
    it sets the global providers.

    Raises:
        StoreError: there is no room for the store of the collector.
    """
    begun_s = time.monotonic()
    chance = random.Random()  # noqa: S311 - nothing secret is made: the values are nobody's
    mint = Mint(judge(Redactor()), chance)
    planner = Planner(examples(), mint, chance)
    plans = [list(planner.thorough()), *[[each for each in planner.every_carrier() if _is_span(each)] for _ in "12"]]
    with _quiet(policy), tempfile.TemporaryDirectory(prefix="spanwise-proof-") as directory:
        sinks = _run(plans, config, Path(directory) / "proof.duckdb")
    return _matrix(plans, sinks, planner, time.monotonic() - begun_s)


def judge(engine: Redactor) -> Callable[[Example], bool]:
    """Says of an example whether `engine` takes its value out of it, to the last character."""

    def goes(example: Example) -> bool:
        clean, around = _LABEL.sub("", engine.text(example.text)), example.before + example.after
        pieces = {example.value[at : at + _PIECE] for at in range(max(1, len(example.value) - _PIECE + 1))}
        return not any(piece in clean and piece not in around for piece in pieces)

    def is_value(example: Example) -> bool:
        # In a sentence, and, where it is JSON whose keys may say more, as it stands.
        in_sentence = example._replace(before=f"please look at {example.before}")
        return goes(in_sentence) and (not looks_like_json(example.text) or goes(example))

    return is_value


def _run(plans: Sequence[Sequence[Planting]], config: PipelineConfig, file: Path) -> list[Sink]:
    ours, plug_in, unknown = plans
    consoles = Consoles()
    store = Store(file)
    store.prepare()
    collector = Collector(sink=store.write, pipeline=Pipeline(replace(config, semconv=CURRENT)).process, grpc_port=0)
    with ExitStack() as stack:
        receiver = stack.enter_context(Receiver())
        log = stack.enter_context(our_log())
        stack.enter_context(collector)
        target = collector.grpc_target or ""
        first = application(_texts(ours), receiver.url, target, consoles)
        _instrument(first)
        traces = [
            _plant(plugged(_texts(plug_in), receiver.url), plug_in),
            _plant(bare(_texts(unknown), target), unknown),
            _plant(first, ours),  # the last: our own counters are on its meter provider
        ]
    both = [*ours, *unknown]
    stored = b"\n".join(path.read_bytes() for path in sorted(file.parent.iterdir()))
    shown = b"\n".join(_trace_json(file, trace_id) for trace_id in traces[1:])
    return [
        Sink("OTLP/HTTP spans", receiver.received("/v1/traces"), (SPANS,), ours),
        Sink("OTLP/HTTP log records", receiver.received("/v1/logs"), (LOGS,), ours),
        Sink("OTLP/HTTP metrics", receiver.received("/v1/metrics"), (METRICS,), ours),
        Sink("console spans", consoles.spans.getvalue().encode(), (SPANS,), ours),
        Sink("console log records", consoles.logs.getvalue().encode(), (LOGS,), ours),
        Sink("console metrics", consoles.metrics.getvalue().encode(), (METRICS,), ours),
        Sink("exporter plug-in", receiver.received("/plug-in/v1/traces"), (SPANS,), plug_in),
        Sink("store file", stored, (), both),
        Sink("spanwise trace --json", shown, (SPANS,), both),
        Sink("log of spanwise", log.getvalue().encode(), (), both),
    ]


def _is_span(planting: Planting) -> bool:
    return planting.carrier.signal == SPANS or planting.carrier is RESOURCE


def _texts(plantings: Sequence[Planting]) -> dict[str, str]:
    """What the resource of an application says."""
    return {f"{MARK}.{each.mark}": each.canary.text for each in plantings if each.carrier is RESOURCE}


def _instrument(application: Application) -> None:
    """Do what `opentelemetry-instrument` does: set the providers, and run what is registered to run before."""
    assert application.logs is not None
    assert application.metrics is not None
    trace_api.set_tracer_provider(application.traces)
    set_logger_provider(application.logs)
    metrics_api.set_meter_provider(application.metrics)
    activate()
    atexit.unregister(leaving.leave)  # they are shut down below


def _plant(application: Application, plantings: Sequence[Planting]) -> str:
    """Have `application` record everything, and shut it down; the id of its trace."""
    tracer = application.traces.get_tracer("spanwise.proof")
    with tracer.start_as_current_span("proof") as root:
        for canary, carrier, mark in plantings:
            pieces = canary.disguised if canary.disguise == SPLIT else (canary.text,)
            carrier.plant(application, pieces, mark)
    for provider in application.providers():
        provider.force_flush(_TIMEOUT_S * 1000)
        provider.shutdown()
    return f"{root.get_span_context().trace_id:032x}"


def _trace_json(file: Path, trace_id: str) -> bytes:
    command = [sys.executable, "-m", "spanwise.cli", "trace", trace_id, "--json", "--store", str(file)]
    return subprocess.run(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, timeout=_TIMEOUT_S, check=False
    ).stdout


@contextmanager
def _quiet(policy: Path | None) -> Iterator[None]:
    """The environment without settings of the SDK, which might leave out what is planted, and with the policy."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("OTEL_"):
            del os.environ[name]
    if policy is not None:
        os.environ[environment.SPANWISE_POLICY] = str(policy)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def needles(planting: Planting) -> tuple[str, ...]:
    """What must not be seen: all of these together are the value.

    Of a long key its second half is enough. A short number may stand in any timestamp: it goes with what is beside it.
    """
    canary = planting.canary
    value = canary.value
    if canary.disguise == SPLIT:
        return value[: len(value) // 2], value[len(value) // 2 :]
    if canary.family == "secret" and len(value) >= _LONG:
        return (value[len(value) // 2 :],)
    if len(value) < _SHORT:
        value = f"{canary.before[-_BESIDE:]}{value}" if canary.before else f"{value}{canary.after[:_BESIDE]}"
    return (value,)


def _may_arrive(planting: Planting, sink: Sink) -> bool:
    """Whether what was planted could arrive in `sink`. Long values are looked for everywhere: chance makes none."""
    carrier = planting.carrier
    if len(planting.canary.value) >= _LONG or carrier.name == MODEL_NAME:
        return True
    return planting in sink.plantings and (not sink.signals or carrier is RESOURCE or carrier.signal in sink.signals)


def _matrix(plans: Sequence[Sequence[Planting]], sinks: Sequence[Sink], planner: Planner, seconds: float) -> Matrix:
    every = [planting for plan in plans for planting in plan]
    search = Search([needle for planting in every for needle in needles(planting)])
    mark = re.compile(MARK_FORM)
    leaks: list[Leak] = []
    seen: list[Seen] = []
    for sink in sinks:
        found = search.found(sink.data)
        leaks += [
            Leak(sink.name, each.carrier.name, each.canary.disguise, *each.canary[2::-1])
            for each in every
            if found.issuperset(needles(each)) and _may_arrive(each, sink)
        ]
        expected = [each for each in sink.plantings if each.carrier.signal in sink.signals]
        marks = set(mark.findall(sink.data)) if expected else set()
        arrived = sum(each.mark.encode() in marks for each in expected)
        seen.append(Seen(sink.name, len(sink.data), len(expected), arrived))
    return Matrix(
        planted=len(every),
        families=planner.families,
        kinds=len({each.canary.kind for each in every}),
        carriers=len({each.carrier.name for each in every}),
        rules=len({each.canary.rule for each in every}),
        unmade=sorted(planner.kinds - {each.canary.kind for each in every}),
        seen=seen,
        leaks=leaks,
        seconds=seconds,
    )
