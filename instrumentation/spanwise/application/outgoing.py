"""`Outgoing`: what of a context goes out with requests, to hosts that may know it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urlsplit

from opentelemetry.context import get_value

from spanwise.instrument.core.association import KEY, RECEIVED
from spanwise.pipeline.boundary import shield
from spanwise.semconv import attributes as attr


if TYPE_CHECKING:
    from spanwise.baggage import BaggageConfig

Anything: TypeAlias = Any
"""Objects, methods and arguments of a library, which need not be installed where this is checked."""

HEADER: Final = "baggage"


class Outgoing:
    """Puts the header on requests of `httpx`, `requests` and `aiohttp`, once there is a context, where a policy sends.

    Each library is held where one request goes to one host: below redirects, so that a host that is redirected to gets
    the header only where it may. The request has its own header again afterwards.
    """

    def __init__(self) -> None:
        self._config: BaggageConfig | None = None
        self._is_held = False

    def config(self) -> BaggageConfig:
        """What the policy says; read once. One with mistakes sends and accepts nothing."""
        if self._config is None:
            from spanwise.baggage import BaggageConfig

            self._config = BaggageConfig()
            self._config = shield("context", BaggageConfig.of, os.environ) or self._config
        return self._config

    def ensure(self) -> None:
        """Hold the libraries, those that are imported later too, where the policy sends anything."""
        if self._is_held:
            return
        self._is_held = True
        if not self.config().send:
            return
        import wrapt

        for module, hold in _HOLDS.items():
            wrapt.register_post_import_hook(hold, module)

    def header(self, host: str, before: str) -> str:
        """The header for a request to `host` that has `before`."""
        config = self.config()
        if not config.send or not config.may_know(host):
            return before
        said = context_said()
        if not said:
            return before
        from spanwise.baggage import write_header

        return write_header(said, config.send, before)


OUTGOING: Final = Outgoing()


def context_said() -> Mapping[str, object]:
    """What this process says of the work that goes on here, and below it what another one has said."""
    received, said = get_value(RECEIVED), get_value(KEY)
    below: Mapping[str, object] = received if isinstance(received, Mapping) else {}
    if not isinstance(said, Mapping):
        return below
    if attr.GEN_AI_PROMPT_NAME in said:
        below = {name: value for name, value in below.items() if name != attr.GEN_AI_PROMPT_VERSION}
    return {**below, **said} if below else said


def _put(headers: Anything, host: str) -> str | None:
    """Put the header among `headers`; what was there before, empty for none. `None` where nothing was put."""
    before = headers.get(HEADER) or ""
    before = before if isinstance(before, str) else ""
    made = OUTGOING.header(host, before)
    if made == before:
        return None
    headers[HEADER] = made
    return before


def _take(headers: Anything, before: str | None) -> None:
    if before:
        headers[HEADER] = before
    elif before is not None:
        headers.pop(HEADER, None)


def _around(original: Callable[..., Anything], host: Callable[[Anything], str]) -> Callable[..., Anything]:
    def send(owner: Anything, request: Anything, *args: Anything, **kwargs: Anything) -> Anything:
        before = shield("context", lambda: _put(request.headers, host(request)))
        try:
            return original(owner, request, *args, **kwargs)
        finally:
            shield("context", _take, request.headers, before)

    return send


def _around_async(original: Callable[..., Anything], host: Callable[[Anything], str]) -> Callable[..., Anything]:
    async def send(owner: Anything, request: Anything, *args: Anything, **kwargs: Anything) -> Anything:
        before = shield("context", lambda: _put(request.headers, host(request)))
        try:
            return await original(owner, request, *args, **kwargs)
        finally:
            shield("context", _take, request.headers, before)

    return send


def _hold_httpx(module: ModuleType) -> None:
    for client, around in ((module.Client, _around), (module.AsyncClient, _around_async)):
        if hasattr(client, "_send_single_request"):
            client._send_single_request = around(client._send_single_request, lambda request: request.url.host)


def _hold_requests(module: ModuleType) -> None:
    module.HTTPAdapter.send = _around(module.HTTPAdapter.send, lambda request: urlsplit(request.url).hostname or "")


def _hold_aiohttp(module: ModuleType) -> None:
    """Each hop of a redirect has a request of its own, with the caller's headers: there is nothing to take back."""
    names = [name for name in ("send", "_send") if hasattr(module.ClientRequest, name)]
    if not names:
        return
    original = getattr(module.ClientRequest, names[0])

    async def send(request: Anything, *args: Anything, **kwargs: Anything) -> Anything:
        shield("context", lambda: _put(request.headers, request.url.host or ""))
        return await original(request, *args, **kwargs)

    setattr(module.ClientRequest, names[0], send)


_HOLDS: Final[Mapping[str, Callable[[ModuleType], None]]] = {
    "httpx": _hold_httpx,
    "httpx2": _hold_httpx,
    "requests.adapters": _hold_requests,
    "aiohttp.client_reqrep": _hold_aiohttp,
}
