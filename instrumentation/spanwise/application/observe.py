"""`observe`: steps of an application as spans."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final, ParamSpec, TypeVar, overload

from opentelemetry.util.types import AttributeValue

from spanwise.application.around import around
from spanwise.application.kind import FORMS, KINDS, StepKind
from spanwise.application.step import Anything, Step
from spanwise.application.value import identity, plain
from spanwise.instrument.core.capture import capture
from spanwise.instrument.core.orphan import ORPHANS, now_unix_nano
from spanwise.semconv import attributes as attr


P = ParamSpec("P")
R = TypeVar("R")

_QUERY: Final = "query"


class Observe:
    """`observe` itself: a decorator, with or without arguments, that also makes steps for `with`."""

    @overload
    def __call__(self, function: Callable[P, R], /) -> Callable[P, R]: ...

    @overload
    def __call__(
        self, function: None = None, /, *, kind: StepKind = "task", name: str = "", content: bool = True
    ) -> Callable[[Callable[P, R]], Callable[P, R]]: ...

    def __call__(
        self,
        function: Callable[..., Anything] | None = None,
        /,
        *,
        kind: StepKind = "task",
        name: str = "",
        content: bool = True,
    ) -> Anything:
        """Every call of the function is a step. Signature, result and exceptions stay as they are.

        Coroutine functions, generators and asynchronous generators are one step from their first to their last line;
        between two items of a generator the span is not current.

        Args:
            function: the function, where the decorator has no arguments.
            kind: `workflow`, `agent`, `tool`, `retrieval`, `rerank`, `guardrail` or `task`.
            name: of the step; by default the function's.
            content: whether arguments and result may be kept where message content is captured at all.

        Raises:
            ValueError: `kind` is none of these; when the module is imported, not when it runs.
        """
        if kind not in FORMS:
            raise ValueError(f"observe(kind={kind!r}): accepted are {', '.join(KINDS)}")
        if function is None:
            return lambda decorated: _observed(decorated, kind, name, content=content)
        return _observed(function, kind, name, content=content)

    def step(self, name: str, *, kind: StepKind = "task", **metadata: Anything) -> Step:
        """A step for `with` or `async with`.

        Args:
            name: of the step.
            kind: as for the decorator.
            metadata: anything else to say of it, as `spanwise.metadata.<key>`.

        Raises:
            ValueError: `kind` is not a kind of step.
        """
        if kind not in FORMS:
            raise ValueError(f"observe.step(kind={kind!r}): accepted are {', '.join(KINDS)}")
        said: dict[str, AttributeValue] = {}
        for key, value in metadata.items():
            if (made := plain(f"observe.step({key}=)", value)) is not None:
                said[f"{attr.SPANWISE_METADATA}.{key}"] = made
        return Step(identity("observe.step(name)", name) or "step", kind, said)


observe: Final = Observe()


def _observed(function: Callable[..., Anything], kind: str, name: str, *, content: bool) -> Callable[..., Anything]:
    called = name or getattr(function, "__name__", "step")
    said: dict[str, AttributeValue] = {}
    if kind == "tool":
        said[attr.GEN_AI_TOOL_TYPE] = "function"
        if first := (inspect.getdoc(function) or "").partition("\n")[0]:
            said[attr.GEN_AI_TOOL_DESCRIPTION] = first
    return around(function, lambda args, kwargs: _Observed(function, Step(called, kind, said), args, kwargs, content))


class _Observed:
    """The scope of one call of a function that is a step."""

    __slots__ = ("_content", "_step")

    def __init__(
        self,
        function: Callable[..., Anything],
        step: Step,
        args: tuple[Anything, ...],
        kwargs: Mapping[str, Anything],
        content: bool,  # noqa: FBT001 - handed on by the decorator
    ) -> None:
        self._step = step
        self._content = content and bool(capture())
        step.start()
        if self._content:
            step.input(_given(function, step.kind, args, kwargs))

    def inside(self) -> AbstractContextManager[object]:
        return self._step.inside()

    def ended(self, result: Anything, error: BaseException | None) -> None:
        if isinstance(error, GeneratorExit):
            # This may be the garbage collector, in the middle of anything: another thread ends the span.
            at_unix_nano = now_unix_nano()
            ORPHANS.ready()
            ORPHANS.put(lambda: self._step.end(at_unix_nano=at_unix_nano))
            return
        if error is None and self._content and result is not None:
            self._step.output(result)
        self._step.end(error)


def _given(
    function: Callable[..., Anything], kind: str, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]
) -> Anything:
    """The arguments of a call by their names; of a retrieval its query, which is the first text among them."""
    try:
        bound = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
    except (TypeError, ValueError):
        return {"args": list(args), **kwargs}
    for name in ("self", "cls"):
        bound.pop(name, None)
    if kind == "retrieval":
        texts = [value for value in bound.values() if isinstance(value, str)]
        return bound.get(_QUERY) or (texts[0] if texts else bound)
    return bound
