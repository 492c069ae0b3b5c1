"""`generated`: the compiled policy as files of their own, and the list of what is not in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from spanwise.deploy.artefact import Artefact
from spanwise.deploy.collector.ottl.price import carried_prices
from spanwise.deploy.collector.ottl.redaction import carried_rules
from spanwise.deploy.collector.ottl.refusal import Carried, Refusal
from spanwise.deploy.document import dump
from spanwise.deploy.header import header


if TYPE_CHECKING:
    from spanwise.plan import Plan

_FOLDER: Final = PurePosixPath("generated")
_VERSION: Final = (
    "Needs a Collector of 0.153 or later with the transform processor; exercised by our tests with 0.155.0."
)
_NOTES: Final = """\
# What a Collector does not do

`price.yaml` and `redaction.yaml` are made of the policy and carry what statements of the transform processor can say.
The rest is refused: a price becomes an estimate or is missing, a value passes. Nothing is widened, and no amount that
could be another one is called exact. Processes and the Spanwise collector do all of it.
"""


def generated(plan: Plan) -> list[Artefact]:
    """The two processors and the list of what they leave, below `generated/`; the same for the same plan."""
    prices, rules = carried_prices(plan), carried_rules(plan)
    return [
        _file("price.yaml", prices, "Prices for spans that nobody has priced, from the price book and the policy."),
        _file("redaction.yaml", rules, "A second net for personal data and secrets in prompts and answers."),
        Artefact(_FOLDER / "NOT_CARRIED.md", _notes(prices, rules)),
    ]


def _file(name: str, carried: Carried, about: str) -> Artefact:
    body = dump({"processors": carried.processors})
    what = "An overlay: give it as another --config and name the processor in a pipeline. See NOT_CARRIED.md."
    return Artefact(_FOLDER / name, header(about, _VERSION, what) + "\n" + body)


def _notes(prices: Carried, rules: Carried) -> str:
    lines = [
        f"<!-- {header().strip('# ').strip()} -->\n",
        _NOTES,
        "## Prices\n",
        f"Carried: {len(prices.names):,} models and entries of the policy.\n",
        *_table(prices.refused),
        "\n## Redaction rules\n",
        f"Carried: {len(rules.names)} rules: {', '.join(f'`{name}`' for name in rules.names)}.\n",
        "They find less than in a process: nothing where a comma, a brace or a letter beyond ASCII stands between a",
        "word and its value; no disguises (escapes, foreign digits, base64); no names of attributes, no numbers that",
        "are not texts, nothing that is cut in two.\n",
        *_by_reason(rules.refused),
    ]
    return "\n".join(lines) + "\n"


def _table(refused: Iterable[Refusal]) -> Iterator[str]:
    yield "| what | why | instead |"
    yield "| --- | --- | --- |"
    for each in refused:
        yield f"| {each.what} | {each.why} | {each.effect} |"


def _by_reason(refused: Iterable[Refusal]) -> Iterator[str]:
    yield "| why | rules | instead |"
    yield "| --- | --- | --- |"
    ordered = sorted(refused, key=lambda each: (each.why, each.what))
    for (why, effect), group in groupby(ordered, key=lambda each: (each.why, each.effect)):
        names = [each.what for each in group]
        yield f"| {why} | {len(names)}: {', '.join(f'`{name}`' for name in names)} | {effect} |"
