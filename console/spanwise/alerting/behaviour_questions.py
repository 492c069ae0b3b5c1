"""Questions about what models and agents do: poor scores, runs that go in circles, tools that fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Final, TypeAlias

from spanwise.alert import Alert, AlertConfig
from spanwise.alert.behaviour import AGENT_LOOP, LOW_SCORE, TOOL_FAILURES
from spanwise.alerting.asker import Asker, Row
from spanwise.alerting.column import INFERENCE, WITHIN, counted, keys, labelled, of_span, with_namespace
from spanwise.alerting.finding import Finding
from spanwise.alerting.rule import Question, StoreRule
from spanwise.semconv import attributes as attr
from spanwise.semconv import events, values
from spanwise.store import schema, score


Place: TypeAlias = tuple[str, str]
"""Trace and span."""

_AGENT: Final = values.GEN_AI_OPERATION_NAME_INVOKE_AGENT
_DAY_S: Final = 86_400
_LARGEST: Final = "1e12"
_SERVICE: Final = with_namespace((attr.SERVICE_NAME, attr.DEPLOYMENT_ENVIRONMENT_NAME))
_NO_MESSAGE: Final = f"NOT ({of_span(attr.MCP_METHOD_NAME)} IS NOT NULL AND kind <> 'internal')"
"""A message of MCP is not the run of a tool: whoever receives or sends it has a span of the run as well."""


def rules(config: AlertConfig) -> list[StoreRule]:
    """The rules of this family."""
    return [
        _rule(LOW_SCORE, config, low_scores(config), "number"),
        _rule(AGENT_LOOP, config, loops(config), "count"),
        _rule(TOOL_FAILURES, config, tools(config), "percent"),
    ]


def low_scores(config: AlertConfig) -> Question:
    """The mean of the scores of the last hour, by service and evaluation."""
    by = (*_SERVICE, attr.GEN_AI_EVALUATION_NAME)
    below = Decimal(config.threshold(LOW_SCORE.query.below))
    least = config.threshold(LOW_SCORE.query.least)

    def ask(asker: Asker) -> list[Finding]:
        window = [asker.ago_ns(LOW_SCORE.query.window_s), asker.now_ns]
        sql, parameters = _ON_SPANS, list(window)
        if asker.has_table(score.TABLE):
            sql = f"{sql} UNION ALL {_BY_THEMSELVES}"
            parameters += [asker.ago_ns(_DAY_S), *window, *window]
        rows = asker.rows(
            f"SELECT {_GROUPS}, name, avg(value), count(*) FROM ({sql}) "  # noqa: S608 - constants of this module
            f"WHERE value BETWEEN 0 AND {_LARGEST} AND name <> '' GROUP BY ALL",
            parameters,
        )
        return [
            Finding(labelled(by, group), mean, count >= least and Decimal(repr(mean)) < below)
            for *group, mean, count in rows
        ]

    return ask


def _of_event(name: str) -> str:
    return f"json_extract_string(json_extract(event, '$.attributes'), '$.\"{name}\"')"


_GROUPS: Final = ", ".join(f"k{at}" for at in range(len(_SERVICE)))
_EARLIEST: Final = ", ".join(f"arg_min(k{at}, start_unix_nano) AS k{at}" for at in range(len(_SERVICE)))

_ON_SPANS: Final = f"""
    SELECT {_GROUPS}, {_of_event(attr.GEN_AI_EVALUATION_NAME)} AS name,
           try_cast({_of_event(attr.GEN_AI_EVALUATION_SCORE_VALUE)} AS DOUBLE) AS value
    FROM (SELECT {keys(_SERVICE)} unnest(from_json(events, '["JSON"]')) AS event FROM {schema.TABLE}
          WHERE {WITHIN} AND duplicate_of IS NULL AND contains(events::VARCHAR, '{events.GEN_AI_EVALUATION_RESULT}'))
    WHERE json_extract_string(event, '$.name') = '{events.GEN_AI_EVALUATION_RESULT}'
"""  # noqa: S608 - constants of this module
"""Scores on spans that ended in a time. Parameters: from, to."""

_BY_THEMSELVES: Final = f"""
    SELECT * FROM (
      WITH named AS (
        SELECT {of_span(attr.GEN_AI_RESPONSE_ID)} AS response, arg_min(trace_id, start) AS trace FROM {schema.TABLE}
        WHERE model_call AND end_unix_nano > ? AND EXISTS (
          SELECT 1 FROM {score.TABLE} WHERE trace_id IS NULL AND time_unix_nano > ? AND time_unix_nano <= ?)
        GROUP BY ALL),
      told AS (
        SELECT held.name, held.value, coalesce(held.trace_id, named.trace) AS trace
        FROM {score.TABLE} AS held LEFT JOIN named ON held.trace_id IS NULL AND named.response = held.response_id
        WHERE held.time_unix_nano > ? AND held.time_unix_nano <= ?),
      about AS (
        SELECT trace_id AS trace, {_EARLIEST}
        FROM (SELECT {keys(_SERVICE)} trace_id, start_unix_nano FROM {schema.TABLE}
              WHERE trace_id IN (SELECT trace FROM told)) GROUP BY trace_id)
      SELECT {_GROUPS}, told.name, told.value FROM told LEFT JOIN about ON about.trace = told.trace)
