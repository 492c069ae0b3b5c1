"""`spanwise serve`: OTLP on loopback, the pipeline, the store and the alerts, until somebody ends it."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.alert_watch import plan_of, watch_of
from spanwise.cli.output import say
from spanwise.cli.run import run_config
from spanwise.cli.run_budgets import bearer, beside_store, kept, told
from spanwise.cli.scoring import feedback_config, scoring
from spanwise.policy import find_policy
from spanwise.store import Store


if TYPE_CHECKING:
    from spanwise.alerting import Watch
    from spanwise.collector import Collector
    from spanwise.collector.bearer import Bearer
    from spanwise.pipeline import Pipeline
    from spanwise.plan import Plan

_STOPPED_BY: Final = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
_STOP_TIMEOUT_S: Final = 15.0
_SUMS_PATH: Final = "/v1/budgets"
_TELL_TIMEOUT_S: Final = 10.0
_CANNOT_LISTEN: Final = 1


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where it listens and stores; port 0 takes a free one."""

    store: Path | None = None
    http_port: int = 4318
    grpc_port: int = 4317


def serve(options: ServeOptions) -> int:
    """Serve until SIGINT, SIGTERM or SIGHUP; then store what has arrived, evaluate once more, and end.

    The exit code: 0, or 1 when it cannot listen. Only this machine can send: there is no TLS and no authentication.
    Where the policy has `budget_collector`, sums of budgets are told to whoever shows its token, and to nobody else.

    Raises:
        CommandError: the key of feedback tokens is none, or the token of `budget_collector` is.
        StoreError: the store cannot be used; nothing was served.
        PolicyError: the policy has mistakes; nothing was served.
    """
    from spanwise.pipeline import Pipeline

    policy = find_policy(os.environ)
    plan = plan_of(policy)
    config = run_config(policy)
    admits = bearer(config, os.environ)
    store = Store(options.store)
    store.prepare()
    # What it says while it runs: a receiver that does not answer, a store that is in use.
    logging.basicConfig(level=logging.WARNING, format="spanwise: %(message)s")
    os.umask(0o077)
    with _held_signals():
        pipeline = Pipeline(config, received=True)
        environ = beside_store(os.environ, store.path, pipeline)
        keeper = kept(pipeline, environ)
        collector = _collector(options, store, pipeline, admits)
        watch = watch_of(plan, store, keeps_budgets=keeper is not None)
        if collector is not None:
            watch.start()
            threading.Thread(target=pipeline.prepare, name="spanwise-prepare", daemon=True).start()
            _greet(collector, store, plan)
            if admits:
                say(f"spanwise: {_SUMS_PATH} tells what budgets have spent, to who shows the token of budget_collector")
            signal.sigwait(_STOPPED_BY)
            _end(collector, watch)
        if keeper:
            keeper.close()
    return _CANNOT_LISTEN if collector is None else 0


def _collector(options: ServeOptions, store: Store, pipeline: Pipeline, admits: Bearer | None) -> Collector | None:
    from spanwise.cli.serve_sink import ServeSink
    from spanwise.collector import Collector

    sink = ServeSink(store)
    collector = Collector(
        sink=sink,
        pipeline=pipeline.process,
        http_port=options.http_port,
        grpc_port=options.grpc_port,
        scoring=scoring(sink, pipeline, feedback_config(os.environ)),
        budgets=told(pipeline),
        bearer=admits,
    )
    try:
        collector.start()
    except OSError as error:
        reason = (error.strerror or str(error) or type(error).__name__).lower()
        say(
            f"spanwise: cannot listen on 127.0.0.1, port {options.http_port} or {options.grpc_port} ({reason}); "
            "end what listens there, or choose others with --http-port and --grpc-port"
        )
        return None
    return collector


def _greet(collector: Collector, store: Store, plan: Plan) -> None:
    from spanwise.alerting import rules

    hears = [f"{severity} to {name}" for severity in ("page", "ticket") if (name := plan.alerts.receiver_of(severity))]
    say(
        f"spanwise: OTLP/HTTP on {collector.http_url}, OTLP/gRPC on {collector.grpc_target}, stored in {store.path}",
        f"spanwise: {len(rules(plan))} alert rules every {plan.alerts.interval_s} s; "
        + (", ".join(hears) if hears else "nobody is told: the policy has no alerts.receivers"),
    )


def _end(collector: Collector, watch: Watch) -> None:
    stored = collector.stop(_STOP_TIMEOUT_S)
    told_all = watch.stop(_TELL_TIMEOUT_S)
    counts = collector.counts
    say(f"spanwise: {counts.received:,} spans received, {counts.written:,} stored, {counts.dropped:,} lost")
    if not stored:
        say(f"spanwise: not everything could be stored within {_STOP_TIMEOUT_S:g} s")
    if not told_all:
        say("spanwise: a notice could not be delivered before the end")


@contextmanager
def _held_signals() -> Iterator[None]:
    """A block in which the signals that end it wait to be taken; entered before any thread is started."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPED_BY)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
