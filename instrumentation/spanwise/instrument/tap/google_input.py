"""What a live session of the `google-genai` SDK sends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from spanwise.instrument.codec.codec import Json


Anything: TypeAlias = Any
"""An argument of the SDK, which takes its own types, dictionaries and strings for most of them."""


class Send(NamedTuple):
    """One call of a session's method that sends something."""

    method: str
    args: tuple[Anything, ...]
    kwargs: Mapping[str, Anything]


def asked(sent: Send, *, with_content: bool) -> list[Json] | None:
    """The contents of what `sent` asks the model to answer; `None` where it asks for nothing yet.

    Sound, pictures and marks of activity are no content: a response to them begins when they end or with its own
    first word.

    Args:
        sent: the method and its arguments.
        with_content: whether contents are wanted; else an empty list stands for them.
    """
    get = sent.kwargs.get
    if sent.method == "send_client_content":
        return _contents(get("turns"), with_content=with_content) if get("turn_complete", True) else None
    if sent.method == "send_tool_response":
        results = get("function_responses")
        return [_results(results)] if with_content else []
    if sent.method == "send_realtime_input":
        if said := get("text"):
            return _contents(said, with_content=with_content)
        return [] if get("activity_end") is not None or get("audio_stream_end") else None
    given = get("input", sent.args[0] if sent.args else None)
    ends = get("end_of_turn", sent.args[1] if len(sent.args) > 1 else False)
    return (
        _contents(given if isinstance(given, str) else None, with_content=with_content) if ends or not given else None
    )


def _contents(turns: Anything, *, with_content: bool) -> list[Json]:
    if not with_content or turns is None:
        return []
    return [_content(turn) for turn in (turns if isinstance(turns, list | tuple) else (turns,))]


def _content(turn: Anything) -> Json:
    if isinstance(turn, str):
        return {"role": "user", "parts": [{"text": turn}]}
    return _plain(turn)


def _results(results: Anything) -> Json:
    given = results if isinstance(results, list | tuple) else (results,)
    return {"role": "user", "parts": [{"functionResponse": _plain(result)} for result in given]}


def _plain(value: Anything) -> Json:
    """An object of the SDK as JSON; a dictionary is taken as it is."""
    if isinstance(value, Mapping):
        return value
    dump = getattr(value, "model_dump", None)
    dumped = dump(mode="json", exclude_none=True) if callable(dump) else None
    return dumped if isinstance(dumped, dict) else {}
