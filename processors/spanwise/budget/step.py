"""`BudgetStep`: adds what a finished call has spent, and says which calls are to be refused."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spanwise.budget import instruments
from spanwise.budget.config import ALERT, BLOCK, RECORD, WARN, Budget
from spanwise.budget.crossing import Crossing
from spanwise.budget.exceeded import BudgetExceeded
from spanwise.budget.ledger import Ledger, Standing
from spanwise.budget.loop_guard import LoopGuard
from spanwise.budget.loops import Loops
from spanwise.budget.scope import Clean, Get
from spanwise.budget.seen import Seen
from spanwise.budget.sums import ZERO, Sums
from spanwise.record import OWN_SCOPE, SpanRecord
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


if TYPE_CHECKING:
    from spanwise.budget.sums_file import SumsFile

SPENDING: Final = frozenset(
    {
        values.GEN_AI_OPERATION_NAME_CHAT,
        values.GEN_AI_OPERATION_NAME_GENERATE_CONTENT,
        values.GEN_AI_OPERATION_NAME_TEXT_COMPLETION,
        values.GEN_AI_OPERATION_NAME_EMBEDDINGS,
        values.GEN_AI_OPERATION_NAME_FETCH_RESPONSE,
        values.GEN_AI_OPERATION_NAME_RETRIEVAL,
    }
)
"""Operations whose cost is their own; an agent's run may carry that of the calls inside it."""

_EVENTS: Final = {
    RECORD: values.SPANWISE_BUDGET_ACTION_RECORD,
    WARN: values.SPANWISE_BUDGET_ACTION_WARN,
    ALERT: values.SPANWISE_BUDGET_ACTION_ALERT,
    # Past a share that is not the limit nothing is refused: whoever may be refused is warned.
    BLOCK: values.SPANWISE_BUDGET_ACTION_WARN,
}

Tell = Callable[[Crossing], bool]
"""Has an alert sent, and says whether anybody is told. It returns at once and does not raise."""

_logger = logging.getLogger("spanwise.budget")


