"""`SdkInstrumentor`: what every instrumentor of an SDK shares."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

import wrapt
from opentelemetry.instrumentation.dependencies import DependencyConflictError
from opentelemetry.instrumentation.instrumentor import BaseInstrumentor  # type: ignore[attr-defined]
from opentelemetry.trace import Tracer, get_tracer

from spanwise.instrument.core.installed import conflict_with, own_version
from spanwise.semconv.schema import SCHEMA_URL


if TYPE_CHECKING:
    from spanwise.instrument.core.tap import Tap


class SdkInstrumentor(BaseInstrumentor):  # type: ignore[misc]
    """Takes hold of an SDK when the application imports it, not before, and lets go of it again.

    Subclasses say which distribution they need, which of its modules they hold (each is passed to the tap's `open` as
    it is imported), and in which module of ours the function `tap` is, which makes the tap of a tracer.
    """

    requirement: ClassVar[str]
    modules: ClassVar[tuple[str, ...]]
    tap: ClassVar[str]
    scope: ClassVar[str]

    _hold: Hold | None = None

    def instrumentation_dependencies(self) -> Collection[str]:
        """The supported range of the SDK."""
        return (self.requirement,)

    def _instrument(self, **kwargs: Any) -> None:
        """Open the tap, now or when the SDK is imported.

        Raises:
            DependencyConflictError: when the SDK is missing or outside the supported range. The loader of
                `opentelemetry-instrument` skips its own check for this distribution, which holds several
                instrumentors, and takes this as a reason to go on without one.
        """
        if conflict := conflict_with(self.requirement):
            raise DependencyConflictError(conflict)
        tracer = get_tracer(self.scope, own_version(), kwargs.get("tracer_provider"), schema_url=SCHEMA_URL)
        hold = Hold(self.tap, tracer)
        self._hold = hold

        def imported(module: ModuleType) -> None:
            hold.open(module)

        # A plain reference to the module that is imported already, a hook for one that is not.
        for name in self.modules:
            wrapt.register_post_import_hook(imported, name)

    def _uninstrument(self, **kwargs: Any) -> None:  # noqa: ARG002 - the base class's interface
        if self._hold is not None:
            self._hold.close()
            self._hold = None


class Hold:
    """A tap that is made when there is something to hold: its codecs are imported with the SDK, not before."""

    def __init__(self, home: str, tracer: Tracer) -> None:
        self._home = home
        self._tracer = tracer
        self._tap: Tap | None = None
        self._closed = False

    def open(self, module: ModuleType) -> None:
        """Take hold of the SDK's `module`, unless this was closed in the meantime."""
        if self._closed:
            return
        from spanwise.pipeline.boundary import shield

        shield("instrument", self._open, module)

    def _open(self, module: ModuleType) -> None:
        if self._tap is None:
            self._tap = import_module(self._home).tap(self._tracer)
        self._tap.open(module)

    def close(self) -> None:
        """Let go, for good."""
        self._closed = True
        if self._tap is not None:
            self._tap.close()
