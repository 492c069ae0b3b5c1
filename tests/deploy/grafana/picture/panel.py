"""Each kind of panel, drawn."""

from __future__ import annotations

import math
import re
import textwrap
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.ticker import MaxNLocator

from tests.deploy.grafana.lint import Page
from tests.deploy.grafana.picture.answer import Asker, Line
from tests.deploy.grafana.picture.canvas import Box, Canvas
from tests.deploy.grafana.picture.theme import EDGE, GRID, LINK, MUTED, NAMED, PALETTE, PANEL, TEXT, color_at
from tests.deploy.grafana.picture.unit import written


_TITLE_PX: Final = 30
_ROW_PX: Final = 17
_HEAT: Final = LinearSegmentedColormap.from_list("heat", [PANEL, "#7a3410", "#e0641a", "#ffd9a8"])
_HOURS_2: Final = 7_200


def draw(canvas: Canvas, panel: Page, box: Box, asker: Asker) -> int:
    """Draw a panel; how many of its queries answered something."""
    canvas.rectangle(box, edge=EDGE)
    canvas.text(box.x + 10, box.y + 15, panel["title"], size=9, bold=True)
    inside = box.inner(left=10, right=10, top=_TITLE_PX, bottom=8)
    if panel["type"] == "text":
        _markdown(canvas, panel["options"]["content"], inside)
        return 0
    if panel["datasource"]["type"] != "prometheus":
        _question(canvas, panel, inside)
        return 0
    answers = [asker.lines(panel, target) for target in panel["targets"]]
    lines = [line for answer in answers for line in answer]
    if not lines:
        canvas.text(box.x + box.w / 2, box.y + box.h / 2 + 8, "No data", size=11, color=MUTED, align="center")
        return 0
    if panel["type"] == "table":
        _table(canvas, panel, answers, inside)
    elif panel["type"] == "timeseries":
        dots = [dot for target in panel["targets"] if target["exemplar"] for dot in asker.exemplars(panel, target)]
        _curves(canvas, panel, lines, dots, inside, asker)
    else:
        kinds: dict[str, Callable[[Canvas, Page, list[Line], Box], None]] = {
            "stat": _number,
            "bargauge": _bars,
            "heatmap": _heatmap,
        }
        kinds[panel["type"]](canvas, panel, lines, inside)
    return sum(bool(answer) for answer in answers)


def _unit(panel: Page) -> tuple[str, int | None]:
    defaults = panel["fieldConfig"]["defaults"]
    return defaults["unit"], defaults.get("decimals")


def _steps(panel: Page) -> list[dict[str, object]]:
    steps: list[dict[str, object]] = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
    return steps


def _number(canvas: Canvas, panel: Page, lines: list[Line], box: Box) -> None:
    unit, decimals = _unit(panel)
    line = lines[0]
    color = color_at(line.last, _steps(panel))
    if len(line.points) > 1 and panel["options"]["graphMode"] == "area":
        axes = canvas.axes(Box(box.x - 9, box.y + box.h - 30, box.w + 18, 37))
        axes.axis("off")
        x, y = zip(*line.points, strict=True)
        axes.fill_between(x, y, min(0, *y), color=color, alpha=0.18, linewidth=0)
        axes.plot(x, y, color=color, linewidth=1)
        axes.margins(0)
    text = written(line.last, unit, decimals)
    size = min(21.0, box.w / len(text) / 1.1)
    canvas.text(
        box.x + box.w / 2, box.y + box.h / 2 - 6, text, size=size, color=color,
        align="center", bold=True,
    )  # fmt: skip


