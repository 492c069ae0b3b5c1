/** Spans as bars over time, nested as they called each other. */

import type { SpanRow, Trace } from "./answer.js";
import { fill, h, place } from "./dom.js";
import { price, seconds, tokens } from "./figure.js";
import { signs } from "./sign.js";

/** Rows that are drawn at once; the others come with a button. */
const PIECE = 500;
const MOST_INDENT = 16;
const TICKS = 4;

export class Waterfall {
  readonly element: HTMLElement;
  private readonly rows = new Map<string, HTMLElement>();
  private readonly body = h("div", { class: "rows", role: "rowgroup" });
  private readonly foot = h("div", { class: "foot" });
  private readonly trace: Trace;
  private readonly choose: (span: SpanRow) => void;
  private readonly scored: ReadonlySet<string | null | undefined>;
  private chosen: SpanRow | null = null;

  constructor(trace: Trace, choose: (span: SpanRow) => void) {
    this.trace = trace;
    this.choose = choose;
    this.scored = new Set(trace.scores.map((it) => it.span_id));
    const ticks = Array.from({ length: TICKS }, (_, index) => tick(index / TICKS, trace.duration_s));
    const head = h(
      "div",
      { class: "row head", role: "row" },
      h("span", { role: "columnheader" }, "span"),
      h("span", { role: "columnheader", class: "axis", "aria-label": "time" }, ticks),
      h("span", { role: "columnheader", class: "number" }, "tokens"),
      h("span", { role: "columnheader", class: "number" }, "cost"),
    );
    this.element = h("div", { class: "waterfall", role: "treegrid", "aria-label": "Spans of the trace" }, head, this.body, this.foot);
    this.more();
  }

  /** Choose the next or the previous row. */
  move(step: number): void {
    const drawn = this.trace.spans.filter((it) => this.rows.has(it.span_id));
    const at = drawn.findIndex((it) => it.span_id === this.chosen?.span_id);
    const next = drawn[Math.min(Math.max(at + step, 0), drawn.length - 1)];
    if (!next) return;
    this.choose(next);
    this.focus();
  }

  /** Give the chosen row the keyboard. */
  focus(): void {
    const row = this.chosen && this.rows.get(this.chosen.span_id);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  /** Show that `span` is chosen. */
  mark(span: SpanRow): void {
    while (!this.rows.has(span.span_id) && this.rows.size < this.trace.spans.length) this.more();
    this.chosen = span;
    for (const [id, row] of this.rows) {
      const chosen = id === span.span_id;
      row.setAttribute("aria-selected", String(chosen));
      row.tabIndex = chosen ? 0 : -1;
    }
  }

  private more(): void {
    const from = this.rows.size;
    for (const span of this.trace.spans.slice(from, from + PIECE)) {
      const row = this.row(span);
      this.rows.set(span.span_id, row);
      this.body.append(row);
    }
    const left = this.trace.spans.length - this.rows.size;
    fill(this.foot, left > 0 ? h("button", { type: "button", onclick: () => this.more() }, `${left} more spans`) : null);
  }

  private row(span: SpanRow): HTMLElement {
    const total = this.trace.duration_s || 1;
    const inner = h("span", { class: `span-bar ${tone(span)}` });
    place(inner, { "inset-inline-start": percent(span.offset_s / total), "inline-size": percent(span.duration_s / total) });
    const first = span.time_to_first_chunk_s;
    if (first !== null && span.duration_s > 0) {
      const mark = h("span", { class: "first-chunk" });
      place(mark, { "inset-inline-start": percent(first / span.duration_s) });
      inner.append(mark);
    }
    const label = h("span", { class: "bar-label" }, seconds(span.duration_s));
    const end = (span.offset_s + span.duration_s) / total;
    place(label, end > 0.85 ? { "inset-inline-end": percent(Math.max(1 - span.offset_s / total, 0)) } : { "inset-inline-start": percent(end) });
    if (end > 0.85 && span.offset_s / total < 0.15) {
      label.classList.add("inside");
      place(label, { "inset-inline-start": percent(span.offset_s / total), "inset-inline-end": "auto" });
    }
    const name = h(
      "span",
      { class: "span-name", role: "gridcell", title: `${span.name}${first === null ? "" : `, first chunk after ${seconds(first)}`}` },
      h("span", { class: `glyph ${tone(span)}`, "aria-hidden": "true" }, glyph(span)),
      h("span", { class: "span-label" }, span.name || "(no name)"),
      signs(span, false),
      this.scored.has(span.span_id) ? h("span", { class: "sign", title: "scores" }, "★") : null,
    );
    place(name, { "--depth": String(Math.min(span.depth, MOST_INDENT)) });
    const row = h(
      "div",
      { class: "row", role: "row", "aria-level": span.depth + 1, "aria-selected": "false", tabindex: -1, "data-span": span.span_id, onclick: () => this.choose(span) },
      name,
      h("span", { class: "lane", role: "gridcell" }, inner, label),
      h("span", { class: "number", role: "gridcell" }, span.input_tokens === null && span.output_tokens === null ? "" : tokens(span.input_tokens, span.output_tokens)),
      h("span", { class: "number", role: "gridcell" }, span.model_call || span.cost !== null ? price(span) : ""),
    );
    return row;
  }
}

/** What kind of work a span is, as a sign. */
export function glyph(span: SpanRow): string {
  if (span.model_call) return "●";
  if (span.operation === "execute_tool" || span.tool) return "⚒";
  if (span.operation === "retrieval") return "⌕";
  if (span.operation === "invoke_agent" || span.operation === "create_agent") return "◆";
  if (span.operation === "embeddings") return "∷";
  return "○";
}

function tone(span: SpanRow): string {
  if (span.error_type) return "bad";
  if (span.model_call) return "model";
  if (span.operation === "execute_tool" || span.tool) return "tool";
  return span.operation === "retrieval" ? "retrieval" : "plain";
}

function tick(share: number, total_s: number): HTMLElement {
  const element = h("span", { class: "tick" }, seconds(share * total_s));
  place(element, { "inset-inline-start": percent(share) });
  return element;
}

function percent(share: number): string {
  return `${(Math.min(Math.max(share, 0), 1) * 100).toFixed(3)}%`;
}
