"""What an application has said of the calls that begin here: who and what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from opentelemetry import trace
from opentelemetry.context import get_current, get_value
from opentelemetry.util.types import AttributeValue

from spanwise.semconv import attributes as attr


KEY: Final = "spanwise-association"
"""Where the attributes of `spanwise.context` are in an OpenTelemetry context."""

RECEIVED: Final = "spanwise-received"
"""Where the attributes are that another process sent with a request. All that this one says goes before them."""

INHERITED: Final = (
    attr.USER_ID,
    attr.ENDUSER_ID,
    attr.SESSION_ID,
    attr.SPANWISE_TENANT,
    attr.SPANWISE_FEATURE,
    attr.GEN_AI_CONVERSATION_ID,
)
"""What a span takes over from its parent in this process, where a framework or the application set it there."""

_NOTHING: Final[Mapping[str, AttributeValue]] = {}


class Association:
    """Attributes of a call that begins now, before its span is there: the request's, the context's, the parent's.

    Args:
        request: what the request says.
        service: name of the service that makes it.
    """

    __slots__ = ("_request", "_said", "_service")

    def __init__(self, request: Mapping[str, object], service: object = None) -> None:
        said = get_current().get(KEY)
        self._request = request
        self._service = service
        self._said: Mapping[str, object] = said if isinstance(said, Mapping) else _NOTHING

    def get(self, name: str) -> object:
        """The value that a span started now would have; `None` for none."""
        value = self._request.get(name)
        if value is None:
            value = self._said.get(name)
        if value is not None:
            return value
        if name in INHERITED:
            above: Mapping[str, object] = getattr(trace.get_current_span(), "attributes", None) or _NOTHING
            value = above.get(name)
        if value is None and isinstance(received := get_value(RECEIVED), Mapping):
            value = received.get(name)
        return self._service if value is None and name == attr.SERVICE_NAME else value
