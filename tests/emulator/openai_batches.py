"""OpenAI batches: every batch is finished when it is asked for, unless the scenario has it work on."""

from __future__ import annotations

from tests.emulator.call import CREATED_AT, Call
from tests.emulator.document import Json
from tests.emulator.reply import Reply, json_reply


_MODEL = "gpt-4.1-mini-2025-04-14"


def create_reply(call: Call) -> Reply:
    """The answer to POST /batches."""
    return json_reply(_batch(call, call.id("batch_"), "validating") | {"endpoint": call.body.get("endpoint")})


def fetch_reply(call: Call) -> Reply:
    """The answer to GET /batches/{id} and POST /batches/{id}/cancel; `kind` is its status, `completed` if not given."""
    status = call.scenario.kind or "completed"
    body = _batch(call, call.path["id"], status)
    if status == "completed":
        given, made = call.scenario.input_tokens or 2000, call.scenario.output_tokens or 500
        body |= {
            "model": _MODEL,
            "output_file_id": "file-out",
            "usage": {
                "input_tokens": given,
                "input_tokens_details": {"cached_tokens": call.scenario.cached_tokens or 0},
                "output_tokens": made,
                "output_tokens_details": {"reasoning_tokens": 0},
                "total_tokens": given + made,
            },
        }
    return json_reply(body)


def _batch(call: Call, identity: str, status: str) -> Json:
    total = 0 if status == "validating" else 20
    return {
        "id": identity,
        "object": "batch",
        "endpoint": "/v1/chat/completions",
        "input_file_id": call.body.get("input_file_id") or "file-in",
        "completion_window": "24h",
        "status": status,
        "created_at": CREATED_AT,
        "request_counts": {"total": total, "completed": max(0, total - 1), "failed": min(1, total)},
        "metadata": None,
    }
