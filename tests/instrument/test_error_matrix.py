"""Every way a call can fail, of the SDKs that HTTP libraries carry: one span that says so, the exception untouched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from tests.emulator import Emulator
from tests.instrument.telemetry import Telemetry
from tests.torture import fault
from tests.torture.fault import MESSAGE, Refusing, closed_port, reset, silent, unaccepting, untrusted
from tests.torture.observation import Caught, describe_error
from tests.torture.sdk import TriedSdk, tried


Sdk: TypeAlias = Any
"""Clients of an SDK."""

Fault: TypeAlias = Callable[[], AbstractContextManager[str]]
"""A server that fails below HTTP, as a block with its address."""

Step: TypeAlias = Callable[[], object]
"""What happens before a call."""

CERTIFICATE = Path(fault.__file__).with_name("loopback.pem")
SDKS = ("openai", "anthropic")
RETRIED = (408, 409, 429, 500, 502, 503, 504, 529)
STATUSES = (400, 401, 403, 404, 413, 422, *RETRIED)


def _nothing() -> None:
    """The step before a call that needs none."""


@pytest.fixture(autouse=True)
def few_certificates(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One certificate to read for every client instead of some hundred, unless certificates are what is tested."""
    if "untrusted" not in request.node.name:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


@contextmanager
def refused() -> Iterator[str]:
    """An address on which nobody listens."""
    yield closed_port()


TRANSPORT: dict[str, tuple[Fault, str]] = {
    "connect time-out": (unaccepting, "APITimeoutError"),
    "read time-out": (silent, "APITimeoutError"),
    "refused": (refused, "APIConnectionError"),
    "reset": (reset, "APIConnectionError"),
    "untrusted certificate": (untrusted, "APIConnectionError"),
}


def failures(
    sdk: TriedSdk, form: str, steps: Sequence[Step] = (_nothing,), **options: Any
) -> list[BaseException | None]:
    """The exceptions of one client's calls, one after each step, in the form `plain`, `stream`, or async."""
    if "async" in form:
        return asyncio.run(_failures_async(sdk, steps, streamed="stream" in form, **options))
    found = []
    with sdk.client(**options) as client:
        for step in steps:
            step()
            with Caught() as caught:
                list(sdk.stream(client)) if "stream" in form else sdk.plain(client)
            found.append(caught.error)
    return found


async def _failures_async(
    sdk: TriedSdk, steps: Sequence[Step], *, streamed: bool, **options: Any
) -> list[BaseException | None]:
    found = []
    async with sdk.async_client(**options) as client:
        for step in steps:
            step()
            with Caught() as caught:
                if streamed:
                    [chunk async for chunk in await sdk.stream(client)]
                else:
                    await sdk.plain(client)
            found.append(caught.error)
    return found


def without_us(telemetry: Telemetry, sdk: TriedSdk, *arguments: Any, **options: Any) -> list[Any]:
    """What the same calls give their caller while every one of our instrumentors of the SDK is off."""
    instrumentors = [getattr(import_module(home), name)() for home, _, name in map(_place, sdk.instrumentors)]
    for instrumentor in instrumentors:
        instrumentor.uninstrument()
    try:
        return [describe_error(error) for error in failures(sdk, *arguments, **options)]
    finally:
        for instrumentor in instrumentors:
            instrumentor.instrument(tracer_provider=telemetry.provider)


def _place(written: str) -> tuple[str, str, str]:
    return written.partition(":")


def assert_failed(span: ReadableSpan, error: BaseException) -> dict[str, Any]:
    """The attributes of the span, which is that of a call that ended with `error` and says no more than its class."""
    found = dict(span.attributes or {})
    assert span.status.status_code is StatusCode.ERROR
    assert found["error.type"] == span.status.description == type(error).__qualname__
    assert not span.events
    assert MESSAGE not in span.to_json()
    assert not [name for name in found if name.startswith("gen_ai.usage.")]
    return found


