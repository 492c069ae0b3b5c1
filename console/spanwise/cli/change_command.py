"""`spanwise report change`: why model calls cost more, or less, than in the period before."""

from __future__ import annotations

from datetime import UTC, datetime

from spanwise.cli.output import say, show_json
from spanwise.cli.report_form import WRONG_USE, ReportForm, write_report
from spanwise.report.change import Change, change
from spanwise.report.change_rows import CHANGE, change_answer, change_notes, change_sentence
from spanwise.store import Store


def show_change(
    store: Store, since: datetime, form: ReportForm, *, top: int | None = None, now: datetime | None = None
) -> int:
    """Print what changed since `since`, compared with the same length of time before it. The exit code."""
    if form.mistake:
        say(f"spanwise: {form.mistake}")
        return WRONG_USE
    until = now or datetime.now(UTC)
    before_from = since - (until - since)
    found = change(store.ledger(before_from, since), store.ledger(since, until))
    document = {"before_from": before_from, "since": since, "until": until, **_document(found)}
    answer = change_answer(found, form.rows(CHANGE, top))
    if answer.rows or form.csv:
        told = f"since {since:%Y-%m-%d %H:%M} UTC: {change_sentence(found)}"
        said = [told, *change_notes(found)]
        period = f"calls since {since:%Y-%m-%d %H:%M} UTC against those since {before_from:%Y-%m-%d %H:%M} UTC"
        return write_report(CHANGE, answer, form, period=period, more=said, document=document)
    if form.json:
        show_json(document)
        return 0
    say(f"no priced model call since {before_from:%Y-%m-%d %H:%M} UTC; next: spanwise run, or --since 30d")
    return WRONG_USE if form.html or form.png else 0


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
