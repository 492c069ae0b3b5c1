/** The line of sums above a list. */
import { h } from "./dom.js";
import { caveat, count, seconds, short, sum } from "./figure.js";
/** One figure with its name, and what there is to know about it. */
export function figure(name, value, note = "", tone = "") {
    return h("div", { class: tone ? `figure ${tone}` : "figure" }, h("span", { class: "name" }, name), h("span", { class: "value" }, value), note ? h("span", { class: "note" }, note) : null);
}
/** The sums of all calls of a store. */
export function summary(found) {
    const share = found.calls ? ` (${((found.errors / found.calls) * 100).toFixed(1)} %)` : "";
    return h("section", { class: "figures", "aria-label": "Sums" }, figure("calls", count(found.calls)), figure("cost", sum(found), caveat(found)), figure("tokens in", short(found.input_tokens)), figure("tokens out", short(found.output_tokens)), figure("p50", seconds(found.p50_s)), figure("p95", seconds(found.p95_s)), figure("errors", count(found.errors) + (found.errors ? share : ""), "", found.errors ? "bad" : ""));
}
