"""Gemini's generateContent, whole and streamed, of AI Studio and Vertex AI, and countTokens."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.emulator.answer import Answer, Tokens, compose, words
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.gemini_error import gemini_error_body
from tests.emulator.gemini_prompt import contents_prompt
from tests.emulator.reply import JsonReply, Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb, frame


_FINISH = {"stop": "STOP", "tool": "STOP", "length": "MAX_TOKENS", "refusal": "PROHIBITED_CONTENT", "filter": "SAFETY"}
_SEARCHED = ("googleSearch", "googleSearchRetrieval", "google_search")


def reply(call: Call) -> Reply:
    """The answer to POST :generateContent."""
    answer = compose(call, contents_prompt(call.body))
    return _head(call, json_reply(_response(call, answer, candidates=_candidates(call, answer))))


def stream_reply(call: Call) -> Reply:
    """The answer to POST :streamGenerateContent?alt=sse."""
    answer = compose(call, contents_prompt(call.body))

    def failure(_sent: int) -> list[Frame]:
        error = gemini_error_body("error_503")
        if call.scenario.kind == "bare":
            return [Frame("", raw=json.dumps(error, indent=2).encode() + b"\n")]
        return [frame(error)]

    return StreamReply(disturb(_frames(call, answer), call.scenario, failure), "text/event-stream")


def count_reply(call: Call) -> Reply:
    """The answer to POST :countTokens."""
    tokens = compose(call, contents_prompt(call.body)).tokens.input
    return json_reply({"totalTokens": tokens, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}]})


def _head(call: Call, answer: JsonReply) -> JsonReply:
    tier = call.scenario.service_tier
    return JsonReply(answer.body, answer.status, {"x-gemini-service-tier": tier}) if tier else answer


def _response(call: Call, answer: Answer, *, candidates: list[Json], ends: bool = True) -> Json:
    found: Json = {
        "usageMetadata": _usage(call, answer.tokens, ends=ends),
        "modelVersion": call.model,
        "responseId": call.id("rsp-"),
    }
    if answer.finish == "refusal":
        # A prompt that the filter takes gets no candidate.
        return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}} | found
    return {"candidates": candidates} | found


def _usage(call: Call, tokens: Tokens, *, ends: bool) -> Json:
    """Gemini's usage object: thoughts apart from the answer, cached tokens inside the prompt, zeros left out."""
    answered = tokens.output - tokens.reasoning
    found: Json = {
        "promptTokenCount": tokens.input,
        "candidatesTokenCount": answered if ends else 0,
        "totalTokenCount": tokens.input + (tokens.output if ends else 0),
        "cachedContentTokenCount": tokens.cached,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens.input}],
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": tokens.cached}] if tokens.cached else [],
        "thoughtsTokenCount": tokens.reasoning,
    }
    if "projects" in call.path:
        found["trafficType"] = "ON_DEMAND"
        found["candidatesTokensDetails"] = [{"modality": "TEXT", "tokenCount": answered}] if ends else []
    return call.billed({name: value for name, value in found.items() if value})


def _candidates(call: Call, answer: Answer) -> list[Json]:
    wanted = int((call.body.get("generationConfig") or {}).get("candidateCount") or 1)
    return [
        {
            "content": {"parts": _parts(call, answer), "role": "model"},
            "finishReason": _FINISH[answer.finish],
            "index": index,
        }
        | _grounding(call)
        for index in range(wanted)
    ]


def _grounding(call: Call) -> Json:
    if not any(name in tool for tool in call.body.get("tools") or [] for name in _SEARCHED):
        return {}
    return {"groundingMetadata": {"webSearchQueries": ["opening hours", "delivery times"], "groundingChunks": []}}


def _parts(call: Call, answer: Answer) -> list[Json]:
    parts: list[Json] = []
    if answer.thinking:
        parts.append({"text": answer.thinking, "thought": True})
    if answer.text:
        parts.append({"text": answer.text})
    parts.extend(
        {
            "functionCall": {
                "name": item.name,
                "args": json.loads(item.arguments),
                "id": call.id("fc-") + f"-{item.index}",
            }
        }
        for item in answer.tool_calls
    )
    return parts


def _frames(call: Call, answer: Answer) -> Iterator[Frame]:
    pieces: list[Json] = [{"text": piece, "thought": True} for piece in words(answer.thinking or "")]
    pieces.extend({"text": piece} for piece in answer.pieces if not answer.refusal)
    pieces.extend(part for part in _parts(call, answer) if "functionCall" in part)
    for piece in pieces:
        candidate = {"content": {"parts": [piece], "role": "model"}, "index": 0}
        yield frame(_response(call, answer, candidates=[candidate], ends=False), content=True)
    last = {"content": {"parts": [{"text": ""}], "role": "model"}, "finishReason": _FINISH[answer.finish], "index": 0}
    yield frame(_response(call, answer, candidates=[last | _grounding(call)]))
