/** Alerts and budgets, and how they stand. */
import { ask } from "./ask.js";
import { fill, h } from "./dom.js";
import { count, dollars, moment, percent } from "./figure.js";
import { plainTable } from "./list.js";
import { follow } from "./live.js";
import { bar } from "./sign.js";
const SIGNS = { firing: "▲", pending: "△", resolved: "✓", inactive: "·" };
export function alertsPage() {
    return {
        title: "Alerts and budgets",
        async show(main, signal) {
            const body = h("div");
            fill(main, h("h1", { class: "unseen" }, "Alerts and budgets"), body);
            let last = null;
            const look = async () => {
                const found = await ask("alerts", null, signal);
                if (found === last)
                    return;
                last = found;
                fill(body, found.notes.map((note) => h("p", { class: "note page-note" }, note)), h("section", { class: "card" }, h("h2", {}, "Budgets"), found.budgets.length ? budgets(found.budgets) : h("p", { class: "empty" }, "The policy has no budgets. spanwise policy explain budgets says how one is written.")), h("section", { class: "card" }, h("h2", {}, "Alerts"), groups(found.alerts)));
            };
            await look();
            void follow(look, signal);
        },
    };
}
function budgets(rows) {
    return plainTable("Budgets", [
        { name: "budget", class: "strong", cell: (it) => it.name },
        { name: "for", cell: (it) => it.key || "all calls" },
        { name: "per", class: "quiet", cell: (it) => it.per },
        { name: "used", class: "took", cell: (it) => bar(Math.min(it.spent_usd / it.limit_usd, 1), share(it), it.spent_usd >= it.limit_usd ? "bad" : "") },
        { name: "spent", number: true, cell: (it) => dollars(it.spent_usd) },
        { name: "limit", number: true, cell: (it) => dollars(it.limit_usd) },
        { name: "calls", number: true, cell: (it) => count(it.calls) },
        { name: "unpriced", number: true, title: "calls whose cost is unknown and not in the sum", cell: (it) => (it.unpriced ? count(it.unpriced) : "") },
        { name: "action", class: "quiet", cell: (it) => it.action },
        { name: "begins anew", class: "time", cell: (it) => (it.resets_us === null ? "slides" : moment(it.resets_us)) },
    ], rows);
}
function share(row) {
    const used = percent(row.spent_usd / row.limit_usd);
    return row.spent_usd >= row.limit_usd ? `▲ ${used} over` : used;
}
/** What is told first; what is quiet and what cannot be known is folded away, with its number. */
function groups(rows) {
    const loud = rows.filter((it) => ["firing", "pending", "resolved"].includes(it.state));
    const quiet = rows.filter((it) => it.state === "inactive");
    const unknown = rows.filter((it) => it.state === "not evaluated");
    const fold = (name, some) => (some.length ? h("details", { class: "fold" }, h("summary", {}, `${count(some.length)} ${name}`), alerts(some)) : null);
    return [
        loud.length ? alerts(loud) : h("p", { class: "empty" }, rows.length ? "No alert is firing or pending." : "No alerts are known."),
        fold("quiet", quiet),
        fold("not evaluated on this store", unknown),
    ];
}
function alerts(rows) {
    return h("div", { class: "scroll" }, plainTable("Alerts", [
        { name: "state", class: "state", cell: (it) => h("span", { class: `sign ${it.state === "firing" ? "bad" : it.state === "pending" ? "warn" : ""}` }, `${SIGNS[it.state] ?? "·"} ${it.state}`) },
        { name: "alert", class: "strong", cell: (it) => it.id },
        { name: "for", cell: (it) => it.labels },
        { name: "value", number: true, cell: (it) => it.value },
        { name: "since", class: "time", cell: (it) => (it.since_us === null ? "" : moment(it.since_us)) },
        { name: "severity", class: "quiet", cell: (it) => it.severity },
        { name: "what it means", class: "means", cell: (it) => [it.means, it.reason ? h("span", { class: "note" }, ` ${it.reason}`) : null] },
    ], rows));
}
