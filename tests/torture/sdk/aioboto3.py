"""Amazon Bedrock by `aioboto3`, that is `aiobotocore`, which has no sync side.

It wants a botocore of its own, older than the one that `boto3` has here.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from tests.torture.sdk import boto3
from tests.torture.sdk.boto3 import BODY, MODEL, read
from tests.torture.sdk.tried import Anything, Operation


async def _invoke(client: Anything) -> Anything:
    body = (await client.invoke_model(modelId=MODEL, body=BODY))["body"]
    found = json.loads(await body.read())
    return [type(body), sorted(found), found["content"], found["usage"]]


async def _invoke_in_block(client: Anything) -> Anything:
    async with (await client.invoke_model(modelId=MODEL, body=BODY))["body"] as body:
        return sorted(json.loads(await body.read()))


async def _invoke_lines(client: Anything) -> Anything:
    body = (await client.invoke_model(modelId=MODEL, body=BODY))["body"]
    return len([line async for line in body.iter_lines()]) > 0


async def _invoke_stream(client: Anything) -> Anything:
    body = (await client.invoke_model_with_response_stream(modelId=MODEL, body=BODY))["body"]
    return [type(body), *[json.loads(event["chunk"]["bytes"])["type"] async for event in body]]


@cache
def _session() -> Anything:
    """One for all: it keeps the model of the service, which takes half a second to read."""
    import aioboto3  # type: ignore[import-not-found,unused-ignore] # it is laid over where it is tried

    return aioboto3.Session()


class Tried(boto3.Tried):
    """A client of `bedrock-runtime` in a loop."""

    name = distribution = module = "aioboto3"
    overlay = ("aioboto3==15.5.0",)
    has_sync = False
    has_async = True

    @property
    def operations(self) -> tuple[Operation, ...]:
        """`Converse` and `InvokeModel`, whole and streamed."""

        async def converse(client: Anything) -> Anything:
            return read(await self.plain(client))

        async def converse_stream(client: Anything) -> Anything:
            return [event async for event in await self.stream(client)]

        return (
            Operation("converse", None, converse),
            Operation("converse stream", None, converse_stream),
            Operation("invoke model", None, _invoke),
            Operation("invoke model block", None, _invoke_in_block, "invoke model", variant=True),
            Operation("invoke model lines", None, _invoke_lines, "invoke model", variant=True),
            Operation("invoke model stream", None, _invoke_stream),
        )

    @asynccontextmanager
    async def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> AsyncIterator[Anything]:
        """A client whose requests have the scenario in a header."""
        from aiobotocore.config import AioConfig  # type: ignore[import-not-found,unused-ignore] # as above

        config = AioConfig(**self.limits(retries, timeout_s))
        made = _session().client("bedrock-runtime", endpoint_url=url or self.url, config=config, **self.account())
        async with made as client:
            self.add_scenario(client, scenario)
            yield client

    async def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed conversation, whose usage always comes."""
        del usage
        return (await client.converse_stream(modelId=MODEL, messages=self.asked(prompt)))["stream"]

    async def close(self, stream: Anything) -> None:
        """Close a stream, which takes no waiting."""
        stream.close()
