/** The keyboard. */

import { showHelp } from "./help.js";
import { current, go } from "./router.js";
import { nextTheme } from "./theme.js";

const PLACES: Readonly<Record<string, string>> = {
  c: "/calls",
  t: "/traces",
  s: "/sessions",
  p: "/prompts",
  r: "/reports",
  a: "/alerts",
};
const CHORD_MS = 1_500;

let begunAt = 0;

/** Begin to listen. */
export function listen(): void {
  document.addEventListener("keydown", press);
}

function press(event: KeyboardEvent): void {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  const at = event.target;
  if (document.querySelector("dialog[open]")) return;
  if (at instanceof HTMLInputElement || at instanceof HTMLSelectElement || at instanceof HTMLTextAreaElement) {
    if (event.key === "Escape") at.blur();
    return;
  }
  const found = meant(event.key);
  if (!found) return;
  if (event.key === "Enter" && at instanceof HTMLElement && at.closest("a, button, summary")) return;
  event.preventDefault();
  found();
}

function meant(key: string): (() => void) | undefined {
  const second = performance.now() - begunAt < CHORD_MS;
  begunAt = 0;
  const place = second ? PLACES[key] : undefined;
  if (place) return () => go(place);
  if (key === "g") return () => (begunAt = performance.now());
  if (key === "?") return showHelp;
  if (key === "T") return nextTheme;
  if (key === "/") return focusSearch;
  return current()?.keys?.[key];
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>("input[type=search]");
  field?.focus();
  field?.select();
}
