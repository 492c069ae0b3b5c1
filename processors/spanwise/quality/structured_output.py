"""Answers that were to be JSON, and arguments of tools."""

from __future__ import annotations

from typing import Final

from spanwise.quality.check import SCHEMA_MATCH, TOOL_ARGUMENTS, VALID_JSON
from spanwise.quality.exchange import Exchange, Json, parsed
from spanwise.quality.schema_check import TooMuchError, mismatch
from spanwise.quality.score import Score, passed


_MOST_CALLS: Final = 64


def valid_json(answer: str) -> Score:
    """Whether an answer that was to be JSON is."""
    if parsed(answer) is not None or answer.strip() == "null":
        return passed(VALID_JSON, "the answer is JSON, as it was asked to be")
    fenced = parsed(_unfenced(answer)) is not None
    reason = "the answer is JSON between code fences" if fenced else "the answer was to be JSON and does not parse"
    return Score(VALID_JSON, 0.0, "fenced" if fenced else "invalid", reason)


def schema_match(answer: str, schema: Json) -> Score | None:
    """Whether an answer follows the schema that was asked for; `None` when it is no JSON or too much to check."""
    value = parsed(answer)
    if value is None:
        return None
    try:
        found = mismatch(value, schema)
    except TooMuchError:
        return None
    if found is None:
        return passed(SCHEMA_MATCH, "the answer follows the schema that was asked for")
    reason = f"the answer breaks the schema's keyword {found.keyword}, {_depth(found.depth)}"
    return Score(SCHEMA_MATCH, 0.0, "mismatch", reason)


def tool_arguments(exchange: Exchange) -> Score | None:
    """Whether the tools that the model asks for were offered, with arguments that parse and follow their schemas.

    The score is the share of calls that do. `None` where no tool was asked for.
    """
    calls = exchange.calls[:_MOST_CALLS]
    if not calls:
        return None
    faults = [fault for call in calls if (fault := _fault(call.name, call.arguments, exchange.tools))]
    if not faults:
        return passed(TOOL_ARGUMENTS, f"the arguments of all {len(calls)} tool calls are as they shall be")
    label, reason = faults[0]
    share = round((len(calls) - len(faults)) / len(calls), 4)
    return Score(
        TOOL_ARGUMENTS, share, label, f"{len(faults)} of {len(calls)} tool calls are wrong; the first: {reason}"
    )


def _fault(name: str, arguments: Json, tools: dict[str, Json] | None) -> tuple[str, str] | None:
    if isinstance(arguments, str) and arguments.strip():
        value = parsed(arguments)
        if value is None:
            return "invalid", "its arguments do not parse as JSON"
    else:
        value = {} if arguments in (None, "") else arguments
    if not tools:
        return None
    if name not in tools:
        return "unknown_tool", "no tool of that name was offered"
    try:
        found = mismatch(value, tools[name])
    except TooMuchError:
        return None
    return ("mismatch", f"its arguments break the schema's keyword {found.keyword}") if found else None


def _unfenced(answer: str) -> str:
    inner = answer.strip()
    if not (inner.startswith("```") and inner.endswith("```")):
        return ""
    return inner[3:-3].split("\n", 1)[-1]


def _depth(depth: int) -> str:
    return "at its top" if depth == 0 else f"{depth} levels deep"