class BudgetStep:
    """A step that keeps count of budgets: about 5 us for a call and a budget, nothing for spans that spend nothing.

    A call that has a price adds to every budget it counts for; one without a price is counted as unpriced and adds
    nothing. Duplicates add nothing. The span says which of its budgets is nearest to its limit, how near, and what was
    done about it.

    Args:
        budgets: what is kept count of.
        guard: what one trace may take.
        clean: takes secrets and personal data out of a value before it becomes a key.
        received: whether spans come over a network: then they may have been processed before, and may come twice.
        ledger: the sums, where they are not to be new ones.
    """

    def __init__(
        self,
        budgets: Sequence[Budget],
        guard: LoopGuard | None = None,
        *,
        clean: Clean | None = None,
        received: bool = False,
        ledger: Ledger | None = None,
    ) -> None:
        self.ledger = ledger or Ledger(budgets, clean=clean)
        self.received = received
        self.tell: Tell | None = None
        self.quiet = False
        """Whether somebody else tells of crossings, as the collector around a program does."""
        self.file: SumsFile | None = None
        """The file that what is added here is written to; spans name it, so that a collector that shares it knows."""
        self._loops = None if guard is None or received else Loops(guard)
        self._seen = Seen()
        instruments.watch(self.ledger)

    @property
    def guards_loops(self) -> bool:
        """Whether calls are counted trace by trace."""
        return self._loops is not None

    def __call__(self, span: SpanRecord, /) -> SpanRecord:
        """`span`, with `spanwise.budget.*` where a budget is about it."""
        attributes = span.attributes
        if attributes.get(attr.GEN_AI_OPERATION_NAME) not in SPENDING or attr.SPANWISE_DUPLICATE_OF in attributes:
            return span
        if attr.SPANWISE_EVALUATION_RUN in attributes:
            return span
        if attributes.get(attr.SPANWISE_BUDGET_ACTION) == values.SPANWISE_BUDGET_ACTION_BLOCK:
            return span
        if self.received and (self._stands_in_file(span) or not self._seen.is_new(span.trace_id, span.span_id)):
            return span
        sums = _sums(span)
        if sums.usd or sums.calls or sums.tokens:
            self._add(span, sums)
        return span

    def refusal(self, get: Get, trace_id: int, depth: int) -> BudgetExceeded | None:
        """Why a call is to be refused that begins now; `None` when it is made. See `Gate.refusal`."""
        refused = self.ledger.refusal(get)
        if refused is None and self._loops is not None:
            refused = self._loops.begin(trace_id, depth)
        if refused is not None:
            instruments.decided(refused.budget, values.SPANWISE_BUDGET_ACTION_BLOCK)
        return refused

    def act(self, crossings: Iterable[Crossing]) -> None:
        """Do what the policy says about shares that were reached: a line in the log, an alert, or neither."""
        for crossing in crossings:
            budget = crossing.budget
            instruments.decided(budget.name, _EVENTS[budget.action])
            if self.quiet or budget.action == RECORD:
                continue
            if budget.action != ALERT or self.tell is None or not self.tell(crossing):
                _logger.warning("spanwise: %s", crossing.sentence)

    def _stands_in_file(self, span: SpanRecord) -> bool:
        """Whether the process that `span` is of has written to the file of this step what it spent."""
        return self.file is not None and self.file.is_called(span.attributes.get(attr.SPANWISE_BUDGET_FILE))

    def _add(self, span: SpanRecord, sums: Sums) -> None:
        attributes, service = span.attributes, span.resource.attributes.get(attr.SERVICE_NAME)
        if self.file is not None and not self.received:
            attributes[attr.SPANWISE_BUDGET_FILE] = self.file.id
        standings, crossings = self.ledger.add(
            lambda name: service if name == attr.SERVICE_NAME else attributes.get(name), sums, span.end_unix_nano / 1e9
        )
        if self._loops is not None:
            # Our own taps have asked when the call began.
            counted = span.scope.name.startswith(OWN_SCOPE)
            self._loops.add(span.trace_id, sums.tokens, sums.usd, call=not counted and bool(sums.calls))
        if standings:
            _describe(span, standings)
        if crossings:
            attributes[attr.SPANWISE_BUDGET_ACTION] = _EVENTS[crossings[0].budget.action]
            self.act(crossings)


def _describe(span: SpanRecord, standings: list[Standing]) -> None:
    budget, share = max(standings, key=lambda standing: standing.share)
    state = values.SPANWISE_BUDGET_STATE_WITHIN
    if share >= 1:
        state = values.SPANWISE_BUDGET_STATE_EXCEEDED
    elif share * 100 >= budget.at[0]:
        state = values.SPANWISE_BUDGET_STATE_NEAR
    span.attributes[attr.SPANWISE_BUDGET_NAME] = budget.name
    span.attributes[attr.SPANWISE_BUDGET_SHARE] = round(share, 6)
    span.attributes[attr.SPANWISE_BUDGET_STATE] = state


def _sums(span: SpanRecord) -> Sums:
    """What `span` spent. Amounts are exact up to the 15 digits that an attribute holds."""
    attributes = span.attributes
    status = attributes.get(attr.SPANWISE_COST_STATUS)
    amount = attributes.get(attr.GEN_AI_USAGE_COST_AMOUNT)
    usd = ZERO
    if (
        isinstance(amount, float | int)
        and not isinstance(amount, bool)
        and 0 <= amount < 1e12
        and attributes.get(attr.GEN_AI_USAGE_COST_CURRENCY) == "USD"
    ):
        usd = Decimal(str(amount))
    # The call was counted by another span, which knew nothing of its tokens.
    repeated = attr.SPANWISE_DUPLICATE_REASON in attributes
    tokens = (span.count(attr.GEN_AI_USAGE_INPUT_TOKENS) or 0) + (span.count(attr.GEN_AI_USAGE_OUTPUT_TOKENS) or 0)
    return Sums(
        usd=usd,
        estimated_usd=usd if status == values.SPANWISE_COST_STATUS_ESTIMATED else ZERO,
        calls=0 if repeated else 1,
        unpriced=1 if status == values.SPANWISE_COST_STATUS_UNPRICED else 0,
        tokens=tokens,
    )
