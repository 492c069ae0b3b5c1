"""`spanwise evaluate`: stored calls judged by a model of the user's, or by a function."""

from __future__ import annotations

import os
import statistics
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rich.table import Table

from spanwise.cli.command import CommandError
from spanwise.cli.output import say, show_json, show_table
from spanwise.cli.reprice_command import price_step
from spanwise.evaluate import EvaluateError, Evaluation, Judge, Outcome, Sample, SampleOptions, choose, read_judge
from spanwise.evaluate.allowance import Allowance
from spanwise.evaluate.asking import Asking
from spanwise.evaluate.example import Example
from spanwise.evaluate.function import judgement_of, load
from spanwise.evaluate.sample import condition
from spanwise.semconv import values
from spanwise.store import Store


DEFAULT_LIMIT_USD: Final = Decimal(1)
_WRONG_USE: Final = 2
_FAILED: Final = 1
_NO_COST: Final = Decimal(0)
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """What the user asked for.

    Attributes:
        judge: the file of a judge, or `None`.
        call: a callable as `package.module:function`, or `None`.
        name: of the scores of a callable.
        sample: which calls.
        limit_usd: what judges may cost together; `None` for no such limit.
        limit_calls: how many calls are judged at most.
        concurrency: how many at once.
        dry_run: whether nothing is judged, and only told what would be.
    """

    judge: Path | None
    call: str | None
    name: str
    sample: SampleOptions
    limit_usd: Decimal | None
    limit_calls: int | None
    concurrency: int
    dry_run: bool


def evaluate_store(store: Store, options: EvaluateOptions, *, as_json: bool) -> int:
    """Judge a sample of stored calls and keep the scores; the exit code, 1 when nothing but failures came of it.

    Raises:
        CommandError: what was asked for cannot be done; nothing was judged.
        PolicyError: the judge's file, or the policy, has mistakes.
        StoreError: the store cannot be used.
    """
    if (options.judge is None) == (options.call is None):
        raise CommandError("accepted is one of --judge FILE and --call MODULE:FUNCTION", _WRONG_USE)
    try:
        if options.judge is not None:
            return _by_model(store, read_judge(options.judge), options, as_json=as_json)
        return _by_function(store, options, as_json=as_json)
    except EvaluateError as error:
        raise CommandError(str(error), _WRONG_USE) from None


def conditions(texts: list[str]) -> tuple[tuple[str, str], ...]:
    """What `--where` says.

    Raises:
        CommandError: a condition has another form.
    """
    try:
        return tuple(map(condition, texts))
    except EvaluateError as error:
        raise CommandError(str(error), _WRONG_USE) from None


