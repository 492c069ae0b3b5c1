"""Errors of Cohere."""

from __future__ import annotations

from typing import Final

from tests.emulator.document import Json
from tests.emulator.provider_error import ErrorShape


_SAID: Final = {
    "error_400": "invalid request: message must be at least 1 token long or tool results must be specified.",
    "error_401": "invalid api token",
    "error_403": "you do not have access to this model",
    "error_404": "model 'no-such-model' not found, make sure the correct model ID was used and that you have access to "
    "the model.",
    "error_408": "the request timed out",
    "error_409": "the resource was changed by another request",
    "error_500": "internal server error, this has been reported to our developers",
    "error_503": "the service is currently unavailable, please try again later",
    "error_504": "the server did not answer in time",
    "error_529": "the service is currently unavailable, please try again later",
    "rate_limit": "You are using a Trial key, which is limited to 20 API calls / minute.",
    "quota": "You are past the monthly limit of your account.",
}


def cohere_error_body(name: str, message: str | None = None, request_id: str = "") -> Json:
    """Cohere's error object for a scenario."""
    return {"id": request_id, "message": message or _SAID[name]}


COHERE_ERRORS: Final = ErrorShape(
    cohere_error_body, ("x-endpoint-monthly-call-limit", "x-trial-endpoint-call-remaining")
)
