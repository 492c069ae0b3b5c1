"""What another process said of a request: below all that this one says itself."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Final

from opentelemetry import context as context_api

from spanwise.application import stamp
from spanwise.application.leaving import leave
from spanwise.application.outgoing import OUTGOING
from spanwise.application.threads import follow
from spanwise.baggage.header import read_header
from spanwise.instrument.core.association import RECEIVED


NAME: Final = "baggage"
"""The header of W3C Baggage."""


def received(headers: Iterable[str]) -> Mapping[str, object]:
    """Attributes for what the policy accepts of the headers `baggage` of a request; empty for nothing."""
    accept = OUTGOING.config().accept
    return read_header(",".join(headers), accept) if accept else {}


@contextmanager
def inside(said: Mapping[str, object]) -> Generator[None]:
    """A context in which another process has said this, for one piece of work."""
    stamp.ensure()
    follow()
    OUTGOING.ensure()
    token = context_api.attach(context_api.set_value(RECEIVED, said))
    try:
        yield
    finally:
        leave(token)
