/** Charts as SVG: stacked bars and lines over time, with a grid, a legend, and what is under the pointer in words. */
import { fill, h, svg } from "./dom.js";
const WIDTH = 720;
const HEIGHT = 220;
const LEFT = 58;
const BOTTOM = 24;
const TOP = 10;
const RIGHT = 8;
const GRID = 4;
/** `chart` drawn; colours are told apart by the legend's order and by dashes, too. */
export function drawn(chart) {
    const top = highest(chart);
    const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
    const reading = h("p", { class: "reading", role: "status" }, "");
    const picture = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": chart.title, class: "chart", preserveAspectRatio: "none" });
    fill(picture, grid(chart, top, y), chart.kind === "bars" ? bars(chart, y) : lines(chart, y), marks(chart, reading));
    const legend = h("ul", { class: "legend" }, chart.series.map((it, index) => h("li", {}, h("span", { class: `swatch s${index % 8}`, "aria-hidden": "true" }), it.name || "(no model)")));
    return h("figure", { class: "chart-box" }, h("figcaption", {}, chart.title), picture, reading, chart.series.length > 1 ? legend : null);
}
function highest(chart) {
    const sums = chart.steps.map((_, step) => {
        const values = chart.series.map((it) => it.values[step] ?? 0);
        return chart.kind === "bars" ? values.reduce((all, it) => all + it, 0) : Math.max(...values, 0);
    });
    return round(Math.max(...sums, 0) || 1);
}
/** The next number above that a grid of four lines divides well. */
function round(value) {
    const unit = 10 ** Math.floor(Math.log10(value));
    const found = [1, 2, 4, 6, 8, 10].find((it) => it * unit >= value) ?? 10;
    return found * unit;
}
function stepWidth(chart) {
    return (WIDTH - LEFT - RIGHT) / Math.max(chart.steps.length, 1);
}
function grid(chart, top, y) {
    const levels = Array.from({ length: GRID + 1 }, (_, index) => (top * index) / GRID);
    const every = Math.max(Math.ceil(chart.steps.length / 8), 1);
    return [
        levels.map((level) => [
            svg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(level), y2: y(level) }),
            svg("text", { class: "tick-label", x: LEFT - 6, y: y(level) + 4, "text-anchor": "end" }, chart.label(level)),
        ]),
        chart.steps.map((step, index) => index % every === 0 ? svg("text", { class: "tick-label", x: LEFT + (index + 0.5) * stepWidth(chart), y: HEIGHT - 6, "text-anchor": "middle" }, chart.stepLabel(step)) : null),
    ];
}
function bars(chart, y) {
    const width = stepWidth(chart);
    const gap = Math.min(width * 0.2, 6);
    return chart.steps.map((_, step) => {
        let below = 0;
        return chart.series.map((it, index) => {
            const value = it.values[step] ?? 0;
            if (!value)
                return null;
            const bar = svg("rect", { class: `area s${index % 8}`, x: LEFT + step * width + gap / 2, width: Math.max(width - gap, 1), y: y(below + value), height: Math.max(y(below) - y(below + value), 0.5) });
            below += value;
            return bar;
        });
    });
}
function lines(chart, y) {
    const width = stepWidth(chart);
    return chart.series.map((it, index) => {
        const x = (step) => LEFT + (step + 0.5) * width;
        let path = "";
        let drawing = false;
        const dots = [];
        it.values.forEach((value, step) => {
            if (value !== null) {
                path += `${drawing ? "L" : "M"}${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
                if (chart.steps.length <= 60)
                    dots.push(svg("circle", { class: `dot s${index % 8}`, cx: x(step), cy: y(value), r: 2.5 }));
            }
            drawing = value !== null;
        });
        return [svg("path", { class: `line s${index % 8}`, d: path || "M0 0" }), dots];
    });
}
/** Invisible columns that say what is under the pointer. */
function marks(chart, reading) {
    const width = stepWidth(chart);
    const say = (step) => {
        const values = chart.series.flatMap((it) => {
            const value = it.values[step];
            return value ? [`${it.name || "(no model)"} ${chart.label(value)}`] : [];
        });
        fill(reading, h("strong", {}, chart.stepLabel(chart.steps[step] ?? "")), " ", values.join(" · ") || "nothing");
    };
    return chart.steps.map((_, step) => svg("rect", { class: "mark", x: LEFT + step * width, width, y: TOP, height: HEIGHT - TOP - BOTTOM, onmouseenter: () => say(step) }));
}