@pytest.mark.parametrize("form", ["plain", "stream", "async plain", "async stream"])
@pytest.mark.parametrize("sdk_name", SDKS)
def test_statuses(telemetry: Telemetry, sdk_name: str, form: str) -> None:
    """Every status from 400 to 529 is one span with that status, and the SDK's own exception."""
    sdk, server = tried(sdk_name), Refusing(400)
    steps = [partial(setattr, server, "status", status) for status in STATUSES]
    with server.serving() as url:
        bare = without_us(telemetry, sdk, form, steps, url=url)
        errors = failures(sdk, form, steps, url=url)
    assert [describe_error(error) for error in errors] == bare
    for status, error, span in zip(STATUSES, errors, telemetry.spans(), strict=True):
        assert error is not None
        found = assert_failed(span, error)
        assert found["http.response.status_code"] == status
        assert "http.request.resend_count" not in found


@pytest.mark.parametrize("form", ["plain", "async stream"])
@pytest.mark.parametrize("sdk_name", SDKS)
def test_retried_statuses(telemetry: Telemetry, sdk_name: str, form: str) -> None:
    """A call that is tried three times and refused each time is one span that counts two more attempts."""
    sdk, server = tried(sdk_name), Refusing(500)
    steps = [partial(setattr, server, "status", status) for status in RETRIED]
    with server.serving() as url:
        errors = failures(sdk, form, steps, url=url, retries=2)
    assert server.received == 3 * len(RETRIED)
    for error, span in zip(errors, telemetry.spans(), strict=True):
        assert error is not None
        assert assert_failed(span, error)["http.request.resend_count"] == 2


@pytest.mark.parametrize("form", ["plain", "async stream"])
@pytest.mark.parametrize("name", TRANSPORT)
@pytest.mark.parametrize("sdk_name", SDKS)
def test_transport(telemetry: Telemetry, sdk_name: str, name: str, form: str) -> None:
    """What fails below HTTP is one span with the class of the SDK's exception and no status of HTTP."""
    sdk = tried(sdk_name)
    server, expected = TRANSPORT[name]
    with server() as url:
        (bare,) = without_us(telemetry, sdk, form, url=url, timeout_s=0.2)
        (error,) = failures(sdk, form, url=url, timeout_s=0.2)
    assert error is not None
    seen = describe_error(error)
    if name == "reset":
        # Which of two errors of the HTTP library is behind it depends on how much was sent by then.
        seen |= {"cause": bare["cause"], "context": bare["context"]}
    assert seen == bare
    found = assert_failed(telemetry.one(), error)
    assert found["error.type"] == expected
    assert "http.response.status_code" not in found


@pytest.mark.parametrize("form", ["stream", "async stream"])
@pytest.mark.parametrize("scenario", ["stream_error;chunks=9;after=2", "stream_error;chunks=9;after=0"])
@pytest.mark.parametrize("sdk_name", SDKS)
def test_error_events(telemetry: Telemetry, emulator: Emulator, sdk_name: str, scenario: str, form: str) -> None:
    """An error event in a stream that began with 200 is a failed span, whether or not words came before it."""
    (error,) = failures(tried(sdk_name, emulator.url), form, scenario=scenario)
    assert error is not None
    span = telemetry.one()
    found = dict(span.attributes or {})
    assert span.status.status_code is StatusCode.ERROR
    assert found["spanwise.stream.outcome"] == "failed"
    assert str(found["error.type"]).replace("_", "").isalnum()
    assert str(error) not in span.to_json()


@pytest.mark.parametrize("form", ["plain", "stream", "async plain", "async stream"])
@pytest.mark.parametrize("sdk_name", SDKS)
def test_malformed(telemetry: Telemetry, emulator: Emulator, sdk_name: str, form: str) -> None:
    """A body that is no JSON is one span; it has failed where the caller is told so, and claims no answer."""
    scenario = "malformed_stream" if "stream" in form else "malformed_body"
    (error,) = failures(tried(sdk_name, emulator.url), form, scenario=scenario)
    span = telemetry.one()
    if error is not None and "stream" not in form:
        assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {}).get("gen_ai.response.finish_reasons") in (None, ("error",))
