"""Values as Grafana writes them, by unit."""

from __future__ import annotations

import math


def written(value: float, unit: str, decimals: int | None = None) -> str:
    """`value` in the unit that a panel names."""
    if math.isnan(value):
        return "NaN"
    if unit == "percentunit":
        return f"{value * 100:.{_digits(value * 100, decimals, 1)}f}%"
    if unit == "currencyUSD":
        return f"{'-' if value < 0 else ''}${_scaled(abs(value), decimals, 2)}"
    if unit == "s":
        return _seconds(value, decimals)
    if unit == "bytes":
        return _bytes(value)
    if unit.startswith("suffix:"):
        return f"{value:.{_digits(value, decimals, 2)}f}{unit.removeprefix('suffix:')}"
    end = {"reqps": " req/s", "ops": " ops/s"}.get(unit, "")
    return f"{_scaled(value, decimals, 2)}{end}"


def _digits(value: float, decimals: int | None, usual: int) -> int:
    if decimals is not None:
        return decimals
    if value == 0 or abs(value) >= 100:
        return 0
    return usual if abs(value) >= 1 else min(usual + 1 - math.floor(math.log10(abs(value))) - 1, 5)


def _scaled(value: float, decimals: int | None, usual: int) -> str:
    for size, sign in ((1e9, " Bil"), (1e6, " Mil"), (1e3, " K")):
        if abs(value) >= size:
            return f"{value / size:.{_digits(value / size, None, 2)}f}{sign}"
    text = f"{value:.{_digits(value, decimals, usual)}f}"
    return text.rstrip("0").rstrip(".") if "." in text and decimals is None else text


def _seconds(value: float, decimals: int | None) -> str:
    size = abs(value)
    for least, divide, sign in ((86_400, 86_400, "d"), (3_600, 3_600, "h"), (60, 60, "min"), (1, 1, "s")):
        if size >= least:
            return f"{value / divide:.{_digits(value / divide, decimals, 2)}f} {sign}"
    return "0 s" if size == 0 else f"{value * 1000:.{_digits(value * 1000, decimals, 0)}f} ms"


def _bytes(value: float) -> str:
    for size, sign in ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if abs(value) >= size:
            return f"{value / size:.0f} {sign}"
    return f"{value:.0f} B"
