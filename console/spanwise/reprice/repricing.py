"""A whole repricing: read in batches, price, write what changed, add up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from spanwise.record import Step
from spanwise.reprice.difference import Difference
from spanwise.reprice.pricing import Kept, priced_again
from spanwise.store import NewPrice, Store, StoredCall


@dataclass(frozen=True, slots=True)
class RepricingOptions:
    """What is priced again: calls that started from `since` on and before `until`; `None` sets no limit.

    `provider` replaces amounts that providers sent as well. `dry_run` only tells the difference.
    """

    since: datetime | None = None
    until: datetime | None = None
    provider: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Repricing:
    """What one repricing did. `run` is its id in the store's table of repricings, `None` for a dry run.

    `calls` were looked at and `written` of them got other attributes; `sent` have an amount that a provider sent and
    kept it; `failed` could not be priced for a defect of ours and kept what they had. `missed` were deleted or priced
    by somebody else while this ran; a second run finds the latter.
    """

    run: str | None
    at: datetime
    difference: Difference = field(default_factory=Difference)
    calls: int = 0
    written: int = 0
    sent: int = 0
    failed: int = 0
    missed: int = 0


def reprice(store: Store, price: Step, options: RepricingOptions, *, now: datetime | None = None) -> Repricing:
    """Price the calls of `store` again with `price`, the cost step.

    One transaction per batch: a process killed in the middle leaves whole batches, and running it again finishes the
    work. The file is free while a batch is priced, so writers beside this one go on. Priced twice with the same prices
    changes nothing. Memory holds one batch.

    Raises:
        StoreError: the store cannot be used; batches written before that stay written.
    """
    at = now or datetime.now(UTC)
    run = None if options.dry_run else f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    done = Repricing(run, at)
    for batch in store.calls(options.since, options.until):
        prices = [priced_again(call, price, provider=options.provider) for call in batch]
        changes = [change for change in prices if not isinstance(change, Kept)]
        written = None if run is None else store.reprice(changes, run, at)
        for call, change in zip(batch, prices, strict=True):
            _count(done, call, change, written)
    return done


def _count(done: Repricing, call: StoredCall, change: NewPrice | Kept, written: set[tuple[int, int]] | None) -> None:
    record = call.record
    if isinstance(change, Kept):
        done.sent += change is Kept.SENT
        done.failed += change is Kept.FAILED
    elif written is not None and (record.trace_id, record.span_id) not in written:
        done.missed += 1
        return
    else:
        done.written += 1
        record = change.record
    done.calls += 1
    done.difference.add(call.price, record)
