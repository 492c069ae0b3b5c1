/** What one span carried: a transcript, its attributes, its events, and all of it as JSON. */
import { ask } from "./ask.js";
import { fill, h } from "./dom.js";
import { copy } from "./clipboard.js";
import { count, price, scoreText, seconds, whole } from "./figure.js";
import { failure } from "./router.js";
import { signs } from "./sign.js";
export const TABS = ["messages", "attributes", "events", "json"];
/** Characters of a part that are shown before somebody asks for the rest. */
const FOLD = 4_000;
export class Panel {
    element;
    head = h("header", { class: "panel-head" });
    tabs = h("div", { class: "tabs", role: "tablist" });
    body = h("div", { class: "panel-body", role: "tabpanel", tabindex: 0, id: "panel-body" });
    trace;
    signal;
    pick;
    shown = "";
    constructor(trace, signal, pick) {
        this.trace = trace;
        this.signal = signal;
        this.pick = pick;
        this.element = h("aside", { class: "panel", "aria-label": "Span" }, this.head, this.tabs, this.body);
    }
    /** Give the text the keyboard, for scrolling. */
    focus() {
        this.body.focus();
    }
    /** Show `span`. */
    show(span, tab) {
        const key = `${span.span_id} ${tab}`;
        if (key === this.shown)
            return;
        this.shown = key;
        fill(this.head, this.headOf(span));
        fill(this.tabs, TABS.map((name) => h("button", { type: "button", role: "tab", "aria-selected": String(name === tab), "aria-controls": "panel-body", tabindex: name === tab ? 0 : -1, onclick: () => this.pick(name) }, name === "json" ? "JSON" : name[0]?.toUpperCase() + name.slice(1))));
        void this.load(span, tab, key);
    }
    async load(span, tab, key) {
        try {
            const found = await ask(`span/${this.trace.trace_id}/${span.span_id}`, null, this.signal);
            if (this.shown !== key)
                return;
            this.body.scrollTop = 0;
            fill(this.body, this.content(tab, span, found));
        }
        catch (error) {
            if (!this.signal.aborted && this.shown === key)
                fill(this.body, failure(error));
        }
    }
    content(tab, span, found) {
        const scores = this.trace.scores.filter((it) => it.span_id === span.span_id);
        if (tab === "messages")
            return [scoresOf(scores), transcriptOf(found.transcript, span, found)];
        if (tab === "attributes") {
            return [attributesOf("Attributes", found.attributes), attributesOf("Resource", found.resource), attributesOf("Content, as stored", found.content)];
        }
        if (tab === "events")
            return eventsOf(found, this.trace);
        return h("pre", { class: "json" }, JSON.stringify(documentOf(this.trace, span, found), null, 2));
    }
    headOf(span) {
        const facts = [
            ["took", seconds(span.duration_s)],
            ["first chunk", span.time_to_first_chunk_s === null ? null : seconds(span.time_to_first_chunk_s)],
            ["model", modelOf(span)],
            ["provider", span.provider],
            ["tokens", usageOf(span)],
            ["cost", span.model_call || span.cost !== null ? price(span) : null],
            ["price", span.cost_reason ?? (span.cost_status && span.cost_status !== "exact" ? span.cost_status : null)],
            ["ended by", span.finish_reasons.join(", ")],
            ["prompt", span.prompt_name ? h("a", { href: `/prompts?${new URLSearchParams({ prompt: span.prompt_name })}` }, span.prompt_version ? `${span.prompt_name}@${span.prompt_version}` : span.prompt_name) : null],
            ["redacted", span.redaction_count ? `${count(span.redaction_count)}: ${span.redaction_kinds.join(", ")}` : null],
            ["service", span.service],
            ["span id", h("button", { type: "button", class: "plain-button", title: "Copy the id (y)", onclick: () => void copy(span.span_id) }, span.span_id)],
        ];
        return [
            h("h2", {}, span.name || "(no name)"),
            h("div", { class: "signs" }, signs(span)),
            h("dl", { class: "facts" }, facts.flatMap(([name, value]) => (value ? [h("div", {}, h("dt", {}, name), h("dd", {}, value))] : []))),
        ];
    }
}
function modelOf(span) {
    const [asked, answered] = [span.request_model, span.response_model];
    return asked && answered && asked !== answered ? `${asked} → ${answered}` : (answered ?? asked);
}
function usageOf(span) {
    if (span.input_tokens === null && span.output_tokens === null)
        return null;
    const parts = [`${count(span.input_tokens)} in`];
    if (span.cache_read_tokens)
        parts.push(`${count(span.cache_read_tokens)} of them cached`);
    if (span.cache_write_tokens)
        parts.push(`${count(span.cache_write_tokens)} written to the cache`);
    parts.push(`${count(span.output_tokens)} out`);
    if (span.reasoning_tokens)
        parts.push(`${count(span.reasoning_tokens)} of them reasoning`);
    return parts.join(", ");
}
function scoresOf(scores) {
    if (!scores.length)
        return null;
    const one = (score) => h("li", {}, h("span", { class: "score-name" }, score.name), h("strong", {}, scoreText(score)), score.comment ? h("span", { class: "quiet" }, score.comment) : null);
    return h("section", { class: "scores" }, h("h3", {}, "Scores"), h("ul", {}, scores.map(one)));
}
function transcriptOf(said, span, found) {
    const sections = [];
    const failed = span.error_type ? h("div", { class: "message failed" }, h("h3", {}, `✕ ${span.error_type}`), found.status_description ? text(found.status_description) : null) : null;
    if (said.instructions)
        sections.push(messageOf({ role: "instructions", parts: said.instructions }));
    if (said.tools)
        sections.push(fold(`${count(said.tools.length)} tools offered`, said.tools.map((it) => fold(it.name ?? "", text(it.text ?? "")))));
    if (said.arguments)
        sections.push(block("Arguments", text(said.arguments)));
    if (said.result)
        sections.push(block("Result", text(said.result)));
    if (said.documents)
        sections.push(block(`${count(said.documents.length)} documents`, said.documents.map(documentPart)));
    if (said.input)
        sections.push(said.input.map(messageOf));
    if (said.output)
        sections.push(h("div", { class: "answer" }, h("div", { class: "divider" }, "answer"), said.output.map(messageOf)));
    if (failed)
        sections.push(failed);
    if (sections.length)
        return sections;
    const reason = span.model_call
        ? "Messages are not captured. OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT=SPAN_ONLY captures them, redacted."
        : "This span carries no messages.";
    return h("p", { class: "empty" }, reason);
}
function messageOf(message) {
    const role = message.role || "message";
    const known = ["system", "instructions", "user", "assistant", "tool"].includes(role) ? role : "other";
    const omitted = message.omitted ? h("p", { class: "note" }, `${count(message.omitted)} messages after this one are left out`) : null;
    return h("article", { class: `message ${known}` }, h("h3", {}, role, message.name ? h("span", { class: "quiet" }, ` ${message.name}`) : null), message.parts.map(partOf), omitted);
}
function partOf(part) {
    const body = text(part.text ?? "");
    const id = part.id ? h("code", { class: "quiet" }, ` ${part.id}`) : null;
    if (part.kind === "tool_call")
        return h("div", { class: "part call" }, h("div", { class: "part-head" }, `⚒ calls ${part.name ?? "a tool"}`, id), body);
    if (part.kind === "tool_result")
        return h("div", { class: "part result" }, h("div", { class: "part-head" }, "↩ result", id), body);
    if (part.kind === "reasoning")
        return fold("reasoning", body);
    if (part.kind === "media")
        return h("p", { class: "part media" }, `▣ ${part.text ?? ""}`);
    if (part.kind === "note")
        return h("p", { class: "note" }, part.text);
    if (part.kind === "text")
        return body;
    return h("div", { class: "part" }, h("div", { class: "part-head" }, part.kind === "other" ? (part.name ?? "") : (part.kind ?? "")), body);
}
function documentPart(part) {
    const score = typeof part.score === "number" ? ` · score ${part.score.toPrecision(3)}` : "";
    return h("div", { class: "part document" }, h("div", { class: "part-head" }, `⌕ ${part.id || "document"}${score}`), part.text ? text(part.text) : null);
}
/** Text with its line breaks; the end of a long one comes with a button. */
function text(value) {
    if (value.length <= FOLD)
        return h("div", { class: "text" }, value);
    const element = h("div", { class: "text" }, value.slice(0, FOLD));
    const rest = value.length - FOLD;
    const button = h("button", { type: "button", class: "small", onclick: () => button.replaceWith(h("span", {}, value.slice(FOLD))) }, `${count(rest)} more characters`);
    element.append(button);
    return element;
}
function fold(name, ...children) {
    return h("details", { class: "fold" }, h("summary", {}, name), children);
}
function block(name, ...children) {
    return h("section", { class: "message" }, h("h3", {}, name), children);
}
function attributesOf(name, attributes) {
    if (!attributes.length)
        return null;
    const value = (it) => [text(it.value), it.cut ? h("span", { class: "note" }, ` cut; it has ${count(it.cut)} characters`) : null];
    const sorted = [...attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
    return h("section", {}, h("h3", {}, name), h("table", { class: "attributes", "aria-label": name }, h("tbody", {}, sorted.map((it) => h("tr", {}, h("th", { scope: "row" }, it.name), h("td", {}, value(it)))))));
}
function eventsOf(found, trace) {
    const links = found.links.map((it) => h("li", {}, h("a", { href: `/trace/${it.trace_id}?span=${it.span_id}` }, `${it.trace_id} / ${it.span_id}`)));
    const offset = (time) => (time === null ? "" : `+${seconds(Math.max(time - trace.start_us, 0) / 1e6)}`);
    if (!found.events.length && !links.length)
        return h("p", { class: "empty" }, "No events and no links.");
    return [
        found.events.map((it) => h("section", { class: "event" }, h("h3", {}, it.name, h("span", { class: "quiet" }, ` ${offset(it.time_us)}`)), attributesOf("", it.attributes))),
        links.length ? h("section", {}, h("h3", {}, "Links"), h("ul", {}, links)) : null,
    ];
}
function documentOf(trace, span, found) {
    const plain = (attributes) => Object.fromEntries(attributes.map((it) => [it.name, it.cut ? `${it.value} (cut)` : it.value]));
    return {
        trace_id: trace.trace_id,
        span_id: span.span_id,
        parent_span_id: span.parent_span_id,
        name: span.name,
        kind: found.kind,
        start: whole(trace.start_us + span.offset_s * 1e6),
        duration_s: span.duration_s,
        status: { code: found.status, description: found.status_description },
        scope: found.scope,
        resource: plain(found.resource),
        attributes: plain([...found.attributes, ...found.content]),
        events: found.events.map((it) => ({ name: it.name, attributes: plain(it.attributes) })),
        links: found.links,
    };
}
