/** Short marks in lists: how a call ended. A word or a sign says it, never colour alone. */
import { h } from "./dom.js";
import { count } from "./figure.js";
/** The marks of one span; without `words` the figures stand for themselves, where there is no room for more. */
export function signs(span, words = true) {
    const found = [];
    if (span.error_type)
        found.push(h("span", { class: "sign bad", title: `error: ${span.error_type}` }, `✕ ${span.error_type}`));
    if (span.refused)
        found.push(h("span", { class: "sign warn", title: "the model refused" }, "⊘ refused"));
    if (span.resends) {
        const said = `↻ ${count(span.resends)}${words ? " sent again" : ""}`;
        found.push(h("span", { class: "sign", title: `sent again ${count(span.resends)} times` }, said));
    }
    if (span.redaction_count) {
        const said = `▮ ${count(span.redaction_count)}${words ? " redacted" : ""}`;
        found.push(h("span", { class: "sign", title: `${count(span.redaction_count)} values were redacted` }, said));
    }
    if (span.duplicate_of)
        found.push(h("span", { class: "sign", title: "the same call as another span; not counted" }, "≡ repeats"));
    return found;
}
/** A bar as long as `share` of its place. */
export function bar(share, label, tone = "") {
    const inner = h("span", { class: tone ? `fill ${tone}` : "fill" });
    inner.style.setProperty("inline-size", `${Math.max(share * 100, 1).toFixed(2)}%`);
    return h("span", { class: "bar" }, h("span", { class: "track", "aria-hidden": "true" }, inner), h("span", { class: "figure-text" }, label));
}
