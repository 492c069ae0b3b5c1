"""Anthropic message batches: every batch has ended when it is asked for, unless the scenario has it work on."""

from __future__ import annotations

import json

from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.reply import JsonReply, Reply, json_reply


_TIME = "2026-10-09T08:53:20Z"
_MODEL = "claude-sonnet-4-5-20250929"


def create_reply(call: Call) -> Reply:
    """The answer to POST /v1/messages/batches."""
    return json_reply(_batch(call.id("msgbatch_"), "in_progress", len(call.body["requests"])))


def fetch_reply(call: Call) -> Reply:
    """The answer to GET /v1/messages/batches/{id} and POST .../cancel; `kind=working` has not ended."""
    return json_reply(_batch(call.path["id"], "in_progress" if call.scenario.kind == "working" else "ended", 4))


def results_reply(call: Call) -> Reply:
    """The answer to GET /v1/messages/batches/{id}/results: `chunks` answers, 3 if not given, and a failure."""
    models = [_MODEL, "claude-haiku-4-5-20251001"] if call.scenario.kind == "mixed" else [_MODEL]
    lines = [_line(call, index, models[index % len(models)]) for index in range(call.scenario.chunks or 3)]
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": "max_tokens: required"}}
    lines.append({"custom_id": "failed", "result": {"type": "errored", "error": error}})
    body = "".join(json.dumps(line) + "\n" for line in lines)
    return JsonReply(body.encode(), headers={"content-type": "application/x-jsonl"})


def _line(call: Call, index: int, model: str) -> Json:
    scenario = call.scenario
    usage = {
        "input_tokens": scenario.input_tokens or 100,
        "cache_creation_input_tokens": scenario.cache_write_5m_tokens or 0,
        "cache_read_input_tokens": scenario.cached_tokens or 0,
        "cache_creation": {"ephemeral_5m_input_tokens": scenario.cache_write_5m_tokens or 0},
        "output_tokens": scenario.output_tokens or 20,
        "service_tier": "batch",
    }
    message = {
        "id": f"{call.id('msg_')}-{index}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": "Standard delivery takes 3 to 5 working days."}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": usage,
    }
    return {"custom_id": f"question-{index}", "result": {"type": "succeeded", "message": message}}


def _batch(identity: str, status: str, number: int) -> Json:
    counts = {"canceled": 0, "errored": 0, "expired": 0, "processing": number, "succeeded": 0}
    if status == "ended":
        counts |= {"processing": 0, "succeeded": number - 1, "errored": 1}
    return {
        "id": identity,
        "type": "message_batch",
        "processing_status": status,
        "request_counts": counts,
        "created_at": _TIME,
        "expires_at": _TIME,
        "ended_at": _TIME if status == "ended" else None,
        "cancel_initiated_at": None,
        "archived_at": None,
        "results_url": f"/v1/messages/batches/{identity}/results" if status == "ended" else None,
    }
