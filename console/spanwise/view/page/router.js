/** Paths to pages, and the browser's history. Every state worth sharing is in the address. */
import { AnswerError } from "./ask.js";
import { fill, h } from "./dom.js";
let openers = {};
let shown = null;
/** Begin to follow the address. */
export function start(pages) {
    openers = pages;
    window.addEventListener("popstate", () => void open());
    document.addEventListener("click", follow);
    void open();
}
/** Open `address`, as a new entry of the history. */
export function go(address) {
    if (address === location.pathname + location.search)
        return;
    history.pushState(null, "", address);
    void open();
}
/** Change the parameters of the address without a new entry and without drawing the page anew. */
export function amend(parameters) {
    const query = parameters.toString();
    history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : ""));
}
/** The page that is shown. */
export function current() {
    return shown?.page ?? null;
}
/** The parameters of the address. */
export function parameters() {
    return new URLSearchParams(location.search);
}
function follow(event) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
        return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.origin !== location.origin || link.target)
        return;
    event.preventDefault();
    go(link.pathname + link.search);
}
async function open() {
    const path = location.pathname;
    if (shown?.path === path && shown.page.change?.())
        return;
    shown?.abort.abort();
    const [name = "", ...rest] = path.split("/").filter(Boolean).map(decodeURIComponent);
    const page = (openers[name] ?? openers[""])?.(rest, parameters());
    const main = document.querySelector("main");
    if (!page || !main)
        return;
    const abort = new AbortController();
    shown = { path, page, abort };
    document.title = `${page.title} · Spanwise`;
    mark(name);
    window.scrollTo(0, 0);
    try {
        await page.show(main, abort.signal);
    }
    catch (error) {
        if (!abort.signal.aborted)
            fill(main, failure(error));
    }
}
/** What went wrong, for a person. */
export function failure(error) {
    const sentence = error instanceof AnswerError ? error.message : "this page has a defect: " + String(error);
    return h("div", { class: "empty", role: "alert" }, h("p", {}, sentence));
}
function mark(name) {
    const section = name === "trace" ? "traces" : name === "session" ? "sessions" : name || "calls";
    for (const link of document.querySelectorAll("nav a")) {
        if (link.getAttribute("href") === `/${section}`)
            link.setAttribute("aria-current", "page");
        else
            link.removeAttribute("aria-current");
    }
}