def dollars(text: str) -> Decimal:
    """What `--limit-usd` says.

    Raises:
        ValueError: it is no amount; the message says what is accepted.
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 < amount <= 100_000:
        raise ValueError(f"found {text[:40]!r}; accepted: US dollars above 0, as 0.50, up to 100000")
    return amount


def _by_model(store: Store, judge: Judge, options: EvaluateOptions, *, as_json: bool) -> int:
    run = uuid.uuid4().hex[:12]
    asking = Asking(judge, key=_key(judge, needed=not options.dry_run), price=price_step(os.environ), run=run)
    sample = choose(store, options.sample, judge.name)
    chosen = _limited(sample.examples, options.limit_calls)
    about = [asking.about_usd(example) for example in chosen]
    known = all(amount is not None for amount in about)
    if options.dry_run:
        estimate = sum((amount for amount in about if amount is not None), _NO_COST) if known else None
        _tell_plan(judge.name, sample, len(chosen), estimate, as_json=as_json)
        return 0
    if not known and options.limit_calls is None:
        raise EvaluateError(
            f"no price is known for {judge.provider}/{judge.model}, so --limit-usd cannot hold; give --limit-calls N, "
            "or a price in the section prices of spanwise.yaml"
        )
    limit = options.limit_usd if options.limit_usd is not None else DEFAULT_LIMIT_USD
    evaluation = Evaluation(
        judge.name,
        run=run,
        sink=store,
        allowance=Allowance(limit, options.limit_calls),
        clean=_cleaner(),
        concurrency=options.concurrency,
    )
    outcome = evaluation(sample.examples, asking, asking.most_usd)
    return _tell(judge.name, run, sample, outcome, limit_usd=limit, as_json=as_json)


def _by_function(store: Store, options: EvaluateOptions, *, as_json: bool) -> int:
    function = load(options.call or "")
    name = options.name or (options.call or "").rpartition(":")[2]
    sample = choose(store, options.sample, name)
    chosen = _limited(sample.examples, options.limit_calls)
    if options.dry_run:
        _tell_plan(name, sample, len(chosen), _NO_COST, as_json=as_json)
        return 0
    run = uuid.uuid4().hex[:12]
    evaluation = Evaluation(
        name,
        run=run,
        sink=store,
        allowance=Allowance(None, options.limit_calls),
        clean=_cleaner(),
        source=values.SPANWISE_SCORE_SOURCE_CODE,
        concurrency=options.concurrency,
    )
    outcome = evaluation(sample.examples, lambda example: judgement_of(function(example)), lambda _: _NO_COST)
    return _tell(name, run, sample, outcome, limit_usd=None, as_json=as_json)


def _key(judge: Judge, *, needed: bool) -> str:
    if judge.key_env:
        key = os.environ.get(judge.key_env, "").strip()
        if not key and needed:
            raise EvaluateError(
                f"the environment variable {judge.key_env} is not set; the judge's file names it as key_env"
            )
        return key
    if needed and (urlsplit(judge.endpoint).hostname or "") not in _LOOPBACK:
        raise EvaluateError("the judge's file has no key_env; name the environment variable that holds the key")
    return ""


def _cleaner() -> Callable[[str], str]:
    """What takes secrets and personal data out of reasons, under the policy that applies here."""
    from spanwise.pipeline import Pipeline, PipelineConfig
    from spanwise.policy import find_policy, read_policy

    file = find_policy(os.environ)
    config = PipelineConfig() if file is None else PipelineConfig.from_policy(read_policy(file))
    return Pipeline(config).clean_text


def _limited(examples: list[Example], limit_calls: int | None) -> list[Example]:
    return examples if limit_calls is None else examples[:limit_calls]


def _tell_plan(name: str, sample: Sample, calls: int, estimate: Decimal | None, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {"name": name, "dry_run": True, "calls": calls, **_counts(sample), "estimated_usd": _amount(estimate)}
        )
        return
    cost = "at an unknown price" if estimate is None else f"for about {_money(estimate)} (an estimate)"
    say(f"{_calls(calls)} would be judged {cost}", *_left_out(sample), "nothing was judged (dry run)")


def _tell(  # noqa: PLR0913 - what a run came to
    name: str, run: str, sample: Sample, outcome: Outcome, *, limit_usd: Decimal | None, as_json: bool
) -> int:
    if as_json:
        show_json(_document(name, run, sample, outcome))
    else:
        if outcome.judged:
            show_table(_table(name, outcome))
        say(*_sentences(run, sample, outcome, limit_usd))
    return _FAILED if outcome.failed and not outcome.judged else 0


def _document(name: str, run: str, sample: Sample, outcome: Outcome) -> dict[str, object]:
    return {
        "name": name,
        "run": run,
        "dry_run": False,
        "judged": outcome.judged,
        "silent": outcome.silent,
        "failed": outcome.failed,
        **_counts(sample),
        "mean": statistics.fmean(outcome.values) if outcome.values else None,
        "labels": outcome.labels,
        "spent_usd": _amount(outcome.spent_usd),
        "unpriced": outcome.unpriced,
        "stopped_by_limit": outcome.stopped,
    }


def _table(name: str, outcome: Outcome) -> Table:
    table = Table(title=None)
    for heading in ("score", "calls", "mean", "lowest", "highest"):
        table.add_column(heading, justify="left" if heading == "score" else "right")
    numbers = outcome.values
    if numbers:
        cells = (statistics.fmean(numbers), min(numbers), max(numbers))
        table.add_row(name, str(len(numbers)), *(f"{cell:.3f}" for cell in cells))
    for label, calls in sorted(outcome.labels.items()):
        table.add_row(f"{name}: {label}", str(calls), "", "", "")
    return table


def _sentences(run: str, sample: Sample, outcome: Outcome, limit_usd: Decimal | None) -> list[str]:
    if not sample.matched:
        return ["no model calls in that time that match; reach further back with --since"]
    found = _left_out(sample)
    found += [f"failed: {kind} ({_calls(count)})" for kind, count in sorted(outcome.failed.items())]
    if outcome.silent:
        found.append(f"no score on purpose: {_calls(outcome.silent)}")
    if outcome.stopped:
        found.append(f"the limit ended the run; the next call could have exceeded it{_of(limit_usd)}")
    if limit_usd is not None:
        unknown = f", and {_calls(outcome.unpriced)} at an unknown price" if outcome.unpriced else ""
        found.append(f"judging cost {_money(outcome.spent_usd)}{unknown}; no report of the product counts it")
    return [*found, f"run {run}; next: spanwise report prompts"]


def _left_out(sample: Sample) -> list[str]:
    found = []
    if sample.without_content:
        found.append(f"stored without an answer: {_calls(sample.without_content)}; capture content to have them judged")
    if sample.scored:
        found.append(f"with a score of this name already: {_calls(sample.scored)}; judge them once more with --again")
    return found


def _counts(sample: Sample) -> dict[str, object]:
    return {
        "matched": sample.matched,
        "chosen": len(sample.examples),
        "without_content": sample.without_content,
        "scored_before": sample.scored,
    }


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count} calls"


def _of(limit_usd: Decimal | None) -> str:
    return "" if limit_usd is None else f" ({_money(limit_usd)})"


def _money(amount: Decimal) -> str:
    return f"${amount:.6f}" if amount < 1 else f"${amount:.2f}"


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
