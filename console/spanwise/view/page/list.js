/** A table whose rows are chosen by keyboard or pointer and opened with Enter. */
import { fill, h } from "./dom.js";
/** A table of `Row`. `key` tells rows apart, `address` says what a row opens. */
export class List {
    element;
    keys;
    body;
    rows = new Map();
    chosen = null;
    columns;
    key;
    address;
    open;
    constructor(label, columns, key, address, open) {
        this.columns = columns;
        this.key = key;
        this.address = address;
        this.open = open;
        this.body = h("tbody");
        const heads = columns.map((column) => h("th", { scope: "col", class: style(column), title: column.title }, column.name));
        this.element = h("table", { class: "list", "aria-label": label }, h("thead", {}, h("tr", {}, heads)), this.body);
        this.keys = {
            j: () => this.move(1),
            k: () => this.move(-1),
            ArrowDown: () => this.move(1),
            ArrowUp: () => this.move(-1),
            Enter: () => this.enter(),
        };
    }
    /** How many rows there are. */
    get size() {
        return this.rows.size;
    }
    /** Show `rows` in this order. Rows that are there already stay; new ones are marked where `fresh` says so. */
    show(rows, fresh = false) {
        const kept = new Set(rows.map(this.key));
        for (const [key, element] of this.rows) {
            if (!kept.has(key)) {
                element.remove();
                this.rows.delete(key);
            }
        }
        let before = null;
        for (const row of rows) {
            const key = this.key(row);
            const known = this.rows.get(key);
            const element = known ?? this.drawn(row, key);
            if (!known && fresh)
                element.classList.add("fresh");
            const expected = before ? before.nextElementSibling : this.body.firstElementChild;
            if (expected !== element)
                this.body.insertBefore(element, expected);
            before = element;
        }
    }
    drawn(row, key) {
        const address = this.address(row);
        const cells = this.columns.map((column, index) => {
            const content = column.cell(row);
            const linked = index === 0 && address ? h("a", { href: address, tabindex: -1 }, content) : content;
            return h("td", { class: style(column) }, linked);
        });
        const element = h("tr", { tabindex: this.chosen === null && this.rows.size === 0 ? 0 : -1 }, cells);
        element.addEventListener("focus", () => this.choose(key));
        element.addEventListener("click", (event) => {
            if (event.target instanceof Element && event.target.closest("a, button"))
                return;
            this.choose(key);
            if (address && !window.getSelection()?.toString())
                this.open(address);
        });
        if (address)
            element.dataset["address"] = address;
        this.rows.set(key, element);
        return element;
    }
    move(step) {
        const elements = [...this.body.children];
        const now = this.chosen === null ? undefined : this.rows.get(this.chosen);
        const at = now ? elements.indexOf(now) : -1;
        const next = elements[Math.min(Math.max(at + step, 0), elements.length - 1)];
        next?.focus();
        next?.scrollIntoView({ block: "nearest" });
    }
    enter() {
        const address = this.chosen === null ? undefined : this.rows.get(this.chosen)?.dataset["address"];
        if (address)
            this.open(address);
    }
    choose(key) {
        for (const [other, element] of this.rows) {
            element.tabIndex = other === key ? 0 : -1;
            element.classList.toggle("chosen", other === key);
        }
        this.chosen = key;
    }
}
/** A table without choices: headings and rows of cells. */
export function plainTable(label, columns, rows) {
    const table = h("table", { class: "plain", "aria-label": label });
    fill(table, h("thead", {}, h("tr", {}, columns.map((it) => h("th", { scope: "col", class: style(it), title: it.title }, it.name)))), h("tbody", {}, rows.map((row) => h("tr", {}, columns.map((it) => h("td", { class: style(it) }, it.cell(row)))))));
    return table;
}
function style(column) {
    const names = [column.number ? "number" : "", column.class ?? ""].filter(Boolean);
    return names.length ? names.join(" ") : undefined;
}
