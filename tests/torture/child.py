"""The process that runs cases in a suite's environment: `python -m tests.torture.child FD < orders`.

Reads its orders as JSON from stdin and writes a JSON line whenever it begins a case or has ended one to the file
descriptor FD, so that the cases before a crash are not lost. Needs OpenTelemetry and the SDK, spanwise not.
"""

from __future__ import annotations

import asyncio
import base64
import contextvars
import gc
import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeAlias

from google.protobuf.json_format import MessageToDict
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.torture.case import Case, Scene, cases
from tests.torture.observation import Caught
from tests.torture.sdk import TriedSdk, tried


Json: TypeAlias = Any
"""A JSON value."""

_IDS = ("traceId", "spanId", "parentSpanId")


class Child:
    """Runs the cases it was told to.

    Args:
        orders: `sdk`, `url` of the emulator, `instrumentors` (`module:Class` each), `cases` (ids).
        say: takes one JSON value for the parent.
    """

    def __init__(self, orders: Json, say: Callable[[Json], None]) -> None:
        self._sdk: TriedSdk = tried(orders["sdk"], orders["url"])
        self._instrumentors: list[str] = orders["instrumentors"]
        self._wanted: list[str] = orders["cases"]
        self._say = say
        self._exporter = InMemorySpanExporter()
        self._provider = TracerProvider(resource=Resource({"service.name": "torture"}), shutdown_on_exit=False)
        self._provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        trace.set_tracer_provider(self._provider)
        self._on: list[Any] = []

    def run(self) -> None:
        """Run those to compare with, switch the suite on, run all."""
        known = cases(self._sdk)
        wanted = [known[case] for case in self._wanted]
        bare = {}
        for case in wanted:
            if case.bare:
                self._say({"compares": case.id})
                bare[case.id] = self._run(case).facts
        if any(case.instrumented for case in wanted):
            self._instrument()
        for case in wanted:
            self._say({"began": case.id})
            scene = self._run(case)
            spans = MessageToDict(encode_spans(self._exporter.get_finished_spans()))
            ended = {"ended": case.id, "facts": scene.facts, "spans": _with_hex_ids(spans)}
            self._say(ended | ({"bare": bare[case.id]} if case.bare else {}))

    def _run(self, case: Case) -> Scene:
        gc.collect()
        # What is alive by now (an SDK has a hundred thousand objects) stays: collections in the case are quick.
        gc.freeze()
        self._exporter.clear()
        scene = Scene(self._sdk, self._provider, self._exporter, self._instrument, self._uninstrument)
        with Caught() as caught:
            # A context of its own, so that what one case leaves in it is no other's parent.
            result = contextvars.Context().run(case.run, scene)
            if inspect.iscoroutine(result):
                contextvars.Context().run(asyncio.run, result)
        if caught.error is not None:
            scene.facts["crashed"] = "".join(traceback.format_exception(caught.error))[-1500:]
            caught.error = None
        gc.collect()
        if self._on and case.expect.spans:
            scene.settle(case.expect.spans)
        return scene

    def _instrument(self) -> None:
        for written in self._instrumentors:
            module, _, name = written.partition(":")
            instrumentor = getattr(import_module(module), name)()
            instrumentor.instrument(tracer_provider=self._provider)
            self._on.append(instrumentor)

    def _uninstrument(self) -> None:
        while self._on:
            self._on.pop().uninstrument()


def _with_hex_ids(value: Json) -> Json:
    if isinstance(value, list):
        return [_with_hex_ids(item) for item in value]
    if isinstance(value, dict):
        return {
            key: base64.b64decode(item).hex() if key in _IDS and isinstance(item, str) else _with_hex_ids(item)
            for key, item in value.items()
        }
    return value


def main() -> None:
    """Take orders, carry them out."""
    descriptor = int(sys.argv[1])

    def say(value: Json) -> None:
        line = json.dumps(value).encode() + b"\n"
        while line:
            line = line[os.write(descriptor, line) :]

    Child(json.load(sys.stdin), say).run()


if __name__ == "__main__":
    main()
