"""Threads and executors that are started inside a context: their work belongs to it."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias

from opentelemetry import context as context_api

from spanwise.application.leaving import leave
from spanwise.instrument.core.association import KEY


Anything: TypeAlias = Any
"""Work of the application, and what it takes and returns."""

_lock = threading.Lock()


def follow() -> None:
    """Have threads and thread pools carry the context that they are given work in; installed once, for good.

    Only work that is handed over inside a `spanwise.context` is touched. OpenTelemetry's own instrumentation of threads
    does the same for all work; both together do no harm.
    """
    with _lock:
        if not hasattr(threading.Thread.start, "_spanwise_original"):
            _replace(threading.Thread, "start", _starting)
            _replace(ThreadPoolExecutor, "submit", _submitting)


def _replace(owner: Anything, name: str, make: Callable[[Anything], Anything]) -> None:
    original = getattr(owner, name)
    ours: Anything = functools.wraps(original)(make(original))
    ours._spanwise_original = original
    setattr(owner, name, ours)


def _starting(original: Anything) -> Anything:
    def start(thread: threading.Thread) -> None:
        here = context_api.get_current()
        # A thread object runs once, so there is nothing to put back.
        if KEY in here:
            thread.run = _within(here, thread.run)  # type: ignore[method-assign]
        original(thread)

    return start


def _submitting(original: Anything) -> Anything:
    def submit(
        pool: ThreadPoolExecutor, function: Callable[..., Anything], /, *args: Anything, **kwargs: Anything
    ) -> Anything:
        here = context_api.get_current()
        if KEY not in here:
            return original(pool, function, *args, **kwargs)
        # A pool's own thread may start now, and will do the work of others later.
        token = context_api.attach(context_api.Context())
        try:
            return original(pool, _within(here, function), *args, **kwargs)
        finally:
            leave(token)

    return submit


def _within(here: context_api.Context, work: Callable[..., Anything]) -> Callable[..., Anything]:
    def run(*args: Anything, **kwargs: Anything) -> Anything:
        token = context_api.attach(here)
        try:
            return work(*args, **kwargs)
        finally:
            leave(token)

    return run
