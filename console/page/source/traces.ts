/** Traces, newest first. */

import type { Next, TraceRow, Traces } from "./answer.js";
import { ask } from "./ask.js";
import { nothing } from "./calls.js";
import { fill, h } from "./dom.js";
import { caveat, count, moment, seconds, sum, tokens, whole } from "./figure.js";
import { filterBar, filtered } from "./filter.js";
import { List, type Column } from "./list.js";
import { follow } from "./live.js";
import type { Page } from "./page.js";
import { failure, go } from "./router.js";
import { bar } from "./sign.js";

export function tracesPage(): Page {
  let rows: readonly TraceRow[] = [];
  let next: Next | undefined;
  let last: Traces | null = null;
  let longest = 1;
  let asked = 0;
  const list = new List<TraceRow>("Traces", columns(() => longest), (it) => it.trace_id, (it) => `/trace/${it.trace_id}`, go);
  const foot = h("div", { class: "foot" });

  const draw = (found: readonly TraceRow[], fresh: boolean): void => {
    rows = found;
    longest = Math.max(...rows.map((it) => it.duration_s), 0.001);
    list.show(rows, fresh);
    const older = h("button", { type: "button", onclick: () => void more() }, "Older traces");
    fill(foot, !rows.length ? nothing() : next ? older : `${rows.length} traces, all there are.`);
  };
  const look = async (signal: AbortSignal, onwards: boolean): Promise<void> => {
    const turn = ++asked;
    const page = await ask<Traces>("traces", filtered(), signal);
    if (onwards && page === last) return;
    last = page;
    if (turn !== asked || (onwards && rows.length > page.traces.length && page.next)) return;
    next = page.next;
    draw(page.traces, onwards);
  };
  const more = async (): Promise<void> => {
    const where = filtered();
    for (const [name, value] of Object.entries(next ?? {})) where.set(name, value);
    const page = await ask<Traces>("traces", where, new AbortController().signal);
    next = page.next;
    draw([...rows, ...page.traces], false);
  };
  return {
    title: "Traces",
    keys: list.keys,
    async show(main, signal) {
      const changed = (): void => void look(signal, false).catch((error: unknown) => signal.aborted || fill(foot, failure(error)));
      fill(main, h("h1", { class: "unseen" }, "Traces"), filterBar(changed, signal), h("div", { class: "scroll" }, list.element), foot);
      await look(signal, false);
      void follow(() => look(signal, true), signal);
    },
  };
}

function columns(longest: () => number): readonly Column<TraceRow>[] {
  return [
    { name: "start", class: "time", cell: (it) => h("time", { title: whole(it.start_us) }, moment(it.start_us)) },
    { name: "name", class: "strong", cell: (it) => it.name || "(no name)" },
    { name: "service", class: "quiet", cell: (it) => it.service },
    { name: "user", cell: (it) => it.user },
    { name: "time taken", class: "took", cell: (it) => bar(it.duration_s / longest(), seconds(it.duration_s)) },
    { name: "spans", number: true, cell: (it) => count(it.spans) },
    { name: "calls", number: true, cell: (it) => count(it.calls) },
    { name: "tokens", number: true, title: "in → out", cell: (it) => tokens(it.input_tokens, it.output_tokens) },
    { name: "cost", number: true, cell: (it) => h("span", { title: caveat(it) }, it.calls ? sum(it) : "") },
    {
      name: "notes",
      class: "notes",
      cell: (it) => [
        it.errors ? h("span", { class: "sign bad" }, `✕ ${count(it.errors)} failed`) : null,
        it.refused ? h("span", { class: "sign warn" }, `⊘ ${count(it.refused)} refused`) : null,
        it.redactions ? h("span", { class: "sign", title: "values redacted" }, `▮ ${count(it.redactions)} redacted`) : null,
      ],
    },
  ];
}
