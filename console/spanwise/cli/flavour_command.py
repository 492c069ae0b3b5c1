"""`spanwise flavour`: how the states of the convention differ that spans and metrics can be written in."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.pipeline.settings import settings
from spanwise.semconv import attributes as attr
from spanwise.semconv import environment, schema
from spanwise.semconv import flavour as flavours


_SAME: Final = "as current"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing and what it is in each flavour."""

    kind: str
    current: str
    released: str
    legacy: str


def differences() -> list[Difference]:
    """Everything in which the flavours differ, attributes first, then values, messages, metrics and schema."""
    past = (flavours.RELEASED, flavours.LEGACY)
    names = list(dict.fromkeys(name for flavour in past for name in flavour.attributes))
    rows = [Difference("attribute", name, *(flavour.attributes.get(name, _SAME) for flavour in past)) for name in names]
    words = {(name, word): None for flavour in past for name, found in flavour.words.items() for word in found}
    rows += [
        Difference("value", f"{name} = {word}", *(flavour.words.get(name, {}).get(word, _SAME) for flavour in past))
        for name, word in words
    ]
    rows.append(
        Difference(
            "messages",
            f"attributes {attr.GEN_AI_INPUT_MESSAGES}, {attr.GEN_AI_OUTPUT_MESSAGES}",
            *("span events gen_ai.*.message, gen_ai.choice" if flavour.events else _SAME for flavour in past),
        )
    )
    metrics = {metric.name: metric for flavour in past for metric in flavour.metrics}
    rows += [
        Difference(
            "metric", metric.instead, *(name if metric in flavour.metrics else "not recorded" for flavour in past)
        )
        for name, metric in metrics.items()
    ]
    rows.append(Difference("schema URL", schema.SCHEMA_URL, *(flavour.schema_url for flavour in past)))
    return rows


def show_flavours(*, as_json: bool) -> None:
    """Print the differences as a table or as JSON, and what this environment or its policy asks for."""
    config = settings(os.environ)
    metrics = config.measure.flavours
    if as_json:
        listed = [asdict(row) for row in differences()]
        show_json({"semconv": config.semconv, "metrics": list(metrics), "differences": listed})
        return
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("")
    for flavour in flavours.ALL:
        table.add_column(flavour, overflow="fold")
    for row in differences():
        table.add_row(row.kind, row.current, row.released, row.legacy)
    show_table(table)
    say(
        *(f"{flavour.name}: {flavour.brief}" for flavour in flavours.ALL.values()),
        f"here: spans {config.semconv}, metrics {', '.join(metrics)}; "
        f"{environment.SPANWISE_SEMCONV} and {environment.SPANWISE_METRICS} change that",
    )
