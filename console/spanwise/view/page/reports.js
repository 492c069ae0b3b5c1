/** Charts, and the table of each beside it. */
import { ask } from "./ask.js";
import { nothing } from "./calls.js";
import { drawn } from "./chart.js";
import { fill, h } from "./dom.js";
import { caveat, count, percent, roundDollars, seconds, sum, tokens } from "./figure.js";
import { filterBar, filtered } from "./filter.js";
import { plainTable } from "./list.js";
import { follow } from "./live.js";
import { failure } from "./router.js";
export function reportsPage() {
    return {
        title: "Reports",
        async show(main, signal) {
            const body = h("div", { class: "reports" });
            let last = null;
            const look = async () => {
                const found = await ask("reports", filtered(), signal);
                if (found === last)
                    return;
                last = found;
                fill(body, found.steps.length ? cardsOf(found) : nothing());
            };
            const changed = () => void look().catch((error) => signal.aborted || fill(body, failure(error)));
            fill(main, h("h1", { class: "unseen" }, "Reports"), filterBar(changed, signal), body);
            await look();
            void follow(look, signal);
        },
    };
}
function cardsOf(found) {
    const zone = "UTC";
    const stepLabel = (step) => (found.step === "hour" ? `${step.slice(8, 10)}. ${step.slice(11, 16)}` : step.slice(5, 10));
    const common = { steps: found.steps, stepLabel };
    const kinds = [...new Set(found.errors.map((it) => it.kind))].sort();
    const unit = found.step === "hour" ? "hour" : "day";
    const cost = drawn({ ...common, title: `Cost by ${unit} (${zone}) and model`, kind: "bars", label: roundDollars, series: costSeries(found) });
    const time = drawn({ ...common, title: `Time taken by ${unit}`, kind: "lines", label: seconds, series: timeSeries(found) });
    const errors = drawn({ ...common, title: `Failed calls by ${unit} and error`, kind: "bars", label: count, series: kinds.map((kind) => errorSeries(found, kind)) });
    const calls = drawn({ ...common, title: `Calls by ${unit}`, kind: "bars", label: count, series: [{ name: "calls", values: values(found, found.time, (it) => it.calls) }] });
    return [
        card(cost, table("model", found.tables.model)),
        card(time, table("model", found.tables.model, "time")),
        card(errors, found.tables.error?.length ? errorTable(found.tables.error) : h("p", { class: "empty" }, "No call failed.")),
        card(calls, table("user", found.tables.user)),
        found.tables.prompt?.length ? h("section", { class: "card" }, h("h2", {}, "Prompts"), table("prompt", found.tables.prompt)) : null,
        found.tables.tenant?.length ? h("section", { class: "card" }, h("h2", {}, "Tenants"), table("tenant", found.tables.tenant)) : null,
    ];
}
function card(chart, beside) {
    return h("section", { class: "card pair" }, chart, h("div", { class: "scroll" }, beside));
}
function table(key, rows = [], shows = "cost") {
    if (!rows.length)
        return h("p", { class: "empty" }, `No call names a ${key}.`);
    const columns = [
        { name: key, class: "strong", cell: (it) => h("a", { href: `/calls?${new URLSearchParams({ [key]: it.key })}` }, it.key) },
        { name: "calls", number: true, cell: (it) => count(it.calls) },
        ...(shows === "cost"
            ? [
                { name: "cost", number: true, cell: (it) => h("span", { title: caveat(it) }, sum(it)) },
                { name: "tokens", number: true, title: "in → out", cell: (it) => tokens(it.input_tokens, it.output_tokens) },
                { name: "cached", number: true, title: "share of tokens in that were read from a cache", cell: (it) => (it.input_tokens ? percent(it.cache_read_tokens / it.input_tokens) : "–") },
            ]
            : [
                { name: "p50", number: true, cell: (it) => seconds(it.p50_s) },
                { name: "p95", number: true, cell: (it) => seconds(it.p95_s) },
                { name: "failed", number: true, cell: (it) => (it.calls ? percent(it.errors / it.calls) : "–") },
            ]),
    ];
    return plainTable(`By ${key}`, columns, rows);
}
function errorTable(rows) {
    return plainTable("Errors", [
        { name: "error", class: "strong", cell: (it) => h("a", { href: `/calls?${new URLSearchParams({ error: it.key })}` }, it.key) },
        { name: "calls", number: true, cell: (it) => count(it.calls) },
        { name: "p95", number: true, cell: (it) => seconds(it.p95_s) },
    ], [...rows].sort((a, b) => b.calls - a.calls));
}
function costSeries(found) {
    const byStep = new Map(found.cost.map((it) => [`${it.at} ${it.model}`, it.cost_usd ?? null]));
    return found.models.map((model) => ({ name: model, values: found.steps.map((step) => byStep.get(`${step} ${model}`) ?? null) }));
}
function timeSeries(found) {
    return [
        { name: "p50", values: values(found, found.time, (it) => it.p50_s) },
        { name: "p95", values: values(found, found.time, (it) => it.p95_s) },
        { name: "p99", values: values(found, found.time, (it) => it.p99_s) },
        { name: "first chunk p50", values: values(found, found.time, (it) => it.first_chunk_p50_s) },
    ].filter((it) => it.values.some((value) => value !== null));
}
function errorSeries(found, kind) {
    return { name: kind, values: values(found, found.errors.filter((it) => it.kind === kind), (it) => it.calls) };
}
function values(found, rows, read) {
    const byStep = new Map(rows.map((it) => [it.at, read(it)]));
    return found.steps.map((step) => byStep.get(step) ?? null);
}
