/** Calls, newest first, as they happen. */

import type { Call, Calls, Next, Overview } from "./answer.js";
import { ask } from "./ask.js";
import { fill, h } from "./dom.js";
import { moment, price, seconds, tokens, whole } from "./figure.js";
import { filterBar, filtered } from "./filter.js";
import { List, type Column } from "./list.js";
import { follow } from "./live.js";
import type { Page } from "./page.js";
import { failure, go } from "./router.js";
import { bar, signs } from "./sign.js";
import { summary } from "./summary.js";

/** Rows that are drawn at most: whoever looks for more has a filter. */
const MOST = 2_000;

export function callsPage(): Page {
  const view = new CallsView();
  return {
    title: "Calls",
    keys: view.list.keys,
    show: (main, signal) => view.show(main, signal),
    change: () => false,
  };
}

class CallsView {
  readonly list: List<Call>;
  private readonly sums = h("div", { class: "figures" });
  private readonly foot = h("div", { class: "foot" });
  private calls: readonly Call[] = [];
  private page: Calls | null = null;
  private overview: Overview | null = null;
  private next: Next | undefined;
  private longest = 1;
  private asked = 0;

  constructor() {
    this.list = new List("Calls", this.columns(), callKey, (call) => `/trace/${call.trace_id}?span=${call.span_id}`, go);
  }

  async show(main: HTMLElement, signal: AbortSignal): Promise<void> {
    const changed = (): void => void this.look(signal, false).catch((error: unknown) => this.fail(error, signal));
    fill(
      main,
      h("h1", { class: "unseen" }, "Calls"),
      filterBar(changed, signal),
      this.sums,
      h("div", { class: "scroll" }, this.list.element),
      this.foot,
    );
    await this.look(signal, false);
    void follow(() => this.look(signal, true), signal);
  }

  /** Ask for the newest page. Rows that were loaded below it stay when only time went on. */
  private async look(signal: AbortSignal, onwards: boolean): Promise<void> {
    const turn = ++this.asked;
    const filter = filtered();
    const page = await ask<Calls>("calls", filter, signal);
    if (turn !== this.asked) return;
    void this.lookAtSums(filter, signal);
    if (onwards && page === this.page) return;
    this.page = page;
    const seen = new Set(page.calls.map(callKey));
    const below = onwards && page.next ? this.calls.filter((it) => !seen.has(callKey(it)) && isBefore(it, page.calls)) : [];
    if (!below.length) this.next = page.next;
    this.draw([...page.calls, ...below], onwards);
  }

  private async lookAtSums(filter: URLSearchParams, signal: AbortSignal): Promise<void> {
    try {
      const overview = await ask<Overview>("overview", rangeOf(filter), signal);
      if (overview !== this.overview) fill(this.sums, summary(overview));
      this.overview = overview;
    } catch (error) {
      if (!signal.aborted) fill(this.sums, failure(error));
    }
  }

  private draw(calls: readonly Call[], fresh: boolean): void {
    this.calls = calls.slice(0, MOST);
    this.longest = Math.max(...this.calls.slice(0, 500).map((it) => it.duration_s), 0.001);
    this.list.show(this.calls, fresh);
    this.drawFoot();
  }

  private drawFoot(): void {
    const more = (): void => void this.more().catch((error: unknown) => fill(this.foot, failure(error)));
    if (!this.calls.length) fill(this.foot, nothing());
    else if (this.calls.length >= MOST) fill(this.foot, `These are the newest ${MOST} calls; a filter shows others.`);
    else if (this.next) fill(this.foot, h("button", { type: "button", onclick: more }, "Older calls"));
    else fill(this.foot, `${this.calls.length} calls, all there are.`);
  }

  private async more(): Promise<void> {
    if (!this.next) return;
    const where = filtered();
    for (const [name, value] of Object.entries(this.next)) where.set(name, value);
    const page = await ask<Calls>("calls", where, new AbortController().signal);
    this.next = page.next;
    this.draw([...this.calls, ...page.calls], false);
  }

  private fail(error: unknown, signal: AbortSignal): void {
    if (!signal.aborted) fill(this.foot, failure(error));
  }

  private columns(): readonly Column<Call>[] {
    return [
      { name: "time", class: "time", cell: (it) => h("time", { title: whole(it.start_us) }, moment(it.start_us)) },
      { name: "model", class: "strong", cell: (it) => it.model ?? it.name },
      { name: "operation", class: "quiet", cell: (it) => it.operation },
      { name: "user", cell: (it) => it.user },
      { name: "prompt", class: "quiet", cell: (it) => promptName(it) },
      {
        name: "time taken",
        class: "took",
        cell: (it) => bar(it.duration_s / this.longest, seconds(it.duration_s), it.error_type ? "bad" : ""),
      },
      { name: "tokens", number: true, title: "in → out", cell: (it) => tokens(it.input_tokens, it.output_tokens) },
      { name: "cost", number: true, cell: (it) => h("span", { title: it.cost_reason }, price(it)) },
      { name: "notes", class: "notes", cell: (it) => signs(it) },
    ];
  }
}

function callKey(call: Call): string {
  return `${call.trace_id}/${call.span_id}`;
}

function promptName(call: Call): string | null {
  return call.prompt_name && call.prompt_version ? `${call.prompt_name}@${call.prompt_version}` : call.prompt_name;
}

function isBefore(call: Call, page: readonly Call[]): boolean {
  const last = page.at(-1);
  return last !== undefined && call.start_us <= last.start_us;
}

/** The sums are those of the range; other filters do not change them. */
function rangeOf(filter: URLSearchParams): URLSearchParams {
  const range = filter.get("range");
  return new URLSearchParams(range ? { range } : {});
}

/** What is said where no call is. */
export function nothing(): HTMLElement {
  const filteredAway = filtered().size > 0;
  return h(
    "div",
    { class: "empty" },
    filteredAway
      ? [h("p", {}, "No call is like that."), h("p", {}, h("a", { href: location.pathname }, "Show all"))]
      : [h("p", {}, "No calls yet. They appear here as they happen:"), h("pre", {}, "spanwise run python app.py")],
  );
}
