"""One program that uses Bedrock in every way, and what it gets to see."""

from __future__ import annotations

import json
from typing import Any

from tests.emulator import Emulator
from tests.instrument.bedrock.client import MESSAGES, MODEL, Sdk, client


BODY = json.dumps(
    {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "x"}]}
)
AGENT: Any = {"agentId": "AGENT12345", "agentAliasId": "ALIAS12345", "sessionId": "session-1", "inputText": "Where?"}


def whole(sdk: Sdk) -> Any:
    """Answers that botocore reads."""
    answer = sdk.converse(modelId=MODEL, messages=MESSAGES)
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def streamed(sdk: Sdk) -> Any:
    """Events, read to their end and in part."""
    stream = sdk.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]
    other = sdk.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]
    first = next(iter(other))
    other.close()
    return type(stream), vars(stream).keys(), list(stream), first


def invoked(sdk: Sdk) -> Any:
    """Bodies, read at once, in parts, within `with`, and closed."""
    answers = [sdk.invoke_model(modelId=MODEL, body=BODY) for _ in range(4)]
    bodies = [answer["body"] for answer in answers]
    with bodies[2] as raw:
        read = raw.read()
    found = [bodies[0].read(), b"".join(bodies[1].iter_chunks(9)), read, bodies[0].read(), bodies[0].tell()]
    bodies[3].close()
    events = list(sdk.invoke_model_with_response_stream(modelId=MODEL, body=BODY)["body"])
    # The emulator numbers its answers.
    return type(bodies[0]), type(raw), [len(str(part)) for part in found], len(events)


def failing(sdk: Sdk) -> Any:
    """What is raised."""
    try:
        sdk.converse(modelId=MODEL, messages=MESSAGES)
    except sdk.exceptions.ClientError as error:
        return type(error).__mro__[1:], error.response["Error"], str(error), error.__cause__, error.__context__
    return None


def run(emulator: Emulator) -> list[Any]:
    """Everything that the program gets."""
    found: list[Any] = []
    for calls in (whole, streamed, invoked):
        with client(emulator, "text;chunks=4") as sdk:
            found.append(calls(sdk))
    with client(emulator, "error_403") as sdk:
        found.append(failing(sdk))
    with client(emulator, "stream_error") as sdk:
        stream = sdk.converse_stream(modelId=MODEL, messages=MESSAGES)["stream"]
        try:
            list(stream)
        except sdk.exceptions.ClientError as error:
            found.append((type(error), error.response, str(error)))
        stream.close()
    with client(emulator, "text", service="bedrock-agent-runtime") as sdk:
        found.append(list(sdk.invoke_agent(**AGENT)["completion"]))
        answer = sdk.retrieve(knowledgeBaseId="KB12345678", retrievalQuery={"text": "x"})
        found.append(answer["retrievalResults"])
    return found
