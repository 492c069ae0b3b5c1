"""`Evaluation`: one run over a sample, within its limit; what it came to is in the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Protocol, TypeAlias

from spanwise.evaluate.allowance import Allowance
from spanwise.evaluate.asking import usd
from spanwise.evaluate.example import Example
from spanwise.evaluate.judgement import Judgement
from spanwise.record import ScoreRecord, SpanRecord
from spanwise.record.score import said
from spanwise.semconv import attributes as attr
from spanwise.semconv import values


Judging: TypeAlias = Callable[[Example], Judgement]
Bound: TypeAlias = Callable[[Example], Decimal | None]

_BATCH: Final = 20


class Sink(Protocol):
    """Where scores and the spans of judges go; a `Store` is one."""

    def write(self, records: list[SpanRecord], /) -> None:
        """Keep spans."""
        ...

    def write_scores(self, scores: list[ScoreRecord], /) -> int:
        """Keep scores."""
        ...


@dataclass(slots=True)
class Outcome:
    """What a run came to.

    Attributes:
        judged: calls that got a score.
        silent: calls of which the judge said nothing on purpose.
        failed: failures by their kind.
        values: the numbers that were given.
        labels: verdicts in words, counted.
        spent_usd: what is known to have been spent, or at most was where a response has no count of tokens.
        unpriced: calls of judges without a known price.
        stopped: whether the limit ended the run before the sample did.
    """

    judged: int = 0
    silent: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)
    labels: dict[str, int] = field(default_factory=dict)
    spent_usd: Decimal = Decimal(0)
    unpriced: int = 0
    stopped: bool = False


class Evaluation:
    """Judges examples a few at a time and keeps what comes of it, twenty at a time.

    Args:
        name: of the scores.
        run: the id of the run.
        source: who judges, one of `values.SPANWISE_SCORE_SOURCE`.
        sink: where it is kept.
        allowance: what may be spent.
        clean: takes secrets and personal data out of reasons.
        concurrency: how many are judged at once.
    """

    def __init__(  # noqa: PLR0913 - one keyword for each thing that it needs
        self,
        name: str,
        *,
        run: str,
        sink: Sink,
        allowance: Allowance,
        clean: Callable[[str], str],
        source: str = values.SPANWISE_SCORE_SOURCE_LLM,
        concurrency: int = 4,
    ) -> None:
        self._name = name
        self._run = run
        self._sink = sink
        self._allowance = allowance
        self._clean = clean
        self._source = source
        self._concurrency = concurrency
        self._scores: list[ScoreRecord] = []
        self._spans: list[SpanRecord] = []
        self.outcome = Outcome()

    def __call__(self, examples: Iterable[Example], judging: Judging, bound: Bound) -> Outcome:
        """Judge `examples`. Before each, `bound` says what it costs at most; what could exceed the limit is not begun.

        What was judged is kept also when this is interrupted.

        Raises:
            StoreError: the sink is a store that cannot be used.
        """
        waiting: dict[Future[Judgement], tuple[Example, Decimal | None]] = {}
        with ThreadPoolExecutor(self._concurrency, thread_name_prefix="spanwise-evaluate") as pool:
            try:
                for example in examples:
                    most = bound(example)
                    while len(waiting) >= self._concurrency or (waiting and not self._allowance.fits(most)):
                        self._collect(waiting)
                    if not self._allowance.reserve(most):
                        self.outcome.stopped = True
                        break
                    waiting[pool.submit(judging, example)] = example, most
                while waiting:
                    self._collect(waiting)
            finally:
                self._keep()
        self.outcome.spent_usd = self._allowance.spent_usd
        return self.outcome

    def _collect(self, waiting: dict[Future[Judgement], tuple[Example, Decimal | None]]) -> None:
        done, _ = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            example, most = waiting.pop(future)
            error = future.exception()
            judgement = Judgement(error_type=type(error).__qualname__) if error else future.result()
            cost = None if judgement.span is None else usd(judgement.span)
            if judgement.span is not None:
                failed = attr.ERROR_TYPE in judgement.span.attributes and cost is None
                # A request that was refused has no count of tokens and costs nothing.
                self._allowance.settle(most, Decimal(0) if failed else cost)
                self.outcome.unpriced += most is None
                self._spans.append(judgement.span)
            self._count(example, judgement)
        if len(self._scores) >= _BATCH:
            self._keep()

    def _count(self, example: Example, judgement: Judgement) -> None:
        outcome = self.outcome
        if judgement.error_type:
            outcome.failed[judgement.error_type] = outcome.failed.get(judgement.error_type, 0) + 1
        elif judgement.value is None:
            outcome.silent += 1
            return
        else:
            outcome.judged += 1
            if isinstance(judgement.value, str):
                outcome.labels[judgement.value] = outcome.labels.get(judgement.value, 0) + 1
            else:
                outcome.values.append(float(judgement.value))
        self._scores.append(self._score(example, judgement))

    def _score(self, example: Example, judgement: Judgement) -> ScoreRecord:
        call = example.call
        if judgement.value is None:
            attributes = said(self._name, "failed", source=self._source)
            del attributes[attr.GEN_AI_EVALUATION_SCORE_LABEL]
            attributes[attr.ERROR_TYPE] = judgement.error_type
        else:
            reason = self._clean(judgement.reason) if judgement.reason else None
            attributes = said(self._name, judgement.value, comment=reason, source=self._source)
            if judgement.label:
                attributes[attr.GEN_AI_EVALUATION_SCORE_LABEL] = judgement.label
        attributes[attr.SPANWISE_EVALUATION_RUN] = self._run
        if response := call.text(attr.GEN_AI_RESPONSE_ID):
            attributes[attr.GEN_AI_RESPONSE_ID] = response
        return ScoreRecord(call.trace_id, call.span_id, time.time_ns(), attributes)

    def _keep(self) -> None:
        if self._spans:
            self._sink.write(self._spans)
        if self._scores:
            self._sink.write_scores(self._scores)
        self._spans, self._scores = [], []
