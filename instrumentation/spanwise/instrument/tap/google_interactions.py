"""The tap of interactions of the `google-genai` SDK: a generated client of their own, inside the SDK.

Every method of it, raw and streaming variants too, ends in one `do_request` or `do_request_async` of its base, with
its retries inside and a response of the HTTP library as its result. That response is looked at here before the SDK
looks at its status, so an error is told by what it says. Releases before 2.9 have another client, by another generator:
see `google_stainless`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, Final, TypeAlias

import orjson
from opentelemetry.trace import Tracer

from spanwise.instrument.body.httpx import HTTP_ERROR, observe
from spanwise.instrument.codec import Json
from spanwise.instrument.codec.gemini_interaction_path import InteractionPaths
from spanwise.instrument.core.provider import provider_of
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.google_client import PORTS, provider_for
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Objects and arguments of the SDK, which need not be installed where this is checked."""

LARGEST_BYTES: Final = 16 << 20
"""Largest body of a request that is read."""

_PROJECT: Final = "/projects/"


class InteractionsTap(Tap):
    """The hold on the client of interactions."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._paths = InteractionPaths()

    def open(self, module: ModuleType) -> None:
        """Take hold of the base of the client, or of the hooks that it calls before each attempt."""
        held = vars(module)
        if "BaseSDK" in held:
            self.replace(held["BaseSDK"], "do_request", self.around(self._start, _finish))
            self.replace(held["AsyncBaseSDK"], "do_request_async", self.around_async(self._start, _finish))
            return
        for name in ("SDKHooks", "AsyncSDKHooks"):
            if name in held and held[name].__module__ == module.__name__:
                self.replace(held[name], "before_request", self._attempt)

    def _start(self, sdk: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        sent = kwargs["request"] if "request" in kwargs else args[1]
        method, url = sent.method.lower(), sent.url
        codec = self._paths.codec(method, url.path)
        if codec is None:
            return None
        request = dict(url.params) if method == "get" else _body(sent)
        codec = self._paths.of(codec, request)
        if self.stands_aside(codec.operation):
            return None
        host = url.host
        call = self.begin(
            codec,
            request,
            provider=_provider(sdk, host, url.path),
            host=host,
            port=url.port or PORTS.get(url.scheme),
        )
        return Started(call, args, dict(kwargs))

    def _attempt(self, original: Anything) -> Callable[..., Anything]:
        # The asynchronous hooks get a coroutine back from the original: it passes through untouched.
        def before_request(hooks: Anything, *args: Anything, **kwargs: Anything) -> Anything:
            if (call := self.current()) is not None:
                call.attempts += 1
            return original(hooks, *args, **kwargs)

        return before_request


def _provider(sdk: Anything, host: str, path: str) -> str:
    """The provider by host; behind a proxy by the path, which names a project on Vertex AI, or by the client."""
    if _PROJECT in path:
        return provider_of(host, values.GEN_AI_PROVIDER_NAME_GCP_VERTEX_AI)
    # Releases before 3 may not know the client here.
    return provider_for(getattr(sdk, "_api_client", None), host)


def _body(sent: Anything) -> Json:
    """The JSON object that a request sends; an empty one where it is none, or too large to be read twice."""
    content = sent.content
    if len(content) > LARGEST_BYTES:
        return {}
    try:
        parsed = orjson.loads(content)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _finish(started: Started, response: Anything) -> None:
    """Learn from a response, of whatever status: now where its body is there, as it is read otherwise."""
    call = started.call
    if call is None or not call.span.is_recording():
        return
    is_refused = response.status_code >= HTTP_ERROR
    if is_refused:
        # The code stands until the body says Google's word for it.
        call.refuse(response.status_code)
    else:
        call.learn(response.headers)
    if not (response.is_closed and hasattr(response, "_content")):
        observe(response, call)
    elif not call.respond(response.content) and not is_refused:
        call.distrust()
