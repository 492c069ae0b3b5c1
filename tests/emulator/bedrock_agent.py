"""Agents and knowledge bases of Amazon Bedrock."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.emulator.answer import Answer, compose
from tests.emulator.aws_event_stream import CONTENT_TYPE, event
from tests.emulator.bedrock_converse import failure
from tests.emulator.call import Call
from tests.emulator.document import Json
from tests.emulator.prompt import Prompt
from tests.emulator.reply import Reply, StreamReply, json_reply
from tests.emulator.sse import Frame, disturb


_MODEL = "anthropic.claude-3-5-sonnet-20241022-v2:0"


def agent_reply(call: Call) -> Reply:
    """The answer to a run of an agent, stored or inline."""
    answer = compose(call, _prompt(call.body.get("inputText") or ""))
    headers = {
        "x-amzn-bedrock-agent-content-type": "application/json",
        "x-amz-bedrock-agent-session-id": call.path["session"],
    }
    return StreamReply(disturb(_run(call, answer), call.scenario, failure), CONTENT_TYPE, headers)


def retrieve_reply(call: Call) -> Reply:
    """The answer to POST /knowledgebases/{id}/retrieve."""
    config = (call.body.get("retrievalConfiguration") or {}).get("vectorSearchConfiguration") or {}
    results = [
        {
            "content": {"type": "TEXT", "text": f"Passage {number}."},
            "location": {"type": "S3", "s3Location": {"uri": f"s3://shop/faq-{number}.md"}},
            "score": 0.75 / number,
        }
        for number in range(1, 1 + min(int(config.get("numberOfResults", 2)), 5))
    ]
    found: Json = {"retrievalResults": results}
    return json_reply(found | ({"guardrailAction": "INTERVENED"} if call.scenario.name == "content_filter" else {}))


def generate_reply(call: Call) -> Reply:
    """The answer to POST /retrieveAndGenerate."""
    answer = compose(call, _prompt(call.body["input"]["text"]))
    return json_reply({"output": {"text": answer.text}, "citations": [], "sessionId": call.id("session-")})


def generate_stream_reply(call: Call) -> Reply:
    """The answer to POST /retrieveAndGenerateStream."""
    answer = compose(call, _prompt(call.body["input"]["text"]))
    headers = {"x-amzn-bedrock-knowledge-base-session-id": call.id("session-")}
    return StreamReply(disturb(_generated(answer), call.scenario, failure), CONTENT_TYPE, headers)


def rerank_reply(call: Call) -> Reply:
    """The answer to POST /rerank."""
    order = list(range(len(call.body["sources"])))[::-1]
    wanted = call.body["rerankingConfiguration"]["bedrockRerankingConfiguration"].get("numberOfResults", len(order))
    return json_reply(
        {"results": [{"index": i, "relevanceScore": 0.5 / (n + 1)} for n, i in enumerate(order[:wanted])]}
    )


def _prompt(said: str) -> Prompt:
    return Prompt(said, characters=len(said))


def _run(call: Call, answer: Answer) -> Iterator[Frame]:
    if call.body.get("enableTrace"):
        yield event("trace", _trace(call, {"modelInvocationInput": {"foundationModel": _MODEL, "text": "..."}}))
        counts = {"inputTokens": answer.tokens.input, "outputTokens": answer.tokens.output}
        for _ in range(2):
            yield event("trace", _trace(call, {"modelInvocationOutput": {"metadata": {"usage": counts}}}))
    for piece in answer.pieces:
        yield event("chunk", {"bytes": base64.b64encode(piece.encode()).decode()}, content=True)


def _trace(call: Call, step: Json) -> Json:
    return {"sessionId": call.path["session"], "trace": {"orchestrationTrace": step}}


def _generated(answer: Answer) -> Iterator[Frame]:
    for piece in answer.pieces:
        yield event("output", {"text": piece}, content=True)
    yield event("guardrail", {"action": "INTERVENED" if answer.finish == "filter" else "NONE"})
