"""The `openai` SDK: chat completions, responses, legacy completions, embeddings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.torture.sdk.tried import Anything, Operation, TriedSdk


MODEL = "gpt-4.1-mini"


def _asked(prompt: str) -> Anything:
    return {"model": MODEL, "messages": [{"role": "user", "content": prompt}]}


def _shape() -> Anything:
    from pydantic import create_model

    return create_model("Answer", city=(str, ...))


def _raw(client: Anything) -> Anything:
    return client.chat.completions.with_raw_response.create(**_asked("hello")).parse()


async def _raw_async(client: Anything) -> Anything:
    return (await client.chat.completions.with_raw_response.create(**_asked("hello"))).parse()


def _raw_stream(client: Anything) -> Anything:
    return list(client.chat.completions.with_raw_response.create(**_asked("hello"), stream=True).parse())


async def _raw_stream_async(client: Anything) -> Anything:
    raw = await client.chat.completions.with_raw_response.create(**_asked("hello"), stream=True)
    return [chunk async for chunk in raw.parse()]


def _response(client: Anything) -> Anything:
    with client.chat.completions.with_streaming_response.create(**_asked("hello")) as response:
        return response.parse()


async def _response_async(client: Anything) -> Anything:
    async with client.chat.completions.with_streaming_response.create(**_asked("hello")) as response:
        return await response.parse()


def _response_lines(client: Anything) -> Anything:
    with client.chat.completions.with_streaming_response.create(**_asked("hello"), stream=True) as response:
        return len(list(response.iter_lines())) > 0


async def _response_lines_async(client: Anything) -> Anything:
    async with client.chat.completions.with_streaming_response.create(**_asked("hello"), stream=True) as response:
        return len([line async for line in response.iter_lines()]) > 0


def _helper(client: Anything) -> Anything:
    with client.chat.completions.stream(**_asked("hello")) as stream:
        for _ in stream:
            pass
        return stream.get_final_completion()


async def _helper_async(client: Anything) -> Anything:
    async with client.chat.completions.stream(**_asked("hello")) as stream:
        async for _ in stream:
            pass
        return await stream.get_final_completion()


def _responses_helper(client: Anything) -> Anything:
    with client.responses.stream(model=MODEL, input="hello") as stream:
        for _ in stream:
            pass
        return stream.get_final_response()


async def _responses_helper_async(client: Anything) -> Anything:
    async with client.responses.stream(model=MODEL, input="hello") as stream:
        async for _ in stream:
            pass
        return await stream.get_final_response()


def _drain(make: Callable[[Anything], Anything]) -> Callable[[Anything], Anything]:
    return lambda client: list(make(client))


def _drain_async(make: Callable[[Anything], Awaitable[Anything]]) -> Callable[[Anything], Awaitable[Anything]]:
    async def drained(client: Anything) -> Anything:
        return [chunk async for chunk in await make(client)]

    return drained


def _chat(client: Anything) -> Anything:
    return client.chat.completions.create(**_asked("hello"))


def _chat_stream(client: Anything) -> Anything:
    return client.chat.completions.create(**_asked("hello"), stream=True)


def _chat_parse(client: Anything) -> Anything:
    return client.chat.completions.parse(**_asked("hello"), response_format=_shape())


def _responses(client: Anything) -> Anything:
    return client.responses.create(model=MODEL, input="hello")


def _responses_stream(client: Anything) -> Anything:
    return client.responses.create(model=MODEL, input="hello", stream=True)


def _responses_parse(client: Anything) -> Anything:
    return client.responses.parse(model=MODEL, input="hello", text_format=_shape())


def _responses_raw(client: Anything) -> Anything:
    return client.responses.with_raw_response.create(model=MODEL, input="hello").parse()


async def _responses_raw_async(client: Anything) -> Anything:
    return (await client.responses.with_raw_response.create(model=MODEL, input="hello")).parse()


def _completions(client: Anything) -> Anything:
    return client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Once")


def _completions_stream(client: Anything) -> Anything:
    return client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Once", stream=True)


def _embeddings(client: Anything) -> Anything:
    return client.embeddings.create(model="text-embedding-3-small", input="hello", dimensions=4)


def _embeddings_raw(client: Anything) -> Anything:
    return client.embeddings.with_raw_response.create(
        model="text-embedding-3-small", input="hello", encoding_format="float", dimensions=4
    ).parse()


async def _embeddings_raw_async(client: Anything) -> Anything:
    raw = await client.embeddings.with_raw_response.create(
        model="text-embedding-3-small", input="hello", encoding_format="float", dimensions=4
    )
    return raw.parse()


OPERATIONS = (
    Operation("chat", _chat, _chat),
    Operation("chat stream", _drain(_chat_stream), _drain_async(_chat_stream)),
    Operation("chat raw", _raw, _raw_async, "chat", variant=True),
    Operation("chat raw stream", _raw_stream, _raw_stream_async, "chat stream", variant=True),
    Operation("chat streaming response", _response, _response_async, "chat", variant=True),
    Operation("chat streaming response lines", _response_lines, _response_lines_async, "chat stream", variant=True),
    Operation("chat parse", _chat_parse, _chat_parse, "chat", variant=True),
    Operation("chat stream helper", _helper, _helper_async, "chat stream", variant=True),
    Operation("responses", _responses, _responses),
    Operation("responses stream", _drain(_responses_stream), _drain_async(_responses_stream)),
    Operation("responses raw", _responses_raw, _responses_raw_async, "responses", variant=True),
    Operation("responses parse", _responses_parse, _responses_parse, "responses", variant=True),
    Operation("responses helper", _responses_helper, _responses_helper_async, "responses stream", variant=True),
    Operation("completions", _completions, _completions),
    Operation("completions stream", _drain(_completions_stream), _drain_async(_completions_stream), "completions"),
    Operation("embeddings", _embeddings, _embeddings),
    Operation("embeddings raw", _embeddings_raw, _embeddings_raw_async, "embeddings", variant=True),
)


class Tried(TriedSdk):
    """`openai`, sync and async."""

    name = "openai"
    distribution = "openai"
    module = "openai"
    instrumentors = ("spanwise.instrument.openai:OpenAIInstrumentor",)
    asks_for_usage = True

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Every resource that spends tokens, in every variant."""
        return OPERATIONS

    def _options(self, scenario: str, retries: int, timeout_s: float, url: str) -> Anything:
        return {
            "base_url": f"{url or self.url}/v1",
            "api_key": self.key,
            "default_headers": {"x-emulator": scenario},
            "max_retries": retries,
            "timeout": timeout_s,
        }

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `OpenAI`."""
        import openai

        return openai.OpenAI(**self._options(scenario, retries, timeout_s, url))

    def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `AsyncOpenAI`."""
        import openai

        return openai.AsyncOpenAI(**self._options(scenario, retries, timeout_s, url))

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A chat completion."""
        return client.chat.completions.create(**_asked(prompt))

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed chat completion."""
        options = {"stream_options": {"include_usage": True}} if usage else {}
        return client.chat.completions.create(**_asked(prompt), stream=True, **options)

    def text(self, chunk: Anything) -> str:
        """The delta's content."""
        return (chunk.choices[0].delta.content or "") if chunk.choices else ""

    def answer(self, response: Anything) -> str:
        """The first choice's content."""
        return response.choices[0].message.content or ""
