"""Versions of prompts side by side: calls, cost, time, scores, and the text where it is known."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from http import HTTPStatus
from pathlib import Path
from typing import Final

from spanwise.prompts import Prompt, PromptError, get
from spanwise.store.schema import TABLE
from spanwise.store.views.call import UNPRICED
from spanwise.view.asked import Asked
from spanwise.view.filter import Filter
from spanwise.view.refusal import Refusal
from spanwise.view.scores import of_prompts
from spanwise.view.source import Question, Row, Source


MAX_LINES: Final = 2_000
"""Lines of a prompt that are compared."""

_VERSIONS: Final = f"""
    prompt_name AS name, prompt_version AS version, count(*) AS calls, count(error_type) AS errors,
    count(*) FILTER (refused) AS refused,
    sum(cost) FILTER (currency = 'USD') AS cost_usd, count(*) FILTER ({UNPRICED}) AS unpriced,
    count(*) FILTER (cost_status = 'estimated') AS estimated, count(*) FILTER (currency <> 'USD') AS foreign,
    avg(cost) FILTER (currency = 'USD') AS cost_per_call_usd,
    quantile_cont(duration_s, 0.5) AS p50_s, quantile_cont(duration_s, 0.95) AS p95_s,
    avg(input_tokens) AS input_tokens, avg(output_tokens) AS output_tokens,
    min(start_unix_nano) // 1000 AS start_us, max(start_unix_nano) // 1000 AS end_us,
    list(DISTINCT coalesce(response_model, request_model)) AS models
"""


def prompts(source: Source, asked: Asked) -> dict[str, object]:
    """Every prompt that calls name, with its versions, the one that was used last first.

    `scores` has the mean and number of each score by name. A cost per call is that of the calls with a known price.
    """
    chosen = Filter.read(asked)
    where = f"model_call AND prompt_name IS NOT NULL AND {chosen.sql}"
    found, scored = source.ask(
        Question(f"SELECT {_VERSIONS} FROM {TABLE} WHERE {where} GROUP BY ALL ORDER BY end_us DESC", chosen.parameters),
        of_prompts(f"SELECT span_id FROM {TABLE} WHERE {where}", chosen.parameters),
    )
    scores: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for row in scored:
        scores[row["name"], row["version"]].append({key: row[key] for key in ("score", "mean", "count")})
    versions: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        versions[row["name"]].append({**row, "scores": scores[row["name"], row["version"]]})
    return {"prompts": [{"name": name, "versions": rows} for name, rows in versions.items()]}


def difference(asked: Asked, directory: Path | None = None) -> dict[str, object]:
    """How the text of two versions differs, line by line, from the prompt files of this project.

    `known` is false where a file of either is not here; `lines` are `[sign, old, new]` with numbers of lines.

    Raises:
        Refusal: 400, the request names no prompt.
    """
    name = asked.text("name")
    if name is None:
        raise Refusal(HTTPStatus.BAD_REQUEST, "name says which prompt")
    try:
        old, new = (get(name, version=asked.text(which), directory=directory) for which in ("old", "new"))
    except PromptError as error:
        return {"known": False, "reason": str(error)}
    return {"known": True, "lines": _lines(_text(old), _text(new))}


def _text(prompt: Prompt) -> list[str]:
    lines = [f"{key}: {value}" for key, value in prompt.model.items()]
    for message in prompt.messages:
        lines += [f"[{message.role}]"] if message.role else []
        lines += message.template.split("\n")
    return lines[:MAX_LINES]


def _lines(old: list[str], new: list[str]) -> list[Row]:
    found: list[Row] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            same = enumerate(old[a1:a2], 1)
            found += [{"old": a1 + number, "new": b1 + number, "left": it, "right": it} for number, it in same]
            continue
        for index in range(max(a2 - a1, b2 - b1)):
            left, right = a1 + index < a2, b1 + index < b2
            found.append(
                {
                    "old": a1 + index + 1 if left else None,
                    "new": b1 + index + 1 if right else None,
                    "left": old[a1 + index] if left else None,
                    "right": new[b1 + index] if right else None,
                }
            )
    return found
