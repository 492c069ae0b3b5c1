"""The tap of `litellm`: the functions that its decorator `client` makes, from outside and from inside.

`litellm.completion` and its siblings are functions of a module, which an application may have taken out of it before
anybody could hold them. So each is held twice. In the modules it is replaced: that is the outer operation, with
LiteLLM's own retries inside, and it sees the cost that LiteLLM works out at the end. And the function that the
decorator closes over is replaced in its cell, where whoever holds the old function finds it too: each pass through it
is an attempt of the outer call, or, where there is none, a call.

What LiteLLM asks of a provider, through whichever SDK or HTTP library, happens inside the call and gets no second span.
Each deployment that its router tries is a call of its own, because each is another model, provider or account.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar, Token
from types import ModuleType
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.trace import Tracer

from spanwise.instrument.codec import Codec, Json
from spanwise.instrument.codec.litellm import (
    CACHED,
    COST,
    LiteLLMChat,
    LiteLLMCompletions,
    LiteLLMEmbeddings,
    LiteLLMImages,
    LiteLLMRerank,
    LiteLLMResponses,
    plain,
    provider_of,
)
from spanwise.instrument.core.call import CURRENT, Call
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.litellm_stream import Chunks, Events, ObjectFeed, Watch, watch
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr


Anything: TypeAlias = Any
"""Objects and arguments of LiteLLM, which need not be installed where this is checked."""

_CHAT: Final = (LiteLLMChat(), ("model", "messages"))
_TEXT: Final = (LiteLLMCompletions(), ("prompt", "model"))
_RESPONSES: Final = (LiteLLMResponses(), ("input", "model"))
_EMBEDDING: Final = (LiteLLMEmbeddings(), ("model", "input"))
_IMAGES: Final = (LiteLLMImages(), ("prompt", "model"))
_RERANK: Final = (LiteLLMRerank(), ("model", "query", "documents"))
FUNCTIONS: Final[Mapping[str, tuple[Codec, tuple[str, ...]]]] = {
    "completion": _CHAT,
    "acompletion": _CHAT,
    "text_completion": _TEXT,
    "atext_completion": _TEXT,
    "responses": _RESPONSES,
    "aresponses": _RESPONSES,
    "embedding": _EMBEDDING,
    "aembedding": _EMBEDDING,
    "image_generation": _IMAGES,
    "aimage_generation": _IMAGES,
    "rerank": _RERANK,
    "arerank": _RERANK,
}
"""Functions with their codec and the names of what they take by position."""

_INNER: Final = ("acompletion", "atext_completion", "aembedding", "aimg_generation", "arerank", "aresponses")
"""Marks by which a function of LiteLLM that waits has its counterpart that does not wait do the work."""
_CELL: Final = "original_function"
_PORTS: Final = {"http": 80, "https": 443}

_FUNCTION: ContextVar[str] = ContextVar("spanwise_litellm_function", default="")
"""The function whose call is in progress in this context."""

_FEED: ContextVar[ObjectFeed | None] = ContextVar("spanwise_litellm_feed", default=None)
"""What learns from the stream that is read in this context."""


class LiteLLMTap(Tap):
    """The hold on the functions of LiteLLM and on the classes of its streams."""

    def __init__(self, tracer: Tracer) -> None:
        super().__init__(tracer)
        self._cells: list[tuple[Anything, Anything, Anything]] = []

    def open(self, module: ModuleType) -> None:
        """Take hold of the functions and streams that `module` defines."""
        for name in FUNCTIONS:
            function = vars(module).get(name)
            cell = _cell(function)
            if cell is not None:
                self._hold_cell(name, cell)
            # Newer releases have a function of their own in front of the one that `client` made.
            if cell is not None or getattr(function, "__module__", None) == module.__name__:
                self._hold(module, name, function)
        for stream, kind in vars(module).items():
            if isinstance(kind, type) and kind.__module__ == module.__name__ and stream.endswith(_STREAMS):
                self._hold_stream(kind)

    def close(self) -> None:
        """Put the functions back, in the modules and in their cells."""
        package = sys.modules.get("litellm")
        for name in FUNCTIONS if package is not None else ():
            held: Anything = vars(package).get(name)
            if getattr(held, "_spanwise_tap", None) is self:
                setattr(package, name, held.__wrapped__)
        for cell, ours, original in self._cells:
            if cell.cell_contents is ours:
                cell.cell_contents = original
        self._cells.clear()
        super().close()

    def _hold_cell(self, name: str, cell: Anything) -> None:
        original = cell.cell_contents
        ours = _like(original, self._around(name, self._attempt, original))
        cell.cell_contents = ours
        self._cells.append((cell, ours, original))

    def _hold(self, module: ModuleType, name: str, function: Anything) -> None:
        for owner in (module, sys.modules.get("litellm")):
            if owner is not None and vars(owner).get(name) is function:
                self.replace(owner, name, lambda held: self._around(name, self._start, held))

    def _around(self, name: str, start: Callable[..., Started | None], original: Anything) -> Anything:
        """`original` with a call around it, as a function of the same kind."""

        def begin(_: object, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
            return start(name, args, kwargs)

        if name.startswith("a"):
            waiting = self.around_async(begin, _finish)(lambda _, *args, **kwargs: original(*args, **kwargs))

            async def wait(*args: Anything, **kwargs: Anything) -> Anything:
                return await waiting(None, *args, **kwargs)

            return wait
        method = self.around(begin, _finish)(lambda _, *args, **kwargs: original(*args, **kwargs))
        return lambda *args, **kwargs: method(None, *args, **kwargs)

    def _start(self, name: str, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        codec, names = FUNCTIONS[name]
        if any(kwargs.get(mark) is True for mark in _INNER) or self.stands_aside(codec.operation):
            return None
        request = {**dict(zip(names, args, strict=False)), **kwargs}
        base = request.get("api_base") or request.get("base_url")
        host, port = _address(base)
        call = self.begin(codec, _said(request), provider=_provider(request), host=host, port=port)
        return LiteLLMStarted(name, call, args, dict(kwargs))

    def _attempt(self, name: str, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        call = self.current()
        if call is None or _FUNCTION.get() != name:
            return self._start(name, args, kwargs)
        call.attempts += 1
        return None

    def _hold_stream(self, kind: type) -> None:
        for name, make in (("__next__", self._next), ("__anext__", self._anext), ("aclose", self._aclose)):
            if name in vars(kind):
                self.replace(kind, name, make)

    def _next(self, original: Anything) -> Anything:
        def __next__(stream: Anything) -> Anything:  # noqa: N807 - stands in for one
            watched = shield("instrument", _watched, stream) if self.active else None
            if watched is None:
                return original(stream)
            tokens = CURRENT.set(watched.call), _FEED.set(watched.feed)
            try:
                chunk = original(stream)
            except BaseException as error:
                shield("instrument", watched.stopped, error)
                raise
            finally:
                CURRENT.reset(tokens[0])
                _FEED.reset(tokens[1])
            shield("instrument", watched.chunk, chunk)
            return chunk

        return __next__

    def _anext(self, original: Anything) -> Anything:
        async def __anext__(stream: Anything) -> Anything:  # noqa: N807 - stands in for one
            watched = shield("instrument", _watched, stream) if self.active else None
            if watched is None:
                return await original(stream)
            tokens = CURRENT.set(watched.call), _FEED.set(watched.feed)
            try:
                chunk = await original(stream)
            except BaseException as error:
                shield("instrument", watched.stopped, error)
                raise
            finally:
                CURRENT.reset(tokens[0])
                _FEED.reset(tokens[1])
            shield("instrument", watched.chunk, chunk)
            return chunk

        return __anext__

    def _aclose(self, original: Anything) -> Anything:
        async def aclose(stream: Anything) -> Anything:
            if self.active and (watched := shield("instrument", _watched, stream)) is not None:
                shield("instrument", watched.closed)
            return await original(stream)

        return aclose


_STREAMS: Final = ("StreamWrapper", "StreamingIterator")
_WATCH: Final = "_spanwise_watch"


class LiteLLMStarted(Started):
    """A call in progress, known by the function that was called."""

    __slots__ = ("_function",)

    def __init__(self, name: str, call: Call, args: tuple[Anything, ...], kwargs: dict[str, Anything]) -> None:
        super().__init__(call, args, kwargs)
        self._function: Token[str] | None = _FUNCTION.set(name)

    def leave(self) -> None:
        """The function is no longer the current one."""
        function, self._function = self._function, None
        if function is not None:
            with suppress(ValueError):  # left in another context than it was entered in
                _FUNCTION.reset(function)
        super().leave()


def _finish(started: Started, result: Anything) -> None:
    """Learn from what a function returned: now where it is whole, as it is read otherwise."""
    call = started.call
    if call is None or result is None or not call.span.is_recording():
        return
    stream = _stream(result)
    if stream is None:
        hidden = _hidden(result)
        _locate(call, hidden)
        call.say(_body(call, result, hidden))
    elif _WATCH not in vars(stream):
        _locate(call, _hidden(stream))
        feed = Events(call) if isinstance(call.codec, LiteLLMResponses) else Chunks(call, stream)
        setattr(stream, _WATCH, watch(call, feed))


def _stream(result: Anything) -> Anything:
    """The stream that a result is; `None` for a whole answer."""
    is_stream = hasattr(type(result), "__next__") or hasattr(type(result), "__anext__")
    return result if is_stream and hasattr(result, "__dict__") else None


def _watched(stream: Anything) -> Watch | None:
    """What watches `stream`; one that another stream reads from is shown to what watches that."""
    found = vars(stream).get(_WATCH)
    if isinstance(found, Watch):
        return None if found.call.ended else found
    if (feed := _FEED.get()) is not None:
        feed.adopt(stream)
    return None


def _body(call: Call, result: Anything, hidden: Json) -> Json:
    """A whole answer as JSON, with what LiteLLM hides in it. Vectors are left where they are."""
    fields = {**vars(result), **(getattr(result, "__pydantic_extra__", None) or {})}
    if isinstance(call.codec, LiteLLMEmbeddings):
        fields = {"model": fields.get("model"), "usage": fields.get("usage")}
    found = dict(plain(fields))
    found[COST], found[CACHED] = hidden.get(COST), hidden.get(CACHED)
    return found


def _hidden(result: Anything) -> Json:
    hidden = getattr(result, "_hidden_params", None)
    if isinstance(hidden, Mapping):
        return hidden
    return vars(hidden) if hasattr(hidden, "__dict__") else {}


def _locate(call: Call, hidden: Json) -> None:
    """Say who answered, which LiteLLM knows only when it has asked."""
    if isinstance(name := hidden.get("custom_llm_provider"), str) and name:
        call.span.set_attribute(attr.GEN_AI_PROVIDER_NAME, provider_of(name))
    if not call.host:
        host, port = _address(hidden.get("api_base"))
        if host and port:
            call.host = host
            call.span.set_attributes({attr.SERVER_ADDRESS: host, attr.SERVER_PORT: port})


def _provider(request: Json) -> str:
    """The provider as far as the request says it: by name, by the prefix of the model, or by LiteLLM's own table."""
    name, model = request.get("custom_llm_provider"), request.get("model")
    package = sys.modules["litellm"]
    if not isinstance(name, str) and isinstance(model, str):
        prefix, _, rest = model.partition("/")
        if rest and prefix in package.provider_list:
            name = prefix
        else:
            try:
                name = package.get_llm_provider(model=model, api_base=request.get("api_base"))[1]
            except package.exceptions.BadRequestError:
                name = None
    return provider_of(str(getattr(name, "value", name))) if name else "litellm"


def _said(request: dict[str, Anything]) -> Json:
    """The request as JSON as far as a codec may look."""
    return {key: plain(value) if key in _DEEP else value for key, value in request.items()}


_DEEP: Final = ("messages", "input", "prompt", "tools", "response_format", "reasoning", "text")
"""Arguments in which an application may use objects where the API has JSON."""


def _address(base: object) -> tuple[str, int | None]:
    if not isinstance(base, str) or not base:
        return "", None
    url = urlsplit(base)
    return url.hostname or "", url.port or _PORTS.get(url.scheme)


def _cell(function: Anything) -> Anything:
    """The cell in which a function that `client` made holds the one it was made of."""
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    return function.__closure__[names.index(_CELL)] if _CELL in names else None


def _like(original: Anything, ours: Anything) -> Anything:
    from functools import wraps

    return wraps(original)(ours)


def tap(tracer: Tracer) -> LiteLLMTap:
    """The tap of LiteLLM."""
    return LiteLLMTap(tracer)
