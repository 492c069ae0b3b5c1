"""`spanwise run`: a program with instrumentation, collector and store around it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.alert_watch import told_plan, watch_of
from spanwise.cli.child import Child, held_signals
from spanwise.cli.child_environment import child_environment
from spanwise.cli.command import find_program
from spanwise.cli.recorder import Recorder
from spanwise.cli.run_budgets import beside_store, kept, told
from spanwise.cli.scoring import feedback_config, scoring
from spanwise.policy import find_policy, read_policy
from spanwise.report import json_document
from spanwise.semconv import environment
from spanwise.store import Store


if TYPE_CHECKING:
    from spanwise.collector import Collector
    from spanwise.feedback import FeedbackConfig
    from spanwise.pipeline import Pipeline, PipelineConfig


_STOP_TIMEOUT_S: Final = 15.0
"""For what has arrived to reach the store; usually 50 ms."""

_TELL_TIMEOUT_S: Final = 5.0
"""For what the last evaluation found to reach its receiver."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run reports. `summary` prints the summary even where no terminal is, `as_json` prints it as JSON."""

    store: Path | None = None
    quiet: bool = False
    summary: bool = False
    as_json: bool = False


def run(command: Sequence[str], options: RunOptions, environ: Mapping[str, str] | None = None) -> int:
    """Run `command` to its end and return its exit code.

    Nothing is written to standard output. The program runs even when no collector can be started; a store that
    cannot be used is reported before it starts.

    Raises:
        CommandError: `command` cannot be found or executed, or the key of feedback tokens is none.
        StoreError: the store cannot be used; the program was not started.
        PolicyError: the policy file has mistakes; the program was not started.
    """
    own_environ = os.environ if environ is None else environ
    from spanwise.pipeline import Pipeline

    program = find_program(command[0], own_environ)
    policy = find_policy(own_environ)
    config = run_config(policy)
    feedback = feedback_config(own_environ)
    told_of = told_plan(policy)
    store = Store(options.store)
    store.prepare()
    recorder = Recorder(store)
    with held_signals() as mask:
        pipeline = Pipeline(config, received=True)
        own_environ = beside_store(own_environ, store.path, pipeline)
        keeper = kept(pipeline, own_environ)
        watch = None
        collector = _start_collector(recorder, pipeline, feedback)
        try:
            endpoint = collector.http_url if collector else None
            child = Child(program, command, child_environment(own_environ, command, endpoint, policy), mask)
            # From here on this process creates files for the store only; DuckDB's log of a write is one of them.
            os.umask(0o077)
            if collector and told_of:
                watch = watch_of(told_of, store, keeps_budgets=keeper is not None)
                watch.start()
            if collector:
                # While the program starts, so that a short one is not waited for longer than it ran.
                threading.Thread(target=pipeline.prepare, name="spanwise-prepare", daemon=True).start()
            code = child.wait()
        finally:
            if collector:
                collector.stop(_STOP_TIMEOUT_S)
            if watch:
                watch.stop(_TELL_TIMEOUT_S)
            if keeper:
                keeper.close()
    if collector:
        _report(recorder, options, own_environ)
    return code


def run_config(policy: Path | None) -> PipelineConfig:
    """The settings of the collector around a program: those of the policy, in the convention that the store keeps.

    Raises:
        PolicyError: the file has mistakes.
    """
    from spanwise.measure.config import CURRENT
    from spanwise.pipeline import PipelineConfig

    if policy is None:
        return PipelineConfig()
    return replace(PipelineConfig.from_policy(read_policy(policy)), semconv=CURRENT)


def _start_collector(recorder: Recorder, pipeline: Pipeline, feedback: FeedbackConfig) -> Collector | None:
    from spanwise.collector import Collector

    collector = Collector(
        sink=recorder,
        pipeline=pipeline.process,
        scoring=scoring(recorder, pipeline, feedback),
        budgets=told(pipeline),
    )
    try:
        collector.start()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        sys.stderr.write(f"spanwise: nothing is recorded, the collector cannot listen on this machine ({reason})\n")
        return None
    return collector


def _report(recorder: Recorder, options: RunOptions, environ: Mapping[str, str]) -> None:
    if options.quiet:
        return
    lines = [recorder.complaint()]
    if options.as_json:
        lines.append(json_document(recorder.tally.summary(), indent=None))
    elif options.summary or (sys.stderr.isatty() and environ.get(environment.SPANWISE_SUMMARY) != "0"):
        lines.append(recorder.tally.summary().line())
    sys.stderr.write("".join(f"{line}\n" for line in lines if line))
