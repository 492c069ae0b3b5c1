/** Versions of prompts side by side. */

import type { Difference, Line, Prompts, Version } from "./answer.js";
import { ask } from "./ask.js";
import { fill, h, type Child } from "./dom.js";
import { caveat, count, dollars, moment, percent, seconds, short, sum, UNKNOWN, whole } from "./figure.js";
import { filterBar, filtered } from "./filter.js";
import { plainTable, type Column } from "./list.js";
import type { Page } from "./page.js";
import { failure } from "./router.js";

/** Calls below which a figure says little. */
const FEW = 20;

export function promptsPage(): Page {
  return {
    title: "Prompts",
    async show(main, signal) {
      const body = h("div");
      const look = async (): Promise<void> => {
        const { prompts } = await ask<Prompts>("prompts", filtered(), signal);
        fill(body, prompts.length ? prompts.map((it) => promptOf(it.name, it.versions, signal)) : nothing());
      };
      const changed = (): void => void look().catch((error: unknown) => signal.aborted || fill(body, failure(error)));
      fill(main, h("h1", { class: "unseen" }, "Prompts"), filterBar(changed, signal, ["prompt", "model", "service"]), body);
      await look();
    },
  };
}

function promptOf(name: string, versions: readonly Version[], signal: AbortSignal): HTMLElement {
  const scores = [...new Set(versions.flatMap((it) => it.scores.map((score) => score.score)))].sort();
  const best = Math.max(...versions.map((it) => it.cost_per_call_usd ?? 0), 0);
  const columns: Column<Version>[] = [
    { name: "version", class: "strong", cell: (it) => h("a", { href: callsOf(it) }, it.version ?? "(none)") },
    { name: "calls", number: true, cell: (it) => [count(it.calls), it.calls < FEW ? h("span", { class: "note", title: `fewer than ${FEW} calls: figures say little` }, " few") : null] },
    { name: "cost per call", number: true, cell: (it) => (it.cost_per_call_usd === null ? (it.unpriced ? "unpriced" : UNKNOWN) : [it.estimated ? "~" : "", dollars(it.cost_per_call_usd), best > 0 && it.cost_per_call_usd === best && versions.length > 1 ? h("span", { class: "note" }, " dearest") : null]) },
    { name: "cost", number: true, cell: (it) => h("span", { title: caveat(it) }, sum(it)) },
    { name: "p50", number: true, cell: (it) => seconds(it.p50_s) },
    { name: "p95", number: true, cell: (it) => seconds(it.p95_s) },
    { name: "tokens in", number: true, title: "mean of a call", cell: (it) => short(it.input_tokens) },
    { name: "tokens out", number: true, title: "mean of a call", cell: (it) => short(it.output_tokens) },
    { name: "failed", number: true, cell: (it) => (it.errors ? percent(it.errors / it.calls) : "0") },
    { name: "refused", number: true, cell: (it) => (it.refused ? percent(it.refused / it.calls) : "0") },
    ...scores.map((score): Column<Version> => ({ name: score, number: true, title: `mean score, and how many`, cell: (it) => scoreOf(it, score) })),
    { name: "models", class: "quiet", cell: (it) => it.models.filter((model) => model !== null).join(", ") },
    { name: "last used", class: "time", cell: (it) => h("time", { title: whole(it.end_us) }, moment(it.end_us)) },
  ];
  return h("section", { class: "card" }, h("h2", {}, name), h("div", { class: "scroll" }, plainTable(`Versions of ${name}`, columns, versions)), versions.length > 1 ? compareOf(name, versions, signal) : null);
}

function scoreOf(version: Version, score: string): Child {
  const found = version.scores.find((it) => it.score === score);
  return found ? [found.mean.toFixed(3), h("span", { class: "note" }, ` of ${count(found.count)}`)] : UNKNOWN;
}

function callsOf(version: Version): string {
  const where = new URLSearchParams({ prompt: version.name });
  if (version.version) where.set("version", version.version);
  return `/calls?${where}`;
}

/** A choice of two versions and the difference of their text. */
function compareOf(name: string, versions: readonly Version[], signal: AbortSignal): HTMLElement {
  const body = h("div");
  const choice = (label: string, index: number): HTMLSelectElement => {
    const element = h("select", { "aria-label": label, onchange: () => void look() }, versions.map((it) => h("option", { value: it.version ?? "" }, it.version ?? "(none)")));
    element.selectedIndex = index;
    return element;
  };
  const [old, now] = [choice("Old version", 1), choice("New version", 0)];
  const look = async (): Promise<void> => {
    try {
      const found = await ask<Difference>("prompt-difference", new URLSearchParams({ name, old: old.value, new: now.value }), signal);
      fill(body, found.known ? linesOf(found.lines ?? []) : h("p", { class: "note" }, `The text is not known here: ${found.reason ?? ""}`));
    } catch (error) {
      if (!signal.aborted) fill(body, failure(error));
    }
  };
  const details = h("details", { class: "fold", ontoggle: () => void (details.open && look()) }, h("summary", {}, "Compare text"), h("div", { class: "compare" }, old, " → ", now), body);
  return details;
}

function linesOf(lines: readonly Line[]): HTMLElement {
  const side = (number: number | null, text: string | null, changed: boolean, sign: string): Child => [
    h("td", { class: "line-number" }, number),
    h("td", { class: changed && text !== null ? `line ${sign === "−" ? "old" : "new"}` : "line" }, text === null ? "" : `${changed ? sign : " "} ${text}`),
  ];
  const row = (line: Line): HTMLElement => {
    const changed = line.left !== line.right;
    return h("tr", {}, side(line.old, line.left, changed, "−"), side(line.new, line.right, changed, "+"));
  };
  const same = lines.every((it) => it.left === it.right);
  return h("div", {}, same ? h("p", { class: "note" }, "The texts are the same.") : null, h("table", { class: "difference", "aria-label": "Difference" }, h("tbody", {}, lines.map(row))));
}

function nothing(): HTMLElement {
  return h("div", { class: "empty" }, h("p", {}, "No call names a prompt. It does when its messages come from one:"), h("pre", {}, 'prompts.get("triage", label="production")'));
}
