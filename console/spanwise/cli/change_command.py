"""`spanwise report change`: why model calls cost more, or less, than in the period before."""

from __future__ import annotations

from datetime import UTC, datetime

from spanwise.cli.output import say, show_json, show_table
from spanwise.report.change import Change, change
from spanwise.report.change_table import change_notes, change_sentence, change_table
from spanwise.store import Store


def show_change(store: Store, since: datetime, *, as_json: bool, now: datetime | None = None) -> None:
    """Print what changed since `since`, compared with the same length of time before it."""
    until = now or datetime.now(UTC)
    before_from = since - (until - since)
    found = change(store.ledger(before_from, since), store.ledger(since, until))
    if as_json:
        show_json({"before_from": before_from, "since": since, "until": until, **_document(found)})
        return
    if not found.effects:
        say(f"no priced model call since {before_from:%Y-%m-%d %H:%M} UTC; next: spanwise run, or --since 30d")
        return
    show_table(change_table(found))
    say(f"since {since:%Y-%m-%d %H:%M} UTC: {change_sentence(found)}", *change_notes(found))
    say("next: spanwise report cost --by user, or spanwise report cost --by prompt")


def _document(found: Change) -> dict[str, object]:
    return {
        "before_usd": found.before_usd,
        "after_usd": found.after_usd,
        "change_usd": found.change_usd,
        "factors_usd": dict(found.factors_usd),
        "calls_left_out": {"before": found.left_out[0], "after": found.left_out[1]},
        "models": [
            {
                "provider": effect.model[0] or None,
                "model": effect.model[1] or None,
                "calls_before": effect.calls_before,
                "calls_after": effect.calls_after,
                "before_usd": effect.before_usd,
                "after_usd": effect.after_usd,
                "change_usd": effect.change_usd,
                "factors_usd": dict(effect.factors_usd),
            }
            for effect in found.effects
        ],
    }