def _curves(
    canvas: Canvas, panel: Page, lines: list[Line], dots: list[tuple[float, float]], box: Box, asker: Asker
) -> None:
    unit, decimals = _unit(panel)
    custom = panel["fieldConfig"]["defaults"]["custom"]
    lines = sorted(lines, key=lambda line: _or_least(line.last), reverse=True)
    room = max(2, int((box.h - 96) // _ROW_PX))
    shown = lines if len(lines) <= room else lines[: room - 1]
    legend_px = (len(shown) + 1 + (len(shown) < len(lines))) * _ROW_PX
    axes = canvas.axes(Box(box.x + 52, box.y, box.w - 58, box.h - legend_px - 24))
    colors = {id(line): PALETTE[at % len(PALETTE)] for at, line in enumerate(lines)}
    mode = custom["stacking"]["mode"]
    if mode == "none":
        for line in lines:
            _curve(axes, line, colors[id(line)])
    else:
        _stack(axes, lines, colors, percent=mode == "percent")
    if dots:
        axes.scatter([at for at, _ in dots], [value for _, value in dots], s=9, marker="D", color="#8ab8ff",
                     alpha=0.65, linewidths=0)  # fmt: skip
    _scale(axes, panel, lines, unit, asker, percent=mode == "percent")
    if custom["thresholdsStyle"]["mode"] != "off":
        _limits(axes, panel)
    _legend(canvas, shown, len(lines), colors, unit, decimals,
            Box(box.x, box.y + box.h - legend_px, box.w, legend_px))  # fmt: skip


def _or_least(value: float) -> float:
    return -math.inf if math.isnan(value) else value


def _curve(axes: Axes, line: Line, color: str) -> None:
    x, y = _with_gaps(line)
    axes.plot(x, y, color=color, linewidth=1.1)
    axes.fill_between(x, y, 0, color=color, alpha=0.06, linewidth=0)


def _with_gaps(line: Line) -> tuple[list[float], list[float]]:
    """Its points, with nothing drawn over a gap."""
    steps = [later[0] - earlier[0] for earlier, later in zip(line.points, line.points[1:], strict=False)]
    usual = min(steps, default=0)
    x: list[float] = []
    y: list[float] = []
    for at, value in line.points:
        if x and at - x[-1] > usual * 1.5:
            x.append(at - usual)
            y.append(math.nan)
        x.append(at)
        y.append(value)
    return x, y


def _stack(axes: Axes, lines: list[Line], colors: dict[int, str], *, percent: bool) -> None:
    times = sorted({at for line in lines for at, _ in line.points})
    at_time = [dict(line.points) for line in lines]
    rows = np.nan_to_num(np.array([[row.get(at, 0.0) for at in times] for row in at_time]))
    if percent:
        rows = rows / np.maximum(rows.sum(axis=0), 1e-12)
    base = np.zeros(len(times))
    for line, row in zip(lines, rows, strict=True):
        axes.fill_between(times, base, base + row, color=colors[id(line)], alpha=0.3, linewidth=0)
        axes.plot(times, base + row, color=colors[id(line)], linewidth=1.0)
        base = base + row


def _scale(axes: Axes, panel: Page, lines: list[Line], unit: str, asker: Asker, *, percent: bool) -> None:
    defaults = panel["fieldConfig"]["defaults"]
    axes.set_xlim(asker.since_s, asker.until_s)
    low, high = axes.get_ylim()
    unit = "percentunit" if percent or unit == "percentunit" else "short" if unit in {"reqps", "ops"} else unit
    low = float(defaults.get("min", low))
    high = min(high, 1.0) if unit == "percentunit" and axes.dataLim.y1 <= 1 else high
    low = 0.0 if -0.1 * high < low < 0 else low  # the margin beneath a line at 0
    high = 1.0 if percent else defaults.get("max", high)
    ticks = MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high if high > low else low + 1)
    bottom = float(ticks[0])
    axes.set_ylim(max(bottom, low) if "min" in defaults else bottom, max(float(high), float(ticks[-1])))
    axes.set_yticks([tick for tick in map(float, ticks) if tick >= axes.get_ylim()[0]])
    axes.set_yticklabels([_short(written(float(tick), unit)) for tick in axes.get_yticks()])
    span = asker.until_s - asker.since_s
    every = next(size for size in (900, 3_600, 4 * 3_600, 86_400) if span / size <= 7)
    marks = np.arange(math.ceil(asker.since_s / every) * every, asker.until_s, every)
    axes.set_xticks(marks, [datetime.fromtimestamp(float(mark), UTC).strftime("%H:%M") for mark in marks])
    axes.tick_params(colors=MUTED, labelsize=7, length=0, pad=4)
    axes.grid(color=GRID, linewidth=0.6)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _short(text: str) -> str:
    """A mark of an axis without zeros behind the point."""
    return re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", text).replace(". ", " ").replace(".%", "%").removesuffix(".")


def _limits(axes: Axes, panel: Page) -> None:
    _, high = axes.get_ylim()
    for step in _steps(panel):
        value = step["value"]
        if isinstance(value, int | float) and value <= high:
            axes.axhline(value, color=NAMED[str(step["color"])], linewidth=0.9, linestyle=(0, (5, 4)))


def _legend(
    canvas: Canvas,
    lines: list[Line],
    count: int,
    colors: dict[int, str],
    unit: str,
    decimals: int | None,
    box: Box,
) -> None:
    y = box.y + _ROW_PX / 2
    last, most = box.x + box.w - 84, box.x + box.w - 4
    for x, title in ((last, "Last *"), (most, "Max")):
        canvas.text(x, y, title, size=7.5, color=LINK, align="right")
    width = int((box.w - 180) / 6.4)
    for line in lines:
        y += _ROW_PX
        canvas.rectangle(Box(box.x, y - 2, 12, 3), fill=colors[id(line)])
        canvas.text(box.x + 18, y, textwrap.shorten(line.name or "-", max(width, 8), placeholder="…"), size=7.5)
        values = [value for _, value in line.points if not math.isnan(value)] or [math.nan]
        for x, value in ((last, line.last), (most, max(values))):
            canvas.text(x, y, written(value, unit, decimals), size=7.5, align="right")
    if len(lines) < count:
        canvas.text(box.x + 18, y + _ROW_PX, f"and {count - len(lines)} more", size=7.5, color=MUTED)


def _bars(canvas: Canvas, panel: Page, lines: list[Line], box: Box) -> None:
    unit, decimals = _unit(panel)
    room = max(1, int(box.h // 24))
    shown = lines[:room]
    height = min(36.0, box.h / len(shown))
    most = panel["fieldConfig"]["defaults"].get("max", max((line.last for line in lines), default=1)) or 1
    left, right = min(0.44 * box.w, 190.0), 78.0
    for at, line in enumerate(shown):
        y = box.y + at * height
        color = color_at(line.last, _steps(panel))
        bar = Box(box.x + left, y + 3, box.w - left - right, height - 7)
        canvas.text(box.x + left - 8, y + height / 2, textwrap.shorten(line.name or "-", 28, placeholder="…"), size=8,
                    align="right")  # fmt: skip
        canvas.rectangle(bar, fill="#22252b")
        canvas.rectangle(Box(bar.x, bar.y, max(min(line.last / most, 1), 0) * bar.w, bar.h), fill=color, alpha=0.75)
        canvas.text(box.x + box.w, y + height / 2, written(line.last, unit, decimals), size=8.5, color=color,
                    align="right", bold=True)  # fmt: skip


def _heatmap(canvas: Canvas, panel: Page, lines: list[Line], box: Box) -> None:
    unit, _ = _unit(panel)
    lines = sorted(lines, key=lambda line: float(line.labels["le"].replace("+Inf", "inf")))
    times = sorted({at for line in lines for at, _ in line.points})
    below = np.array([[dict(line.points).get(at, 0.0) for at in times] for line in lines])
    counts = np.diff(below, axis=0, prepend=0).clip(min=0)
    kept = [at for at, row in enumerate(counts) if row.max() > 0]
    counts, bounds = counts[kept[0] : kept[-1] + 1], [line.name for line in lines][kept[0] : kept[-1] + 1]
    axes = canvas.axes(Box(box.x + 58, box.y, box.w - 64, box.h - 22))
    norm = PowerNorm(0.5, vmin=0, vmax=max(float(counts.max()), 1e-9))
    axes.imshow(counts, aspect="auto", origin="lower", cmap=_HEAT, norm=norm, interpolation="nearest",
                extent=(times[0], times[-1], -0.5, len(bounds) - 0.5))  # fmt: skip
    names = ["+Inf" if bound == "+Inf" else written(float(bound), unit) for bound in bounds]
    axes.set_yticks(range(len(bounds)), names)
    marks = np.linspace(times[0], times[-1], 7)[1:-1]
    axes.set_xticks(marks, [datetime.fromtimestamp(float(mark), UTC).strftime("%H:%M") for mark in marks])
    axes.tick_params(colors=MUTED, labelsize=7, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _table(canvas: Canvas, panel: Page, answers: list[list[Line]], box: Box) -> None:
    labels: dict[str, str] = {}
    for each in panel["transformations"]:
        labels |= {k: v for k, v in each["options"].get("renameByName", {}).items() if not k.startswith("Value")}
    units = {each["matcher"]["options"]: each["properties"][0]["value"] for each in panel["fieldConfig"]["overrides"]}
    rows: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for target, answer in zip(panel["targets"], answers, strict=True):
        for line in answer:
            rows[tuple(line.labels.get(label, "") for label in labels)][target["legendFormat"]] = line.last
    columns = [target["legendFormat"] for target in panel["targets"]]
    by = (panel["options"]["sortBy"] or [{"displayName": columns[0]}])[0]["displayName"]
    ordered = sorted(rows.items(), key=lambda row: row[1].get(by, -math.inf), reverse=True)
    width = box.w / (len(labels) + len(columns))
    canvas.rectangle(Box(box.x, box.y, box.w, 24), fill="#22252b")
    for at, title in enumerate((*labels.values(), *columns)):
        canvas.text(*_cell(box, at, width, len(labels)), title + (" ↓" if title == by else ""), size=8, color=LINK,
                    align="left" if at < len(labels) else "right", bold=True)  # fmt: skip
    for number, (key, values) in enumerate(ordered[: int((box.h - 26) // 24)], 1):
        inner = box.inner(top=24 * number)
        canvas.line(box.x, inner.y, box.x + box.w)
        for at, text in enumerate(key):
            canvas.text(*_cell(inner, at, width, len(labels)), text or "-", size=8)
        for at, column in enumerate(columns, len(labels)):
            text = written(values[column], units[column]) if column in values else "-"
            canvas.text(*_cell(inner, at, width, len(labels)), text, size=8, align="right")


def _cell(box: Box, at: int, width: float, labels: int) -> tuple[float, float]:
    return box.x + (at * width + 8 if at < labels else (at + 1) * width - 8), box.y + 12


def _question(canvas: Canvas, panel: Page, box: Box) -> None:
    """What is asked of a store of traces: no such server takes part in making the pictures."""
    name = panel["datasource"]["type"].capitalize()
    canvas.text(box.x, box.y + 6, f"asks {name}", size=8, color=MUTED)
    y = box.y + 28
    for target in panel["targets"]:
        question = target.get("query") or f"tags: {target['tags']}" + (
            f"   min duration: {target['minDuration']}" if "minDuration" in target else ""
        )
        for line in textwrap.wrap(question, max(int(box.w / 7.2), 20)):
            canvas.text(box.x, y, line, size=8, mono=True, color="#c8b37a")
            y += 17
    for line in textwrap.wrap(panel["description"], max(int(box.w / 6), 20)):
        y += 17
        canvas.text(box.x, y, line, size=8, color=MUTED)


def _markdown(canvas: Canvas, content: str, box: Box) -> None:
    """Enough of Markdown for our own texts: paragraphs, lists, bold lines, code."""
    y = box.y + 4
    for part in re.split(r"(```\w*\n.*?```)|\n(?=\n|\d\. )", content, flags=re.DOTALL):
        if not part:
            continue
        code = part.startswith("```")
        lines = part.strip("`\n").splitlines()[part.startswith("```yaml") :] if code else _wrapped(part, box.w)
        for line in lines:
            bold = part.strip().startswith("**") and not code
            canvas.text(box.x, y, line, size=8.5, mono=code, bold=bold, color="#c8b37a" if code else TEXT)
            y += 17
        y += 8 * (not re.match(r"\d\. ", part.strip()))


def _wrapped(paragraph: str, width: float) -> list[str]:
    plain = re.sub(r"\*\*|\*|`", "", " ".join(paragraph.split()))
    return textwrap.wrap(plain, max(int(width / 6.7), 20))
