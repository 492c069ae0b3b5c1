"""One trace as a file that needs no server: for artefacts of CI, mails and bug reports."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from spanwise.report.quantity import UNKNOWN, UNPRICED, cost_cell, places, seconds, short_count
from spanwise.semconv import values
from spanwise.view.asset import read_assets
from spanwise.view.source import Source
from spanwise.view.trace import contents, trace


Told: TypeAlias = Mapping[str, Any]
"""What `trace` and `contents` say of a span."""

MAX_SPANS: Final = 1_000
"""Spans in the file; a line says how many are left out."""

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""The file has no script, and may load and send nothing."""

_UNSEEN: Final = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def still(source: Source, wanted: str) -> str:
    """One trace as one HTML file of its own, without script: a waterfall and what each span carried.

    `wanted` is an id, the beginning of one, or `last`. The file holds the stored messages, as redaction left them.

    Raises:
        Refusal: there is no such trace, there are several, or the store cannot be used.
    """
    found: Told = trace(source, wanted)
    spans = found["spans"][:MAX_SPANS]
    carried = contents(source, found["trace_id"], MAX_SPANS)
    left_out = found["omitted"] + len(found["spans"]) - len(spans)
    style = read_assets()["style.css"].content.decode()
    name = text(spans[0]["name"] or "(no name)")
    note = f'<p class="note">{left_out:,} more spans are left out.</p>' if left_out else ""
    body = "".join(_span(it, carried.get(it["span_id"], {}), found["scores"]) for it in spans)
    return (
        f'<!doctype html>\n<html lang="en" data-theme="system"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"><meta name="referrer" content="no-referrer">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head><body><main>'
        f"{_head(found, name)}"
        f'<section class="waterfall-pane"><div class="waterfall">{_rows(spans, found["duration_s"])}</div></section>'
        f"{note}"
        f'<section class="card">{body}</section></main></body></html>\n'
    )


def text(value: object) -> str:
    """`value` as HTML that shows it: markup is text, and what nobody can see stands there as its code."""
    seen = _UNSEEN.sub(lambda match: f"\u2039{ord(match[0]):04X}\u203a", str(value).replace("\r", ""))
    return html.escape(seen)


def _head(found: Told, name: str) -> str:
    calls = [it for it in found["spans"] if it["model_call"]]
    priced = [it["cost"] for it in calls if it["cost"] is not None and it["currency"] == "USD"]
    amount = sum(priced, Decimal(0)) if priced else None
    estimated = any(it["cost_status"] == values.SPANWISE_COST_STATUS_ESTIMATED for it in calls)
    unpriced = sum(it["unpriced"] for it in calls)
    note = f" ({unpriced:,} {UNPRICED})" if unpriced and priced else ""
    figures = {
        "start": f"{datetime.fromtimestamp(found['start_us'] / 1e6, UTC):%Y-%m-%d %H:%M:%S} UTC",
        "time taken": seconds(found["duration_s"]),
        "cost": cost_cell(amount, places(amount or Decimal(0)), estimated=estimated) + note if calls else UNKNOWN,
        "spans": f"{len(found['spans']) + found['omitted']:,}",
        "model calls": f"{len(calls):,}",
        "tokens in": short_count(sum(it["input_tokens"] or 0 for it in calls)),
        "tokens out": short_count(sum(it["output_tokens"] or 0 for it in calls)),
    }
    shown = "".join(
        f'<div class="figure"><span class="name">{key}</span><span class="value">{text(value)}</span></div>'
        for key, value in figures.items()
    )
    return (
        f'<header class="trace-head"><div class="trace-title"><h1>{name}</h1>'
        f'<code class="id">{text(found["trace_id"])}</code></div><div class="figures">{shown}</div></header>'
    )


def _rows(spans: Sequence[Told], duration_s: float) -> str:
    total_s = duration_s or 1.0
    found = []
    for it in spans:
        left = min(max(it["offset_s"] / total_s, 0), 1) * 100
        width = min(max(it["duration_s"] / total_s, 0), 1) * 100
        tone = "bad" if it["error_type"] else "model" if it["model_call"] else "plain"
        error = f'<span class="sign bad">✕ {text(it["error_type"])}</span>' if it["error_type"] else ""
        found.append(
            f'<a class="row" href="#{text(it["span_id"])}">'
            f'<span class="span-name" style="--depth:{min(it["depth"], 16)}">'
            f'<span class="span-label">{text(it["name"])}</span>{error}</span><span class="lane">'
            f'<span class="span-bar {tone}" style="inset-inline-start:{left:.3f}%;inline-size:{width:.3f}%"></span>'
            f"</span>"
            f'<span class="number">{seconds(it["duration_s"])}</span><span class="number">{_cost(it)}</span></a>'
        )
    return "".join(found)


def _cost(span: Told) -> str:
    if not span["model_call"] and span["cost"] is None:
        return ""
    if span["cost"] is not None and span["currency"] != "USD":
        return text(f"{span['cost']:f} {span['currency']}")
    estimated = span["cost_status"] == values.SPANWISE_COST_STATUS_ESTIMATED
    return text(cost_cell(span["cost"], places(span["cost"] or Decimal(0)), estimated=estimated))


def _span(span: Told, carried: Told, scores: Sequence[Told]) -> str:
    said: Told = carried.get("transcript", {})
    parts = [_message("instructions", said.get("instructions", ()))]
    parts += [_block(name.capitalize(), said[name]) for name in ("arguments", "result") if name in said]
    parts += [_block(f"Document {it.get('id', '')}", it.get("text", "")) for it in said.get("documents", ())]
    parts += [_message(it["role"], it["parts"]) for it in (*said.get("input", ()), *said.get("output", ()))]
    parts += [
        _block(f"Score {it['name']}", f"{it['value'] if it['value'] is not None else ''} {it['label'] or ''}")
        for it in scores
        if it["span_id"] == span["span_id"]
    ]
    if span["error_type"]:
        parts.append(_block(f"✕ {span['error_type']}", carried.get("status_description") or ""))
    rows = "".join(
        f'<tr><th scope="row">{text(it["name"])}</th><td>{text(it["value"])}</td></tr>'
        for it in carried.get("attributes", ())
    )
    return (
        f'<details class="fold" id="{text(span["span_id"])}"{" open" if span["model_call"] else ""}>'
        f"<summary>{text(span['name'])} · {seconds(span['duration_s'])} {_cost(span)}</summary>{''.join(parts)}"
        f'<details class="fold"><summary>attributes</summary><table class="attributes">{rows}</table></details>'
        "</details>"
    )


def _message(role: str, parts: Sequence[Told]) -> str:
    if not parts:
        return ""
    shown = "".join(
        f'<div class="text">{text(it["name"]) + chr(10) if it.get("name") else ""}{text(it["text"])}</div>'
        for it in parts
    )
    return f'<article class="message"><h3>{text(role or "message")}</h3>{shown}</article>'


def _block(name: str, content: object) -> str:
    return f'<article class="message"><h3>{text(name)}</h3><div class="text">{text(content)}</div></article>'
