"""What an application has said of the calls that begin here: who and what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from opentelemetry import trace
from opentelemetry.context import Context
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

_INHERITED: Final = frozenset(INHERITED)
_NOTHING: Final[Mapping[str, AttributeValue]] = {}


def said_in(context: Context) -> Mapping[str, object]:
    """What `spanwise.context` says of the calls in `context`; not to be changed."""
    said = context.get(KEY)
    # Asking an abstract class costs more than all the rest.
    if said is None:
        return _NOTHING
    return said if type(said) is dict or isinstance(said, Mapping) else _NOTHING


class Association:
    """Attributes of a call that begins now, before its span is there: the request's, the context's, the parent's.

    Args:
        request: what the request says.
        context: where it begins.
        service: name of the service that makes it.
    """

    __slots__ = ("_context", "_request", "_said", "_service")

    def __init__(self, request: Mapping[str, object], context: Context, service: object = None) -> None:
        self._request = request
        self._context = context
        self._service = service
        self._said = said_in(context)

    def get(self, name: str) -> object:
        """The value that a span started now would have; `None` for none."""
        value = self._request.get(name)
        if value is None:
            value = self._said.get(name)
        if value is not None:
            return value
        if name in _INHERITED and (span := trace.get_current_span(self._context)) is not trace.INVALID_SPAN:
            above: Mapping[str, object] = getattr(span, "attributes", None) or _NOTHING
            value = above.get(name)
        if value is None and (received := self._context.get(RECEIVED)) is not None and isinstance(received, Mapping):
            value = received.get(name)
        return self._service if value is None and name == attr.SERVICE_NAME else value
