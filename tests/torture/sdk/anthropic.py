"""The `anthropic` SDK: messages and beta messages."""

from __future__ import annotations

from tests.torture.sdk.tried import Anything, Operation, TriedSdk


def _asked(prompt: str) -> Anything:
    return {"model": "claude-haiku-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": prompt}]}


def _messages(client: Anything) -> Anything:
    return client.messages.create(**_asked("hello"))


def _stream(client: Anything) -> Anything:
    return list(client.messages.create(**_asked("hello"), stream=True))


async def _stream_async(client: Anything) -> Anything:
    return [event async for event in await client.messages.create(**_asked("hello"), stream=True)]


def _raw(client: Anything) -> Anything:
    return client.messages.with_raw_response.create(**_asked("hello")).parse()


async def _raw_async(client: Anything) -> Anything:
    found = (await client.messages.with_raw_response.create(**_asked("hello"))).parse()
    return await found if hasattr(found, "__await__") else found


def _raw_stream(client: Anything) -> Anything:
    return list(client.messages.with_raw_response.create(**_asked("hello"), stream=True).parse())


async def _raw_stream_async(client: Anything) -> Anything:
    found = (await client.messages.with_raw_response.create(**_asked("hello"), stream=True)).parse()
    return [event async for event in (await found if hasattr(found, "__await__") else found)]


def _response(client: Anything) -> Anything:
    with client.messages.with_streaming_response.create(**_asked("hello")) as response:
        return response.parse()


async def _response_async(client: Anything) -> Anything:
    async with client.messages.with_streaming_response.create(**_asked("hello")) as response:
        return await response.parse()


def _response_lines(client: Anything) -> Anything:
    with client.messages.with_streaming_response.create(**_asked("hello"), stream=True) as response:
        return len(list(response.iter_lines())) > 0


async def _response_lines_async(client: Anything) -> Anything:
    async with client.messages.with_streaming_response.create(**_asked("hello"), stream=True) as response:
        return len([line async for line in response.iter_lines()]) > 0


def _helper(client: Anything) -> Anything:
    with client.messages.stream(**_asked("hello")) as stream:
        for _ in stream:
            pass
        return stream.get_final_message()


async def _helper_async(client: Anything) -> Anything:
    async with client.messages.stream(**_asked("hello")) as stream:
        async for _ in stream:
            pass
        return await stream.get_final_message()


def _helper_text(client: Anything) -> Anything:
    with client.messages.stream(**_asked("hello")) as stream:
        return "".join(stream.text_stream)


async def _helper_text_async(client: Anything) -> Anything:
    async with client.messages.stream(**_asked("hello")) as stream:
        return "".join([text async for text in stream.text_stream])


def _beta(client: Anything) -> Anything:
    return client.beta.messages.create(**_asked("hello"))


def _beta_stream(client: Anything) -> Anything:
    return list(client.beta.messages.create(**_asked("hello"), stream=True))


async def _beta_stream_async(client: Anything) -> Anything:
    return [event async for event in await client.beta.messages.create(**_asked("hello"), stream=True)]


def _beta_helper(client: Anything) -> Anything:
    with client.beta.messages.stream(**_asked("hello")) as stream:
        for _ in stream:
            pass
        return stream.get_final_message()


async def _beta_helper_async(client: Anything) -> Anything:
    async with client.beta.messages.stream(**_asked("hello")) as stream:
        async for _ in stream:
            pass
        return await stream.get_final_message()


OPERATIONS = (
    Operation("messages", _messages, _messages),
    Operation("messages stream", _stream, _stream_async),
    Operation("messages raw", _raw, _raw_async, "messages", variant=True),
    Operation("messages raw stream", _raw_stream, _raw_stream_async, "messages stream", variant=True),
    Operation("messages streaming response", _response, _response_async, "messages", variant=True),
    Operation("messages streaming response lines", _response_lines, _response_lines_async, "messages stream",
              variant=True),
    Operation("messages stream helper", _helper, _helper_async, "messages stream", variant=True),
    Operation("messages text helper", _helper_text, _helper_text_async, "messages stream", variant=True),
    Operation("beta messages", _beta, _beta, "messages", variant=True),
    Operation("beta messages stream", _beta_stream, _beta_stream_async, "messages stream", variant=True),
    Operation("beta messages helper", _beta_helper, _beta_helper_async, "messages stream", variant=True),
)  # fmt: skip


class Tried(TriedSdk):
    """`anthropic`, sync and async."""

    name = "anthropic"
    distribution = "anthropic"
    module = "anthropic"
    instrumentors = ("spanwise.instrument.anthropic:AnthropicInstrumentor",)
    native_scopes = ("com.anthropic.sdk.python",)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Messages in every variant."""
        return OPERATIONS

    def _options(self, scenario: str, retries: int, timeout_s: float, url: str) -> Anything:
        return {
            "base_url": url or self.url,
            "api_key": self.key,
            "default_headers": {"x-emulator": scenario},
            "max_retries": retries,
            "timeout": timeout_s,
        }

    def client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `Anthropic`."""
        import anthropic

        return anthropic.Anthropic(**self._options(scenario, retries, timeout_s, url))

    def async_client(
        self, scenario: str = "default", *, retries: int = 0, timeout_s: float = 30.0, url: str = ""
    ) -> Anything:
        """An `AsyncAnthropic`."""
        import anthropic

        return anthropic.AsyncAnthropic(**self._options(scenario, retries, timeout_s, url))

    def plain(self, client: Anything, prompt: str = "hello") -> Anything:
        """A message."""
        return client.messages.create(**_asked(prompt))

    def stream(self, client: Anything, prompt: str = "hello", *, usage: bool = False) -> Anything:
        """A streamed message, whose usage always comes."""
        del usage
        return client.messages.create(**_asked(prompt), stream=True)

    def text(self, chunk: Anything) -> str:
        """The delta's text."""
        return (getattr(chunk.delta, "text", "") or "") if chunk.type == "content_block_delta" else ""

    def answer(self, response: Anything) -> str:
        """The text of the first block that has one."""
        return next((block.text for block in response.content if block.type == "text"), "")
