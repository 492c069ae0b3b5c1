"""`Runs`: the runs of one framework that are in progress, by the ids that the framework gave them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Final

from opentelemetry.context import Context, get_current, get_value
from opentelemetry.trace import Tracer

from spanwise.instrument.codec import Attributes
from spanwise.instrument.core.form import FORMS, MEMORY_FORMS
from spanwise.instrument.framework.asked import Asked
from spanwise.instrument.framework.entered import Entered
from spanwise.instrument.framework.run import KEY, Run
from spanwise.semconv import attributes as attr


MOST_RUNS: Final = 10_000
"""Runs in progress. Of more, the one that began first is ended: nobody told its end."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A run that got no span; what is inside it belongs to `parent`, whose context is entered where it has one."""

    parent: Run | None
    entered: Entered | None = None


class Runs:
    """Runs in progress. Callbacks of one run follow each other; those of different runs may come from any thread.

    Args:
        tracer: makes the spans.
    """

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._open: dict[Hashable, Run | Asked | Passed] = {}

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._open

    def __iter__(self) -> Iterator[Hashable]:
        return iter(list(self._open))

    def parent(self, key: Hashable | None) -> Run | None:
        """The run with this id, or the one that stands in for it; else the run that the current context is in."""
        found = self._open.get(key) if key is not None else None
        if isinstance(found, Asked | Passed):
            found = found.parent
        if found is None:
            here = get_value(KEY)
            found = here if isinstance(here, Run) and not here.ended else None
        return found

    def open(
        self, key: Hashable, parent_key: Hashable | None, *, kind: str, name: str, attributes: Attributes | None = None
    ) -> Run:
        """A run with its span started. `enter` it where its own code runs in this context until it ends.

        Args:
            key: the framework's id of the run.
            parent_key: the framework's id of the run around it.
            kind: of step, a key of `FORMS` or of `MEMORY_FORMS`.
            name: of the agent, tool and so on; empty where it has none of its own.
            attributes: anything else to say from the start.
        """
        parent = self.parent(parent_key)
        form = MEMORY_FORMS.get(kind) or FORMS[kind]
        said: Attributes = {form.named: name} if name else {}
        if form.operation:
            said[attr.GEN_AI_OPERATION_NAME] = form.operation
        else:
            said[attr.SPANWISE_OBSERVE_KIND] = kind
        agent = name if kind == "agent" else parent.agent if parent is not None else ""
        if kind == "tool" and agent:
            said[attr.GEN_AI_AGENT_NAME] = agent
        span = self._tracer.start_span(
            form.operation if kind in MEMORY_FORMS else f"{form.operation or kind} {name}".rstrip(),
            context=_within(parent),
            kind=form.span_kind,
            attributes={**said, **(attributes or {})},
        )
        run = Run(span, form, name=name, agent=agent)
        self._put(key, run)
        return run

    def skip(self, key: Hashable, parent_key: Hashable | None, *, enter: bool = False) -> None:
        """A run that gets no span: what is inside it belongs to the run around it.

        Args:
            key: the framework's id of the run.
            parent_key: the framework's id of the run around it.
            enter: whether the run around it is to be current until this one ends: where it is the first in its task.
        """
        parent = self.parent(parent_key)
        enter = enter and parent is not None and get_value(KEY) is not parent
        self._put(key, Passed(parent, Entered(_within(parent)) if enter else None))

    def ask(self, key: Hashable, parent_key: Hashable | None, *, name: str, attributes: Attributes) -> Asked:
        """A model is asked, by an SDK that may be instrumented: the current context is inside until `Asked.leave`.

        Args:
            key: the framework's id of the run.
            parent_key: the framework's id of the run around it.
            name: of the span, if it gets one.
            attributes: of the request.
        """
        parent = self.parent(parent_key)
        asked = Asked(self._tracer, parent, _within(parent), name=name, attributes=attributes)
        self._put(key, asked)
        return asked

    def run(self, key: Hashable | None) -> Run | None:
        """The run in progress with this id, if it has a span."""
        found = self._open.get(key)
        return found if isinstance(found, Run) else None

    def asked(self, key: Hashable | None) -> Asked | None:
        """The model call in progress with this id."""
        found = self._open.get(key)
        return found if isinstance(found, Asked) else None

    def answered(self, key: Hashable) -> Asked | None:
        """The model call with this id, which is over: neither in progress nor current any more."""
        found = self.asked(key)
        if found is not None:
            del self._open[key]
            found.leave()
        return found

    def close(self, key: Hashable, error: BaseException | None = None) -> None:
        """End the run with this id, if there is one.

        Args:
            key: the framework's id of the run.
            error: what it ended with. A generator that was closed has ended well.
        """
        found = self._open.pop(key, None)
        if isinstance(found, Run):
            found.end(error)
        elif isinstance(found, Asked):
            found.abandon()
        elif found is not None and found.entered is not None:
            found.entered.leave()

    def close_all(self) -> None:
        """End whatever is in progress."""
        for key in list(self._open):
            self.close(key)

    def _put(self, key: Hashable, run: Run | Asked | Passed) -> None:
        if len(self._open) >= MOST_RUNS:
            self.close(next(iter(list(self._open))))
        self._open[key] = run


def _within(parent: Run | None) -> Context:
    return get_current() if parent is None else parent.within()
