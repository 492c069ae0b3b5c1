/** One trace: a waterfall of its spans, and beside it what the chosen span carried. */
import { ask } from "./ask.js";
import { copy } from "./clipboard.js";
import { fill, h } from "./dom.js";
import { caveat, count, counted, scoreText, seconds, short, sum, whole } from "./figure.js";
import { Panel, TABS } from "./panel.js";
import { amend, parameters } from "./router.js";
import { figure } from "./summary.js";
import { Waterfall } from "./waterfall.js";
export function tracePage(path) {
    const view = new TraceView(path[0] ?? "last");
    return { title: `Trace ${view.wanted.slice(0, 8)}`, keys: view.keys, show: (main, signal) => view.show(main, signal), change: () => view.change() };
}
class TraceView {
    wanted;
    keys;
    waterfall = null;
    panel = null;
    trace = null;
    constructor(wanted) {
        this.wanted = wanted;
        const tab = (name) => () => this.showTab(name);
        this.keys = {
            j: () => this.waterfall?.move(1),
            k: () => this.waterfall?.move(-1),
            ArrowDown: () => this.waterfall?.move(1),
            ArrowUp: () => this.waterfall?.move(-1),
            Enter: () => this.panel?.focus(),
            Escape: () => history.back(),
            y: () => void copy(parameters().get("span") ?? this.trace?.trace_id ?? ""),
            "1": tab("messages"),
            "2": tab("attributes"),
            "3": tab("events"),
            "4": tab("json"),
        };
    }
    async show(main, signal) {
        const trace = await ask(`trace/${encodeURIComponent(this.wanted)}`, null, signal);
        this.trace = trace;
        this.panel = new Panel(trace, signal, (tab) => this.showTab(tab));
        this.waterfall = new Waterfall(trace, (span) => this.choose(span, true));
        fill(main, heading(trace), h("div", { class: "split" }, h("section", { class: "waterfall-pane", "aria-label": "Spans" }, this.waterfall.element), this.panel.element));
        this.change();
        this.waterfall.focus();
    }
    /** Follow the address: another span or tab. */
    change() {
        const trace = this.trace;
        if (!trace)
            return false;
        const wanted = parameters().get("span");
        const span = trace.spans.find((it) => it.span_id === wanted) ?? first(trace);
        if (span)
            this.choose(span, false);
        return true;
    }
    choose(span, byHand) {
        if (byHand) {
            const address = parameters();
            address.set("span", span.span_id);
            amend(address);
        }
        this.waterfall?.mark(span);
        this.panel?.show(span, tabOf(parameters()));
    }
    showTab(tab) {
        const address = parameters();
        if (tab === "messages")
            address.delete("tab");
        else
            address.set("tab", tab);
        amend(address);
        this.change();
    }
}
function tabOf(address) {
    return TABS.find((tab) => tab === address.get("tab")) ?? "messages";
}
/** What is shown first: what failed, else the first call of a model, else the root. */
function first(trace) {
    return trace.spans.find((it) => it.error_type && it.model_call) ?? trace.spans.find((it) => it.model_call) ?? trace.spans[0];
}
function heading(trace) {
    const calls = trace.spans.filter((it) => it.model_call);
    const tokensOf = (read) => calls.reduce((all, it) => all + (read(it) ?? 0), 0);
    const failed = calls.filter((it) => it.error_type).length;
    const money = moneyOf(calls);
    const root = trace.spans[0];
    return h("header", { class: "trace-head" }, h("div", { class: "trace-title" }, h("h1", {}, root?.name || "(no name)"), h("code", { class: "id" }, trace.trace_id), h("button", { type: "button", class: "small", onclick: () => void copy(trace.trace_id) }, "Copy id"), who(trace)), h("div", { class: "figures" }, figure("start", whole(trace.start_us)), figure("time taken", seconds(trace.duration_s)), figure("cost", calls.length ? sum(money) : "–", caveat(money)), figure("spans", count(trace.spans.length), trace.omitted ? `and ${counted(trace.omitted, "span")} not shown` : ""), figure("model calls", count(calls.length)), figure("tokens in", short(tokensOf((it) => it.input_tokens))), figure("tokens out", short(tokensOf((it) => it.output_tokens))), failed ? figure("errors", count(failed), "", "bad") : null, trace.scores.slice(0, 6).map(scoreFigure)));
}
function scoreFigure(score) {
    return figure(score.name, scoreText(score));
}
function who(trace) {
    const link = (name, value, address) => h("a", { class: "chip", href: address }, `${name} ${value}`);
    const found = [];
    const user = trace.spans.find((it) => it.user)?.user;
    const session = trace.spans.find((it) => it.session)?.session;
    const tenant = trace.spans.find((it) => it.tenant)?.tenant;
    if (user)
        found.push(link("user", user, `/calls?${new URLSearchParams({ user })}`));
    if (session)
        found.push(link("session", session, `/session?${new URLSearchParams({ id: session })}`));
    if (tenant)
        found.push(link("tenant", tenant, `/calls?${new URLSearchParams({ tenant })}`));
    return found;
}
/** The sum of what calls cost, with what it leaves out. */
export function moneyOf(calls) {
    const priced = calls.filter((it) => it.cost !== null && it.currency === "USD");
    return {
        cost_usd: priced.length ? priced.reduce((all, it) => all + (it.cost ?? 0), 0) : null,
        unpriced: calls.filter((it) => it.unpriced).length,
        estimated: calls.filter((it) => it.cost_status === "estimated").length,
        foreign: calls.filter((it) => it.cost !== null && it.currency !== "USD").length,
    };
}
