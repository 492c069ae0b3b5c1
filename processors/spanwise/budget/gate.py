"""`Gate`: where a call is refused before it is made. One for the process; instrumentations ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from spanwise.budget.exceeded import BudgetExceeded
    from spanwise.budget.ledger import Ledger
    from spanwise.budget.step import BudgetStep


class Gate:
    """Open to every call until a budget that refuses is used up, or a guard counts the calls of traces.

    Asking costs about 0.14 us while nothing is refused, and 0.8 to 1.2 us where budgets refuse somebody else:
    `tests/bench/bench_budget.py`.

    Attributes:
        guards_loops: Whether `refusal` has to know where in its trace a call stands.
        service: Name of the service that this process is.
    """

    __slots__ = ("_ledger", "_step", "guards_loops", "service")

    def __init__(self) -> None:
        self._step: BudgetStep | None = None
        self._ledger: Ledger | None = None
        self.guards_loops = False
        self.service: object = None

    @property
    def is_watched(self) -> bool:
        """Whether `refusal` has to be asked."""
        return self.guards_loops or ((ledger := self._ledger) is not None and bool(ledger.barring))

    def watch(self, step: BudgetStep, service: object) -> None:
        """Have `step` say which calls are refused.

        Args:
            step: the budgets.
            service: name of the service that this process is, which calls do not say themselves.
        """
        self._step, self._ledger, self.guards_loops = step, step.ledger, step.guards_loops
        self.service = service

    def leave(self, step: BudgetStep) -> None:
        """Let every call through, if it was `step` that said which are not."""
        if self._step is step:
            self._step, self._ledger, self.guards_loops = None, None, False

    def passes(self, request: Mapping[str, object], said: Mapping[str, object]) -> bool:
        """Whether a call that begins is known to be made; what this does not know, `refusal` does.

        Args:
            request: what the request says of itself.
            said: what the context says of the calls within it.
        """
        ledger = self._ledger
        return ledger is None or ledger.passes(request, said)

    def refusal(self, get: Callable[[str], object], trace_id: int = 0, depth: int = 0) -> BudgetExceeded | None:
        """Why the call that begins is to be refused; `None` when it is made.

        Args:
            get: knows the attributes of the call, `service` among them.
            trace_id: the trace it belongs to, for a guard of loops.
            depth: steps that it stands in, for the same.
        """
        step = self._step
        return None if step is None else step.refusal(get, trace_id, depth)


GATE: Final = Gate()
