"""`Gate`: where a call is refused before it is made. One for the process; instrumentations ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final


if TYPE_CHECKING:
    from collections.abc import Callable

    from spanwise.budget.exceeded import BudgetExceeded
    from spanwise.budget.step import BudgetStep


class Gate:
    """Open to every call until a budget that refuses is used up, or a guard counts the calls of traces.

    Asking costs about 0.1 us while nothing is refused, and below 2 us with twenty budgets that refuse somebody else.
    """

    __slots__ = ("_step", "service")

    def __init__(self) -> None:
        self._step: BudgetStep | None = None
        self.service: object = None

    @property
    def is_watched(self) -> bool:
        """Whether `refusal` has to be asked."""
        step = self._step
        return step is not None and step.watches

    def watch(self, step: BudgetStep, service: object) -> None:
        """Have `step` say which calls are refused.

        Args:
            step: the budgets.
            service: name of the service that this process is, which calls do not say themselves.
        """
        self._step = step
        self.service = service

    def leave(self, step: BudgetStep) -> None:
        """Let every call through, if it was `step` that said which are not."""
        if self._step is step:
            self._step = None

    def refusal(self, get: Callable[[str], object], trace_id: int, depth: int) -> BudgetExceeded | None:
        """Why the call that begins is to be refused; `None` when it is made.

        Args:
            get: knows the attributes of the call, `service` among them.
            trace_id: the trace it belongs to.
            depth: steps that it stands in.
        """
        step = self._step
        return None if step is None else step.refusal(get, trace_id, depth)


GATE: Final = Gate()
