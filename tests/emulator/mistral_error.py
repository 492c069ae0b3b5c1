"""Errors of Mistral: the model server's own object, and the shorter ones of what stands before it."""

from __future__ import annotations

from typing import Final

from tests.emulator.document import Json
from tests.emulator.provider_error import ErrorShape


_SERVER: Final = {
    "error_400": ("invalid_request_error", "3051", "Invalid request: content may not be null."),
    "error_404": ("invalid_model", "1500", "Invalid model: no-such-model"),
    "error_500": ("internal_server_error", "3700", "Service unavailable."),
    "error_503": ("internal_server_error", "3700", "Service unavailable."),
    "error_504": ("internal_server_error", "3700", "The server did not answer in time."),
    "error_529": ("internal_server_error", "3700", "Service unavailable."),
    "rate_limit": ("rate_limited", "1300", "Rate limit exceeded"),
    "quota": ("service_tier_capacity_exceeded", "3505", "Service tier capacity exceeded for this model."),
}
_BEFORE: Final = {
    "error_401": "Unauthorized",
    "error_403": "You do not have access to this resource",
    "error_408": "Request Timeout",
    "error_409": "Conflict",
}


def mistral_error_body(name: str, message: str | None = None, request_id: str = "") -> Json:
    """Mistral's error object for a scenario."""
    if name in _BEFORE:
        return {"detail": message or _BEFORE[name], "request_id": request_id}
    kind, code, said = _SERVER[name]
    return {"object": "error", "message": message or said, "type": kind, "param": None, "code": code}


MISTRAL_ERRORS: Final = ErrorShape(
    mistral_error_body, ("x-ratelimit-limit-req-minute", "x-ratelimit-remaining-req-minute")
)
