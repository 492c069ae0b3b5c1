"""`spanwise redact --self-test`: does any planted value reach a place where telemetry arrives?"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spanwise.cli.output import say, show_json, show_table
from spanwise.policy import find_policy, read_policy


if TYPE_CHECKING:
    from spanwise.proof import Leak, Matrix


_SHOWN: Final = 20


def test_redaction(policy: Path | None, *, as_json: bool) -> int:
    """Send planted values through a whole pipeline, search every sink for them, and print who saw what.

    The exit code: 0, or 1 when a sink saw a value or did not see what it should. No value is printed.

    Raises:
        PolicyError: the policy has mistakes; nothing was sent.
        StoreError: there is no room for a store.
    """
    from spanwise.pipeline import PipelineConfig

    file = policy or find_policy(os.environ)
    config = PipelineConfig() if file is None else PipelineConfig.from_policy(read_policy(file))
    from spanwise.proof import prove

    matrix = prove(config, file)
    if as_json:
        show_json(document(matrix))
    else:
        _show(matrix)
    sys.stdout.flush()
    return int(not matrix.ok)


def document(matrix: Matrix) -> dict[str, object]:
    """What a self-test found, for JSON."""
    return {
        "ok": matrix.ok,
        "planted": matrix.planted,
        "kinds": matrix.kinds,
        "rules": matrix.rules,
        "carriers": matrix.carriers,
        "unmade": list(matrix.unmade),
        "seconds": round(matrix.seconds, 3),
        "sinks": [
            {
                **asdict(seen),
                "leaks": {family: count for family in matrix.families if (count := matrix.count(seen.sink, family))},
            }
            for seen in matrix.seen
        ],
        "leaks": [leak._asdict() for leak in matrix.leaks],
    }


def _show(matrix: Matrix) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("sink", overflow="fold")
    for heading in (*matrix.families, "arrived"):
        table.add_column(heading, justify="right")
    for seen in matrix.seen:
        cells = [str(matrix.count(seen.sink, family)) for family in matrix.families]
        arrived = f"{seen.arrived} of {seen.expected}" if seen.expected else "-"
        table.add_row(seen.sink, *cells, arrived)
    show_table(table)
    say(*_sentences(matrix))


def _sentences(matrix: Matrix) -> list[str]:
    leaks = [_sentence(leak) for leak in matrix.leaks[:_SHOWN]]
    if len(matrix.leaks) > _SHOWN:
        leaks.append(f"and {len(matrix.leaks) - _SHOWN} more; --json tells all")
    silent = [
        f"{seen.sink}: {seen.expected - seen.arrived} of {seen.expected} did not arrive; nothing is known of them"
        for seen in matrix.seen
        if not seen.is_complete
    ]
    unmade = [f"not planted, too short to be looked for: {', '.join(matrix.unmade)}"] if matrix.unmade else []
    what = f"{matrix.planted} values of {matrix.kinds} kinds planted in {matrix.carriers} carriers"
    verdict = "no sink saw any" if not matrix.leaks else f"seen {len(matrix.leaks)} times"
    return [*leaks, *silent, *unmade, f"{what}, {matrix.seconds:.1f} s: {verdict}"]


def _sentence(leak: Leak) -> str:
    hidden = f", {leak.disguise}" if leak.disguise else ""
    return f"leak: {leak.sink} saw {leak.kind} (rule {leak.rule}) planted in {leak.carrier}{hidden}"
