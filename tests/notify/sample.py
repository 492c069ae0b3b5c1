"""Notices to send."""

from __future__ import annotations

from dataclasses import replace

from spanwise.notify import Notice


FIRST = Notice(
    id="SpanwiseSpendRate",
    state="firing",
    severity="page",
    summary="shop: 120.00 USD for gpt-5 in the last hour",
    description="The limit is 100.00 USD.",
    labels={"service_name": "shop", "gen_ai_request_model": "gpt-5"},
    value="120.00",
    started_unix_s=1_795_000_000,
    runbook="https://runbooks.example.com/spend_rate.md",
)
"""A page."""

ENDED = replace(FIRST, state="resolved", ended_unix_s=1_795_000_600)
"""Its end."""
