/** Figures as a person reads them. Unknown is never shown as zero. */

import type { Money, Price, Score } from "./answer.js";

export const UNKNOWN = "–";

const COUNT = new Intl.NumberFormat("en-US");
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DATE = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short" });
const WHOLE = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" });

/** `1,234`. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : COUNT.format(value);
}

/** `1.2k`, `3.4M`. */
export function short(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (value < 1000) return COUNT.format(Math.round(value));
  if (value < 999_500) return `${Number((value / 1000).toPrecision(3))}k`;
  return `${Number((value / 1e6).toPrecision(3))}M`;
}

/** `850 ms`, `1.25 s`, `2m 05s`, `3h 20m`. */
export function seconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (value <= 0) return "0 s";
  if (value < 0.001) return `${Math.round(value * 1e6)} µs`;
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  if (value < 60) return `${value.toFixed(value < 10 ? 2 : 1)} s`;
  const minutes = Math.floor(value / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
  return `${minutes}m ${String(Math.floor(value % 60)).padStart(2, "0")}s`;
}

/** Dollars with as many decimals as a small amount needs. */
export function dollars(value: number): string {
  if (value === 0) return "$0.00";
  const size = Math.abs(value);
  const decimals = size >= 1 ? 2 : size >= 0.01 ? 4 : 6;
  const text = value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `$${size < 0.000001 ? value.toExponential(1) : text}`;
}

/** Dollars on an axis or in a sum of a chart: three digits that count. */
export function roundDollars(value: number): string {
  return `$${Number(value.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 9 })}`;
}

/** What one span costs: `~` marks an estimate, `unpriced` an unknown price. */
export function price(span: Price): string {
  if (span.cost === null) return span.cost_status === null && span.cost_reason === null ? UNKNOWN : "unpriced";
  const mark = span.cost_status === "estimated" ? "~" : "";
  return span.currency === "USD" ? mark + dollars(span.cost) : `${mark}${count(span.cost)} ${span.currency ?? ""}`;
}

/** A sum of costs: `~` marks one with estimates in it, `unpriced` one without any known price. */
export function sum(money: Money): string {
  if (money.cost_usd === null || money.cost_usd === undefined) return money.unpriced ? "unpriced" : UNKNOWN;
  return (money.estimated ? "~" : "") + dollars(money.cost_usd);
}

/** What a sum of costs leaves out or estimates; empty when it is whole. */
export function caveat(money: Money): string {
  const parts = [];
  if (money.unpriced) parts.push(`${count(money.unpriced)} without a known price`);
  if (money.estimated) parts.push(`${count(money.estimated)} estimated`);
  if (money.foreign) parts.push(`${count(money.foreign)} in another currency`);
  return parts.join(", ");
}

/** Tokens in and out: `1.2k → 300`. */
export function tokens(input: number | null, output: number | null): string {
  return input === null && output === null ? UNKNOWN : `${short(input)} → ${short(output)}`;
}

/** The time of a day, with the date where it is another day than today; in the browser's time zone. */
export function moment(microseconds: number): string {
  const date = new Date(microseconds / 1000);
  const today = new Date().toDateString() === date.toDateString();
  return today ? TIME.format(date) : `${DATE.format(date)} ${TIME.format(date)}`;
}

/** Date, time and zone. */
export function whole(microseconds: number): string {
  return WHOLE.format(new Date(microseconds / 1000));
}

/** `1 call`, `2 calls`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** `12 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 && share > 0 ? 1 : 0)} %`;
}

/** A score in a word: its number, its label, or both. */
export function scoreText(score: Score): string {
  const value = typeof score.value === "number" ? String(Math.round(score.value * 1000) / 1000) : score.value === null ? "" : String(score.value);
  if (score.label && value) return `${value} (${score.label})`;
  return score.label || value || "–";
}
