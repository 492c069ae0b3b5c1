/** The bar that says which calls are meant. Its state is the address, so a link shows the same. */

import type { Facets } from "./answer.js";
import { ask } from "./ask.js";
import { fill, h } from "./dom.js";
import { count } from "./figure.js";
import { amend, parameters } from "./router.js";

const RANGES: readonly (readonly [string, string])[] = [
  ["", "all time"],
  ["1h", "last hour"],
  ["24h", "last 24 hours"],
  ["7d", "last 7 days"],
  ["30d", "last 30 days"],
];
const STATUSES = ["", "ok", "error", "refused", "unpriced", "estimated", "redacted"] as const;
const CHOICES = ["model", "provider", "user", "session", "prompt", "service"] as const;
const OTHERS = ["tenant", "version", "feature", "error"] as const;
const TYPING_MS = 250;
const AFTER_MS = 50;
/** "any", and two values: with fewer there is nothing to choose. */
const LEAST_OPTIONS = 3;

export const NAMES: readonly string[] = ["q", "range", "status", ...CHOICES, ...OTHERS];

/** The parameters of the address that are a filter. */
export function filtered(): URLSearchParams {
  const all = parameters();
  const chosen = new URLSearchParams();
  for (const name of NAMES) {
    const value = all.get(name);
    if (value) chosen.set(name, value);
  }
  return chosen;
}

/** A bar; `changed` is called when another filter is chosen. */
export function filterBar(
  changed: () => void,
  signal: AbortSignal,
  choices: readonly (typeof CHOICES)[number][] = CHOICES,
): HTMLElement {
  const set = (name: string, value: string): void => {
    const all = parameters();
    if (value) all.set(name, value);
    else all.delete(name);
    amend(all);
    drawChips();
    changed();
  };
  const search = h("input", {
    type: "search",
    placeholder: "Search names, ids and stored content",
    "aria-label": "Search",
    maxlength: 200,
    spellcheck: "false",
    autocomplete: "off",
  });
  search.value = parameters().get("q") ?? "";
  let timer = 0;
  search.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => set("q", search.value.trim()), TYPING_MS);
  });
  const selects = new Map<string, HTMLSelectElement>();
  const select = (name: string, label: string, options: readonly (readonly [string, string])[]): HTMLSelectElement => {
    const element = h("select", { "aria-label": label, "data-name": name, onchange: () => set(name, element.value) });
    fill(element, options.map(([value, text]) => h("option", { value }, text)));
    element.value = parameters().get(name) ?? "";
    selects.set(name, element);
    return element;
  };
  const chips = h("div", { class: "chips" });
  const drawChips = (): void => {
    const own = [...OTHERS].flatMap((name) => {
      const value = parameters().get(name);
      const drop = (): void => set(name, "");
      const label = `Remove the filter ${name}`;
      return value ? [h("button", { type: "button", class: "chip", "aria-label": label, onclick: drop }, `${name}: ${value} ×`)] : [];
    });
    fill(chips, own);
  };
  drawChips();
  const bar = h(
    "form",
    { class: "filter", role: "search", onsubmit: (event: Event) => event.preventDefault() },
    search,
    select("range", "Time", RANGES),
    select("status", "Status", STATUSES.map((it) => [it, it || "any status"] as const)),
    choices.map((name) => select(name, name, named(name, [], parameters().get(name)))),
    chips,
  );
  void offer(selects, choices, signal);
  return bar;
}

async function offer(
  selects: ReadonlyMap<string, HTMLSelectElement>,
  choices: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  let facets: Facets;
  await new Promise((resolve) => setTimeout(resolve, AFTER_MS)); // the list comes first
  if (signal.aborted) return;
  try {
    facets = await ask<Facets>("facets", null, signal);
  } catch {
    return; // the list beside it says what is wrong
  }
  for (const name of choices) {
    const element = selects.get(name);
    const value = parameters().get(name);
    if (!element) continue;
    fill(element, named(name, facets[name] ?? [], value).map(([key, text]) => h("option", { value: key }, text)));
    element.value = value ?? "";
    element.hidden = element.options.length < LEAST_OPTIONS && !value;
  }
}

function named(
  name: string,
  found: readonly { readonly value: string; readonly calls: number }[],
  value: string | null,
): (readonly [string, string])[] {
  const options: (readonly [string, string])[] = [["", `any ${name}`]];
  if (value && !found.some((it) => it.value === value)) options.push([value, value]);
  return [...options, ...found.map((it) => [it.value, `${it.value} (${count(it.calls)})`] as const)];
}
