/** Sessions, and the turns of one. */
import { ask } from "./ask.js";
import { fill, h } from "./dom.js";
import { caveat, count, moment, seconds, sum, tokens, whole } from "./figure.js";
import { filterBar, filtered } from "./filter.js";
import { List } from "./list.js";
import { follow } from "./live.js";
import { failure, go, parameters } from "./router.js";
import { figure } from "./summary.js";
export function sessionsPage() {
    let last = null;
    const foot = h("div", { class: "foot" });
    const list = new List("Sessions", [
        { name: "session", class: "strong", cell: (it) => it.key },
        { name: "user", cell: (it) => it.user },
        { name: "last used", class: "time", cell: (it) => h("time", { title: whole(it.end_us) }, moment(it.end_us)) },
        { name: "lasted", number: true, cell: (it) => seconds((it.end_us - it.start_us) / 1e6) },
        { name: "turns", number: true, cell: (it) => count(it.turns) },
        { name: "calls", number: true, cell: (it) => count(it.calls) },
        { name: "tokens", number: true, title: "in → out", cell: (it) => tokens(it.input_tokens, it.output_tokens) },
        { name: "cost", number: true, cell: (it) => h("span", { title: caveat(it) }, sum(it)) },
        { name: "notes", class: "notes", cell: (it) => [it.errors ? h("span", { class: "sign bad" }, `✕ ${count(it.errors)} failed`) : null, it.refused ? h("span", { class: "sign warn" }, `⊘ ${count(it.refused)} refused`) : null] },
    ], (it) => it.key, (it) => `/session?${new URLSearchParams({ id: it.key })}`, go);
    const look = async (signal, onwards) => {
        const found = await ask("sessions", filtered(), signal);
        if (onwards && found === last)
            return;
        last = found;
        const { sessions } = found;
        list.show(sessions, onwards);
        fill(foot, sessions.length ? `${count(sessions.length)} sessions, the last used first.` : h("div", { class: "empty" }, h("p", {}, "No session. A call has one inside "), h("pre", {}, 'with spanwise.context(session="s-42"):')));
    };
    return {
        title: "Sessions",
        keys: list.keys,
        async show(main, signal) {
            const changed = () => void look(signal, false).catch((error) => signal.aborted || fill(foot, failure(error)));
            fill(main, h("h1", { class: "unseen" }, "Sessions"), filterBar(changed, signal, ["model", "user", "prompt", "service"]), h("div", { class: "scroll" }, list.element), foot);
            await look(signal, false);
            void follow(() => look(signal, true), signal);
        },
    };
}
export function sessionPage() {
    const id = parameters().get("id") ?? "";
    let list = null;
    let last = null;
    const turnList = () => {
        return new List("Turns", [
            { name: "start", class: "time", cell: (it) => h("time", { title: whole(it.start_us) }, moment(it.start_us)) },
            { name: "turn", class: "turn", cell: (it) => turnOf(it) },
            { name: "time taken", number: true, cell: (it) => seconds(it.duration_s) },
            { name: "calls", number: true, cell: (it) => count(it.calls) },
            { name: "tokens", number: true, title: "in → out", cell: (it) => tokens(it.input_tokens, it.output_tokens) },
            { name: "cost", number: true, cell: (it) => h("span", { title: caveat(it) }, it.calls ? sum(it) : "") },
        ], (it) => it.trace_id, (it) => `/trace/${it.trace_id}`, go);
    };
    return {
        title: `Session ${id}`,
        keys: { j: () => list?.keys["j"]?.(), k: () => list?.keys["k"]?.(), Enter: () => list?.keys["Enter"]?.(), Escape: () => history.back() },
        async show(main, signal) {
            const head = h("div");
            list = turnList();
            fill(main, h("header", { class: "trace-head" }, h("h1", {}, `Session ${id}`), head), h("div", { class: "scroll" }, list.element));
            const look = async () => {
                const found = await ask("session", new URLSearchParams({ id }), signal);
                if (found === last)
                    return;
                const onwards = last !== null;
                last = found;
                const { turns } = found;
                fill(head, sums(turns));
                list?.show(turns, onwards);
            };
            await look();
            void follow(look, signal);
        },
    };
}
function turnOf(turn) {
    return h("div", { class: "said" }, turn.asked ? h("p", { class: "asked" }, h("span", { class: "who" }, "user"), turn.asked) : h("p", {}, turn.name), turn.answered ? h("p", { class: "answered" }, h("span", { class: "who" }, "assistant"), turn.answered) : null, turn.errors ? h("span", { class: "sign bad" }, `✕ ${count(turn.errors)} failed`) : null, turn.refused ? h("span", { class: "sign warn" }, `⊘ ${count(turn.refused)} refused`) : null);
}
function sums(turns) {
    const add = (read) => turns.reduce((all, it) => all + read(it), 0);
    const priced = turns.filter((it) => it.cost_usd !== null);
    const money = { cost_usd: priced.length ? add((it) => it.cost_usd ?? 0) : null, unpriced: add((it) => it.unpriced), estimated: add((it) => it.estimated), foreign: add((it) => it.foreign) };
    return h("div", { class: "figures" }, figure("turns", count(turns.length)), figure("calls", count(add((it) => it.calls))), figure("cost", sum(money), caveat(money)), figure("cost per turn", priced.length ? sum({ ...money, cost_usd: (money.cost_usd ?? 0) / turns.length }) : "–"), figure("tokens", tokens(add((it) => it.input_tokens), add((it) => it.output_tokens))), figure("errors", count(add((it) => it.errors)), "", add((it) => it.errors) ? "bad" : ""));
}
