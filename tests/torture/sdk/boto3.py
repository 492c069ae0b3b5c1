"""Amazon Bedrock by `boto3`: conversations, and a model's own bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final

from tests.torture.sdk.tried import Anything, Operation, TriedSdk


MODEL: Final = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
BODY: Final = json.dumps(
    {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}
)


def read(answer: Anything) -> Anything:
    """An answer without what differs from one to the next."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _invoke(client: Anything) -> Anything:
    answer = client.invoke_model(modelId=MODEL, body=BODY)
    body = answer["body"]
    found = json.loads(body.read())
    return [type(body), sorted(found), found["content"], found["usage"]]


def _invoke_lines(client: Anything) -> Anything:
    return len(list(client.invoke_model(modelId=MODEL, body=BODY)["body"].iter_lines())) > 0


def _invoke_stream(client: Anything) -> Anything:
    body = client.invoke_model_with_response_stream(modelId=MODEL, body=BODY)["body"]
    return [type(body), *(json.loads(event["chunk"]["bytes"])["type"] for event in body)]


@cache
def _session() -> Anything:
    """One for all: it keeps the model of the service, which takes half a second to read."""
    import boto3  # type: ignore[import-untyped] # it has no types

    return boto3.session.Session()


class Tried(TriedSdk):
    """A client of `bedrock-runtime`; `boto3` has no async side."""

    name = distribution = module = "boto3"
    instrumentors = ("spanwise.instrument.bedrock:BedrockInstrumentor",)
    has_async = False
    streams_are_blocks = False
    figures = ("input", "output", "cached")
    key = "canary-key-4711"

    @property
    def operations(self) -> tuple[Operation, ...]:
        """`Converse` and `InvokeModel`, whole and streamed."""
        return (
            Operation("converse", lambda client: read(self.plain(client)), None),
            Operation("converse stream", lambda client: list(self.stream(client)), None),
            Operation("invoke model", _invoke, None),
            Operation("invoke model lines", _invoke_lines, None, "invoke model", variant=True),
            Operation("invoke model stream", _invoke_stream, None),
        )

    @contextmanager
    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Iterator[Anything]:
        """A client whose requests have the scenario in a header."""
        from botocore.config import Config  # type: ignore[import-untyped] # it has no types

        config = Config(**self.limits(retries, timeout_s))
        made = _session().client("bedrock-runtime", endpoint_url=url or self.url, config=config, **self.account())
        self.add_scenario(made, scenario)
        try:
            yield made
        finally:
            made.close()

    def limits(self, retries: int, timeout_s: float) -> Anything:
        """What a configuration says of attempts and times."""
        attempts = {"total_max_attempts": retries + 1}
        return {"retries": attempts, "read_timeout": timeout_s, "connect_timeout": min(timeout_s, 1.0)}

    def account(self) -> Anything:
        """Whose calls they are, and where."""
        return {"region_name": "us-east-1", "aws_access_key_id": self.key, "aws_secret_access_key": self.key}

    def add_scenario(self, client: Anything, scenario: str) -> None:
        """Have every request of `client` name the scenario in a header."""

        def add(params: Anything, **_: Anything) -> None:
            params["headers"]["x-emulator"] = scenario

        client.meta.events.register("before-call", add)

    def asked(self, prompt: str) -> Anything:
        """The messages of a conversation that has only begun."""
        return [{"role": "user", "content": [{"text": prompt}]}]

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A conversation."""
        return client.converse(modelId=MODEL, messages=self.asked(prompt))

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed conversation, whose usage always comes."""
        del usage
        return client.converse_stream(modelId=MODEL, messages=self.asked(prompt))["stream"]

    def text(self, chunk: Anything) -> str:
        """The delta's text."""
        found: str = chunk.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
        return found

    def answer(self, response: Anything) -> str:
        """The text of the first block."""
        found: str = response["output"]["message"]["content"][0]["text"]
        return found
