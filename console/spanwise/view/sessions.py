"""Sessions, and the turns of one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from spanwise.semconv import attributes as attr
from spanwise.store.schema import TABLE
from spanwise.view.asked import Asked
from spanwise.view.calls import MAX_PAGE, PAGE, SUMS
from spanwise.view.filter import KEYS, Filter
from spanwise.view.refusal import Refusal
from spanwise.view.source import Question, Row, Source
from spanwise.view.transcript import last_text


MAX_TURNS: Final = 200
"""Turns of a session that are shown, the last ones."""
MAX_PREVIEW: Final = 400
"""Characters of what was said in a turn."""

_SESSION: Final = KEYS["session"]


def sessions(source: Source, asked: Asked) -> dict[str, object]:
    """Sessions with the sums of their calls, the one that was used last first."""
    chosen = Filter.read(asked)
    limit = asked.number("limit", PAGE, least=1, most=MAX_PAGE)
    sql = f"""
        SELECT {_SESSION} AS key, {SUMS}, count(DISTINCT trace_id) AS turns, min(start_unix_nano) // 1000 AS start_us,
               max(end_unix_nano) // 1000 AS end_us
        FROM {TABLE}
        WHERE {_SESSION} IN (SELECT {_SESSION} FROM {TABLE} WHERE {_SESSION} IS NOT NULL AND {chosen.sql})
        GROUP BY key HAVING calls > 0 ORDER BY end_us DESC, key LIMIT ?
    """
    (rows,) = source.ask(Question(sql, (*chosen.parameters, limit)))
    return {"sessions": [{name: value for name, value in row.items() if name not in _NO_SESSION} for row in rows]}


def session(source: Source, asked: Asked) -> dict[str, object]:
    """The turns of the session `id`, which are its traces, in order: what was asked and answered, time, tokens, cost.

    Raises:
        Refusal: 404, there is no such session.
    """
    wanted = asked.text("id")
    turns, said = source.ask(
        Question(_TURNS, (wanted, MAX_TURNS), most=MAX_TURNS),
        Question(_SAID, (wanted, MAX_TURNS, wanted), most=2 * MAX_TURNS),
    )
    if not turns:
        raise Refusal(HTTPStatus.NOT_FOUND, "there is no such session; it may have been deleted by age or size")
    words = {row["trace_id"]: row for row in said}
    return {"id": wanted, "turns": [_turn(row, words.get(row["trace_id"], {})) for row in reversed(turns)]}


_NO_SESSION: Final = frozenset({"session", "duration_s", "name", "service"})

_TURNS: Final = f"""
    SELECT trace_id, min(start_unix_nano) // 1000 AS start_us, {SUMS}
    FROM {TABLE} WHERE {_SESSION} = ? GROUP BY trace_id ORDER BY start_us DESC, trace_id LIMIT ?
"""

_INPUT: Final = f"json_extract(attributes, '$.\"{attr.GEN_AI_INPUT_MESSAGES}\"')::VARCHAR"
_OUTPUT: Final = f"json_extract(attributes, '$.\"{attr.GEN_AI_OUTPUT_MESSAGES}\"')::VARCHAR"
_MOST_CONTENT: Final = 1_000_000

_SAID: Final = f"""
    WITH turns AS (
        SELECT trace_id, min(start_unix_nano) AS first FROM {TABLE} WHERE {_SESSION} = ?
        GROUP BY trace_id ORDER BY first DESC, trace_id LIMIT ?
    )
    SELECT trace_id, arg_min({_INPUT}, start_unix_nano) AS asked, arg_max({_OUTPUT}, end_unix_nano) AS answered
    FROM {TABLE} SEMI JOIN turns USING (trace_id)
    WHERE model_call AND {_SESSION} = ? AND strlen(attributes::VARCHAR) < {_MOST_CONTENT} GROUP BY trace_id
"""
"""What the first call of a turn was asked and its last one answered; longer content is left out."""


def _turn(row: Row, words: Row) -> Row:
    return {
        **row,
        "asked": last_text(_document(words.get("asked")), "user", MAX_PREVIEW),
        "answered": last_text(_document(words.get("answered")), None, MAX_PREVIEW),
    }


def _document(text: str | None) -> object:
    """The JSON of an attribute: messages are a JSON text in it, or a list."""
    import orjson

    return None if text is None else orjson.loads(text)
