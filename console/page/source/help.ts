/** The list of keys. */

import { h } from "./dom.js";

const KEYS: readonly (readonly [string, string])[] = [
  ["j  k", "next, previous row"],
  ["Enter", "open"],
  ["Esc", "back, or close"],
  ["/", "search"],
  ["g c", "calls"],
  ["g t", "traces"],
  ["g s", "sessions"],
  ["g p", "prompts"],
  ["g r", "reports"],
  ["g a", "alerts and budgets"],
  ["1 2 3 4", "messages, attributes, events, JSON of a span"],
  ["y", "copy the id"],
  ["T", "light, dark, or as the system"],
  ["?", "this list"],
];

/** Show the list; Esc closes it. */
export function showHelp(): void {
  const rows = KEYS.map(([keys, meaning]) =>
    h("tr", {}, h("th", { scope: "row" }, keys.split(" ").filter(Boolean).map((key) => h("kbd", {}, key))), h("td", {}, meaning)),
  );
  const close = (): void => dialog.close();
  const dialog = h(
    "dialog",
    { "aria-label": "Keys", onclose: () => dialog.remove() },
    h("h2", {}, "Keys"),
    h("table", { class: "keys" }, h("tbody", {}, rows)),
    h("button", { type: "button", onclick: close }, "Close"),
  );
  document.body.append(dialog);
  dialog.showModal();
}
