"""Error answers in the providers' own shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from tests.emulator.document import Json
from tests.emulator.reply import JsonReply, json_reply
from tests.emulator.scenario import Scenario


_OPENAI: dict[str, tuple[str, str | None, str | None, str]] = {
    "error_400": (
        "invalid_request_error",
        None,
        "messages",
        "Invalid value for 'content': expected a string, got null.",
    ),
    "error_401": ("invalid_request_error", "invalid_api_key", None, "Incorrect API key provided."),
    "error_403": (
        "invalid_request_error",
        "unsupported_country_region_territory",
        None,
        "Country, region, or territory not supported",
    ),
    "error_404": (
        "invalid_request_error",
        "model_not_found",
        None,
        "The model does not exist or you do not have access to it.",
    ),
    "error_408": ("server_error", None, None, "The request timed out before it was received in full."),
    "error_409": ("invalid_request_error", None, None, "The resource was changed by another process."),
    "error_500": (
        "server_error",
        None,
        None,
        "The server had an error while processing your request. Sorry about that!",
    ),
    "error_503": ("server_error", None, None, "The engine is currently overloaded, please try again later"),
    "error_504": ("server_error", None, None, "The server did not answer in time."),
    "error_529": ("server_error", None, None, "The engine is currently overloaded, please try again later"),
    "rate_limit": (
        "requests",
        "rate_limit_exceeded",
        None,
        "Rate limit reached for requests per min (RPM). Limit: 3, Used: 3, Requested: 1.",
    ),
    "quota": (
        "insufficient_quota",
        "insufficient_quota",
        None,
        "You exceeded your current quota, please check your plan and billing details.",
    ),
}
_ANTHROPIC: dict[str, tuple[str, str]] = {
    "error_400": ("invalid_request_error", "messages: at least one message is required"),
    "error_401": ("authentication_error", "invalid x-api-key"),
    "error_403": ("permission_error", "Your API key does not have permission to use the specified resource"),
    "error_404": ("not_found_error", "model: no such model"),
    "error_408": ("timeout_error", "Request timed out"),
    "error_409": ("conflict_error", "The resource was changed by another request"),
    "error_500": ("api_error", "Internal server error"),
    "error_503": ("api_error", "Service unavailable"),
    "error_504": ("timeout_error", "The request timed out while it was processed"),
    "error_529": ("overloaded_error", "Overloaded"),
    "rate_limit": ("rate_limit_error", "This request would exceed your organization's rate limit"),
    "quota": ("rate_limit_error", "This request would exceed your organization's monthly spend limit"),
}
_GATEWAY: Final = b"<html>\n<head><title>502 Bad Gateway</title></head>\n<body>502 Bad Gateway</body>\n</html>\n"


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """How a provider writes an error down. `body` gets a scenario's name, a message or `None`, and the request's id."""

    body: Callable[[str, str | None, str], Json]
    limit_headers: tuple[str, str] = ("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests")
    """The two headers of a 429 that say how many requests are allowed and left."""
    headers: Callable[[str], dict[str, str]] = lambda _name: {}
    """Headers of every error, by the scenario's name: where a provider names it in one."""


def openai_error_body(name: str, message: str | None = None, request_id: str = "") -> Json:
    """OpenAI's error object for a scenario."""
    kind, code, param, said = _OPENAI[name]
    return {"error": {"message": message or said, "type": kind, "param": param, "code": code}}


def anthropic_error_body(name: str, message: str | None, request_id: str) -> Json:
    """Anthropic's error object for a scenario."""
    kind, said = _ANTHROPIC[name]
    return {"type": "error", "error": {"type": kind, "message": message or said}, "request_id": request_id}


OPENAI_ERRORS: Final = ErrorShape(openai_error_body)
ANTHROPIC_ERRORS: Final = ErrorShape(
    anthropic_error_body, ("anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-remaining")
)


def error_reply(scenario: Scenario, shape: ErrorShape, request_id: str) -> JsonReply:
    """The whole error answer, with the headers that tell a client when to try again."""
    status = scenario.status or 500
    if status == HTTPStatus.BAD_GATEWAY:
        # What stands in front of a provider knows nothing of the provider's shapes.
        return JsonReply(_GATEWAY, status, _retry_headers(scenario, status, shape) | {"content-type": "text/html"})
    body = shape.body(scenario.name, None, request_id)
    headers = _retry_headers(scenario, status, shape) | shape.headers(scenario.name)
    return json_reply(body, status=status, headers=headers)


def bad_request(message: str, shape: ErrorShape, request_id: str, *, status: int = 400) -> JsonReply:
    """The answer to a request that cannot be served."""
    name = f"error_{status}"
    return json_reply(shape.body(name, message, request_id), status=status, headers=shape.headers(name))


def _retry_headers(scenario: Scenario, status: int, shape: ErrorShape) -> dict[str, str]:
    if status not in (408, 409) and status < 429:
        return {}
    headers = {"retry-after-ms": str(scenario.retry_after_ms)}
    if status == 429:
        headers |= {"retry-after": str(-(-scenario.retry_after_ms // 1000))}
        headers |= dict(zip(shape.limit_headers, ("3", "0"), strict=True))
    return headers
