"""Errors in Google's shape."""

from __future__ import annotations

from typing import Final

from tests.emulator.document import Json
from tests.emulator.provider_error import ErrorShape


_ERRORS: dict[str, tuple[int, str, str]] = {
    "error_400": (400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "error_401": (401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    "error_403": (403, "PERMISSION_DENIED", "The caller does not have permission"),
    "error_404": (404, "NOT_FOUND", "The model is not found, or is not supported for this method."),
    "error_408": (408, "DEADLINE_EXCEEDED", "The request timed out."),
    "error_409": (409, "ABORTED", "The operation was aborted, it conflicts with another."),
    "error_500": (500, "INTERNAL", "An internal error has occurred."),
    "error_503": (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "error_504": (504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    "error_529": (529, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "rate_limit": (429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please try again later."),
    "quota": (
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your current quota, please check your plan and billing.",
    ),
}


def gemini_error_body(name: str, message: str | None = None, request_id: str = "") -> Json:
    """Google's error object for a scenario."""
    code, status, said = _ERRORS[name]
    return {"error": {"code": code, "message": message or said, "status": status}}


GEMINI_ERRORS: Final = ErrorShape(gemini_error_body)

_WORDS: dict[str, str] = {
    "error_400": "invalid_request",
    "error_401": "authentication",
    "error_403": "permission_denied",
    "error_404": "not_found",
    "error_408": "request_timeout",
    "error_409": "aborted",
    "error_500": "internal",
    "error_503": "service_unavailable",
    "error_504": "gateway_timeout",
    "error_529": "service_unavailable",
    "rate_limit": "rate_limit_exceeded",
    "quota": "quota_exceeded",
}
"""Words of the interactions API, as its table of error codes has those of 400, 401, 403, 404, 429 and 504."""


def interaction_error_body(name: str, message: str | None = None, request_id: str = "") -> Json:
    """The error object of the interactions API for a scenario: a word, and no status."""
    return {"error": {"message": message or _ERRORS[name][2], "code": _WORDS[name]}}


INTERACTION_ERRORS: Final = ErrorShape(interaction_error_body)