"""  # noqa: S608 - constants of this module
"""Scores that came by themselves, with the service of the trace they are about; one that names a response alone is
placed among the calls of the last day. Parameters: a day ago, from, to, from, to."""


def loops(config: AlertConfig) -> Question:
    """How many runs of an agent called the model more often than they may."""
    by = with_namespace(AGENT_LOOP.by)
    most = int(config.threshold(AGENT_LOOP.query.above))
    # Only traces with enough calls are read as trees.
    busy = f"""
        SELECT trace_id FROM {schema.TABLE}
        WHERE trace_id IN (SELECT trace_id FROM {schema.TABLE} WHERE {WITHIN} AND operation = '{_AGENT}')
        GROUP BY trace_id HAVING count(*) FILTER ({INFERENCE}) > ?
    """  # noqa: S608 - constants of this module
    sql = f"""
        SELECT {keys(by)} trace_id, span_id, parent_span_id, operation = '{_AGENT}' AND kind <> 'client'
               AND {_NO_MESSAGE} AND duplicate_of IS NULL, {INFERENCE}, {WITHIN}
        FROM {schema.TABLE} WHERE trace_id IN ({busy})
    """  # noqa: S608 - constants of this module

    def ask(asker: Asker) -> list[Finding]:
        window = [asker.ago_ns(AGENT_LOOP.query.window_s), asker.now_ns]
        rows = asker.rows(sql, [*window, *window, most])
        runs = _runs(rows, len(by))
        looping: Counter[tuple[object, ...]] = Counter()
        for *group, trace_id, span_id, _, is_run, _, ended in rows:
            if is_run and ended and runs[trace_id, span_id] > most:
                looping[tuple(group)] += 1
        return [Finding(labelled(by, group), float(count), True) for group, count in looping.items()]  # noqa: FBT003

    return ask


def _runs(rows: list[Row], width: int) -> Mapping[Place, int]:
    """How many model calls each run made itself; those of an agent inside it are in that one's run."""
    parents: dict[Place, Place] = {}
    agents: set[Place] = set()
    calls: list[Place] = []
    for row in rows:
        trace_id, span_id, parent_id, is_run, is_call, _ = row[width:]
        parents[trace_id, span_id] = (trace_id, parent_id or "")
        if is_run:
            agents.add((trace_id, span_id))
        if is_call:
            calls.append((trace_id, span_id))
    made: Counter[Place] = Counter()
    nearest: dict[Place, Place | None] = {}
    for call in calls:
        agent = _nearest(parents[call], parents, agents, nearest)
        if agent is not None:
            made[agent] += 1
    return made


def _nearest(
    place: Place, parents: Mapping[Place, Place], agents: set[Place], known: dict[Place, Place | None]
) -> Place | None:
    """The innermost agent at or above `place`. What was found is kept for the spans on the way, and a circle ends."""
    way: list[Place] = []
    found: Place | None = None
    at: Place | None = place
    while at is not None and at in parents and at not in known:
        if at in agents:
            found = at
            break
        known[at] = None
        way.append(at)
        at = parents[at]
    else:
        found = known.get(at) if at is not None else None
    known |= dict.fromkeys(way, found)
    return found


def tools(config: AlertConfig) -> Question:
    """The share of a tool's runs that fail."""
    by = with_namespace(TOOL_FAILURES.by)
    sql = counted(
        by,
        "count(error_type), count(*)",
        f"operation = '{values.GEN_AI_OPERATION_NAME_EXECUTE_TOOL}' AND duplicate_of IS NULL AND {_NO_MESSAGE}",
    )
    limit, least = (config.threshold(threshold.key) for threshold in TOOL_FAILURES.thresholds)

    def ask(asker: Asker) -> list[Finding]:
        rows = asker.rows(sql, [asker.ago_ns(TOOL_FAILURES.query.window_s), asker.now_ns])
        return [
            Finding(labelled(by, group), failed / runs, runs >= least and Decimal(failed) > limit * runs)
            for *group, failed, runs in rows
        ]

    return ask


def _rule(alert: Alert, config: AlertConfig, question: Question, form: str) -> StoreRule:
    limit = config.threshold(alert.query.above or alert.query.below)
    return StoreRule(alert, question, int(config.threshold(alert.hold.key)), limit, form, alert.severity)
