"""The tap of `huggingface_hub`: the one `_inner_post` of its inference clients.

Every task of a client ends there with its request prepared. The response passes the SDK's check of its status, by the
name under which the client's module knows it, before anybody reads it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, ClassVar, Final, TypeAlias
from urllib.parse import urlsplit
from weakref import finalize

from opentelemetry.trace import Tracer

from spanwise.instrument.body.httpx import follow
from spanwise.instrument.codec import Codec, Json, OpenAIChat, OpenAICompletions, OpenAIEmbeddings
from spanwise.instrument.codec.hugging_face_embed import HuggingFaceEmbed
from spanwise.instrument.codec.hugging_face_generate import HuggingFaceGenerate, header_details
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.provider import HUGGING_FACE, provider_of
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.compatible import asks
from spanwise.pipeline.boundary import shield


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""

ROUTER: Final = "router.huggingface.co"
_SELF: Final = (None, "", "auto", "hf-inference", "v1")
_NAME: Final = re.compile("[a-z0-9-]{1,32}")
_POLICIES: Final = ("fastest", "cheapest", "preferred")
_NO_MODEL: Final = ("dummy", "tgi")
"""What the SDK writes where an endpoint has one model only."""
_HTTP: Final = ("http://", "https://")


class HuggingFaceTap(Tap):
    """The hold on the inference clients."""

    _CHAT: ClassVar[Codec] = OpenAIChat()
    _BY_FIELD: ClassVar[dict[tuple[str, str], Codec]] = {
        ("text-generation", "inputs"): HuggingFaceGenerate(),
        ("text-generation", "prompt"): OpenAICompletions(),
        ("feature-extraction", "inputs"): HuggingFaceEmbed(),
        ("feature-extraction", "input"): OpenAIEmbeddings(),
    }

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._begun: dict[int, HuggingFaceStarted] = {}

    def open(self, module: ModuleType) -> None:
        """Take hold of the client that `module` defines."""
        if (client := getattr(module, "AsyncInferenceClient", None)) is not None:
            self.replace(client, "_inner_post", self.around_async(self._start, _finish))
        else:
            self.replace(module.InferenceClient, "_inner_post", self.around(self._start, _finish))
        self.replace(module, "hf_raise_for_status", self._raise_for_status)

    def _raise_for_status(self, original: Anything) -> Anything:
        def hf_raise_for_status(response: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if (call := self.current()) is not None:
                shield("instrument", _attend, call, response, self._begun)
            return original(response, *args, **kwargs)

        return hf_raise_for_status

    def _start(self, client: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        asked = kwargs["request_parameters"] if "request_parameters" in kwargs else args[0]
        body = asked.json
        if not isinstance(body, Mapping):
            return None
        codec = self._codec(str(asked.task), body)
        if codec is None or self.stands_aside(codec.operation):
            return None
        body = _named(body, asked.model)
        url = urlsplit(asked.url)
        host = url.hostname or ""
        hides_usage = codec is self._CHAT and asks(host, body)
        call = self.begin(
            codec,
            body,
            provider=provider(client, asked.url, body.get("model")),
            host=host,
            port=url.port or (80 if url.scheme == "http" else 443),
            hides_usage=hides_usage,
        )
        if call.hides_usage:
            changed = {**asked.json, "stream_options": {"include_usage": True}}
            asked = dataclasses.replace(asked, json=changed)
        if "request_parameters" in kwargs:
            return HuggingFaceStarted(self._begun, call, args, {**kwargs, "request_parameters": asked})
        return HuggingFaceStarted(self._begun, call, (asked, *args[1:]), dict(kwargs))

    def _codec(self, task: str, body: Json) -> Codec | None:
        """By task, and by the field that tells the wire of Hugging Face from that of OpenAI."""
        if task == "conversational":
            return self._CHAT
        return next((codec for (kind, field), codec in self._BY_FIELD.items() if kind == task and field in body), None)


def _named(body: Json, model: object) -> Json:
    """`body` with the model where the SDK knows its name: an address is none."""
    named = body.get("model") or model
    if isinstance(named, str) and named and not named.startswith(_HTTP) and named not in _NO_MODEL:
        return {**body, "model": named}
    return {key: value for key, value in body.items() if key != "model"}


def provider(client: Anything, url: str, model: object) -> str:
    """Who answers: Hugging Face itself, a provider that it routes to, or one that is called directly.

    A route is part of the address, or of the model's name (`model:provider`); one that the router chooses by itself is
    not known. Routed calls are billed by Hugging Face: `huggingface_groq` is the price book's name for such.
    """
    split = urlsplit(url)
    if split.hostname == ROUTER:
        route = split.path.lstrip("/").partition("/")[0]
        if route == "v1" and isinstance(model, str):
            chosen = model.partition(":")[2]
            route = chosen if chosen not in _POLICIES else ""
        return HUGGING_FACE if route in _SELF or not _NAME.fullmatch(route) else f"{HUGGING_FACE}_{route}"
    named = getattr(client, "provider", None)
    at_endpoint = str(getattr(client, "model", None) or "").startswith(_HTTP)
    default = HUGGING_FACE if at_endpoint or named in _SELF else str(named)
    return provider_of(split.hostname or "", default)


class HuggingFaceStarted(Started):
    """A call whose request is being made, known by its `Call` until then.

    Args:
        begun: where it is found.
        call: the call.
        args: what the SDK's method gets by position.
        kwargs: what it gets by name.
    """

    __slots__ = ("_begun", "abandon")

    def __init__(
        self,
        begun: dict[int, HuggingFaceStarted],
        call: Call,
        args: tuple[Anything, ...],
        kwargs: dict[str, Anything],
    ) -> None:
        super().__init__(call, args, kwargs)
        self._begun = begun
        self.abandon: Callable[[], None] | None = None
        """Ends the reading of the body where nobody can read on."""
        begun[id(call)] = self

    def leave(self) -> None:
        """The method has returned."""
        self._begun.pop(id(self.call), None)
        super().leave()


def _finish(started: Started, result: Anything) -> None:
    """Notice when a stream is left: the client holds the response until it is closed itself, its lines it does not."""
    is_stream = hasattr(result, "__next__") or hasattr(result, "__anext__")
    if is_stream and isinstance(started, HuggingFaceStarted) and started.abandon is not None:
        finalize(result, started.abandon).atexit = False


def _attend(call: Call, response: Anything, begun: Mapping[int, HuggingFaceStarted]) -> None:
    if isinstance(call.codec, HuggingFaceGenerate) and (told := header_details(response.headers)):
        call.say(told)
    follow(response, call)
    if call.observed and (started := begun.get(id(call))) is not None:
        started.abandon = response.stream.abandon


def tap(tracer: Tracer) -> HuggingFaceTap:
    """The tap of the clients."""
    return HuggingFaceTap(tracer)
