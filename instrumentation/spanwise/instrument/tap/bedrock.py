"""The tap for Amazon Bedrock: `_make_api_call` of botocore's clients, and of aiobotocore's.

Every operation of every client ends there, with its parameters as the application gave them and its answer as botocore
parsed it. What is still to be read of an answer is observed where it is read: `body/event_stream.py` for streams of
events, `body/streaming_body.py` for the bytes of a model's own answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.trace import Tracer

from spanwise.instrument.body import event_stream, streaming_body
from spanwise.instrument.codec import Codec, Json
from spanwise.instrument.codec.bedrock_usage import counted
from spanwise.instrument.core.call import Call
from spanwise.instrument.core.started import Started
from spanwise.instrument.core.tap import Tap
from spanwise.instrument.tap.bedrock_operation import OPERATIONS, Operation
from spanwise.semconv import values


Anything: TypeAlias = Any
"""Clients, bodies and arguments of an SDK, which need not be installed where this is checked."""

_METADATA: Final = "ResponseMetadata"


class BedrockTap(Tap):
    """The hold on botocore and aiobotocore."""

    def open(self, module: ModuleType) -> None:
        """Take hold of `botocore.client` or `aiobotocore.client`, and of what their answers are read from."""
        if module.__name__ == "botocore.client":
            self.replace(module.BaseClient, "_make_api_call", self.around(self._start, _finish))
            self._hold_bodies(import_module("botocore.response").StreamingBody)
            self.replace(import_module("botocore.endpoint").Endpoint, "_send", self._attempt)
            self.replace(import_module("botocore.eventstream").EventStream, "close", _close_stream)
        else:
            self.replace(module.AioBaseClient, "_make_api_call", self.around_async(self._start, _finish))
            self.replace(import_module("aiobotocore.endpoint").AioEndpoint, "_send", self._attempt)
            self._hold_async_bodies(import_module("aiobotocore.response"))

    def _attempt(self, original: Anything) -> Anything:
        """Count what is sent: botocore tells its retries beside an answer, and where there is none it tells nothing."""

        def _send(endpoint: Anything, request: Anything) -> Anything:
            if (call := self.current()) is not None:
                call.attempts += 1
            return original(endpoint, request)

        return _send

    def _hold_bodies(self, kind: Anything) -> None:
        for name, make in (
            ("read", streaming_body.reads),
            ("readinto", streaming_body.reads_into),
            ("readlines", streaming_body.reads_lines),
            ("close", streaming_body.closes),
            ("__enter__", streaming_body.enters),
            ("__exit__", streaming_body.closes),
        ):
            if name in vars(kind):
                self.replace(kind, name, make)

    def _hold_async_bodies(self, module: ModuleType) -> None:
        """Hold the body of either HTTP library; which methods a body has depends on the release of aiobotocore."""
        for kind in (module.StreamingBody, getattr(module, "HttpxStreamingBody", None)):
            for name, make in (
                ("read", streaming_body.reads_async),
                ("readinto", streaming_body.reads_into_async),
                ("close", streaming_body.closes),
                ("aclose", streaming_body.closes),
                ("__aexit__", streaming_body.closes),
            ):
                if kind is not None and name in vars(kind):
                    self.replace(kind, name, make)

    def _start(self, client: Anything, args: tuple[Anything, ...], kwargs: Mapping[str, Anything]) -> Started | None:
        operations = OPERATIONS.get(client.meta.service_model.service_name)
        if operations is None or kwargs or len(args) != 2:
            return None
        operation = operations.get(args[0])
        if operation is None or not isinstance(args[1], Mapping):
            return None
        begun = operation.begin(args[1])
        if begun is None or self.stands_aside(begun[0].operation):
            return None
        return BedrockStarted(self._call(client, *begun), operation, args)

    def _call(self, client: Anything, codec: Codec, request: Json) -> Call:
        host, port = _address(client.meta.endpoint_url)
        provider = values.GEN_AI_PROVIDER_NAME_AWS_BEDROCK
        return self.begin(codec, request, provider=provider, host=host, port=port)


class BedrockStarted(Started):
    """A call of Bedrock whose request is being made."""

    __slots__ = ("operation",)

    def __init__(self, call: Call, operation: Operation, args: tuple[Anything, ...]) -> None:
        super().__init__(call, args, {})
        self.operation = operation

    def fail(self, error: BaseException) -> None:
        """The SDK raised. An error that AWS sent is known by its code, whatever class botocore has for it."""
        answer = getattr(error, "response", None)
        if self.call is None or not isinstance(answer, Mapping) or not answer.get("Error", {}).get("Code"):
            super().fail(error)
            return
        self.leave()
        _count_attempts(self.call, answer)
        self.call.say(answer)
        self.call.end()


def _finish(started: Started, answer: Anything) -> None:
    """Learn from an answer, and follow what is still to be read of it."""
    call = started.call
    if call is None or not isinstance(started, BedrockStarted) or not call.span.is_recording():
        return
    operation = started.operation
    headers = _count_attempts(call, answer)
    call.learn(headers)
    if not operation.body:
        if operation.member not in answer:
            call.distrust()
        call.say(answer)
        return
    body = answer.get(operation.body)
    if known := {**operation.known(answer), **counted(headers)}:
        call.say(known)
    if hasattr(body, "_event_generator"):
        event_stream.observe(body, call, wrapped=operation.wraps)
    elif body is not None:
        streaming_body.observe(body, call, headers)


def _count_attempts(call: Call, answer: Json) -> Mapping[str, str]:
    """The headers of an answer; botocore counts its retries beside them."""
    metadata = answer.get(_METADATA) or {}
    retries = metadata.get("RetryAttempts")
    call.attempts = 1 + retries if isinstance(retries, int) else 1
    return metadata.get("HTTPHeaders") or {}


def _close_stream(original: Anything) -> Anything:
    """For `Tap.replace`: `close` of a stream, of botocore's as of aiobotocore's, which inherits it."""

    def close(stream: Anything) -> Anything:
        event_stream.closed(stream)
        return original(stream)

    return close


@lru_cache(maxsize=64)
def _address(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)


def tap(tracer: Tracer) -> BedrockTap:
    """The tap of the SDK."""
    return BedrockTap(tracer)
